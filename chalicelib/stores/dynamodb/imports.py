"""Imports in the control table; the promises are those of `stores.interfaces.Imports`.

One item an import, in a partition of its own, listed by the index `lists`. A watch stands beside it for every time at
which it becomes due; it is written before the import can be seen and removed after its end, so that a crash leaves a
watch too many at worst, which `each_due` clears away. In the same way an item stands for every ending that may have to
be announced; that it is owed is written with the final status itself, as `unpublished_since`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

import orjson
from pydantic import TypeAdapter

from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import FINAL, Import, Status
from chalicelib.model.problems import Problem
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.dynamodb.control_table import ControlTable, Plain
from chalicelib.stores.dynamodb.due_index import Watch, Watches, watches_of
from chalicelib.stores.interfaces import Listing
from chalicelib.stores.paging import Clock, time_key

DELETED_S = 30 * 24 * 3600
"""So long the id of a deleted import stays taken: an event that comes once more must not import its file again."""
STALE_WATCH_S = 20 * 60
"""A watch that fits no import may be one that is just being written; once it is as old as this, it is not."""
REPORTABLE = frozenset({Status.PROCESSING, Status.CANCELING})

_NAMES = tuple(one.name for one in fields(Import))
_KEPT_AS_JSON = frozenset(
    "column_mapping reading rules source phases stats findings notes problem_counts".split()  # noqa: SIM905 - names
)


class DynamoDBImports:
    """Keeps `stores.interfaces.Imports`."""

    def __init__(self, table: ControlTable, *, clock: Clock) -> None:
        self._table = table
        self._watches = Watches(table)
        self._owed = Watches(table, "OWED")
        self._clock = clock

    def add(self, import_: Import) -> bool:
        for watch in watches_of(import_):
            self._watches.put(watch)
        return self._table.put(_to_values(import_, self._clock()), condition="attribute_not_exists(#pk)")

    def find(self, tenant_id: TenantId, import_id: ImportId) -> Import | None:
        return _from_values(self._table.find(_pk(tenant_id, import_id)))

    def list_page(
        self,
        tenant_id: TenantId,
        *,
        page: int,
        per_page: int,
        resources: frozenset[str] | None = None,
        since: int = 0,
    ) -> Listing[Import]:
        """The keys of the whole list are read, a megabyte for some 7,000 imports, since the total is wanted too."""
        found = self._table.each_listed(_list_pk(tenant_id), since=time_key(since))
        listed = (str(item["list_sk"]).split("#") for item in found)
        chosen = [import_id for _, import_id, resource in listed if resources is None or resource in resources]
        start = (page - 1) * per_page
        pks = [_pk(tenant_id, ImportId(import_id)) for import_id in chosen[start : start + per_page]]
        stored = self._table.find_many(pks)
        imports = (_from_values(stored.get(pk)) for pk in pks)
        return Listing(tuple(one for one in imports if one is not None), total=len(chosen))

    def change(self, tenant_id: TenantId, import_id: ImportId, change: ImportChange) -> Import | None:
        if change.deadline_at is not None:
            self._watches.put(Watch(change.deadline_at, tenant_id, import_id))
        if change.to in FINAL:
            self._owed.put(Watch(change.at, tenant_id, import_id))
        changed = self._set(tenant_id, import_id, change.values(), change.predecessors, change.attempt)
        if changed is not None and changed.is_final:
            self._unwatch(changed)
        return changed

    def report(self, import_: Import) -> bool:
        values = {"phases": import_.phases, "stats": import_.stats, "updated_at": import_.updated_at}
        return self._set(import_.tenant_id, import_.import_id, values, REPORTABLE, import_.attempt) is not None

    def rename(self, tenant_id: TenantId, import_id: ImportId, name: str | None, *, by: str, at: int) -> bool:
        values = {"name": name, "updated_by": by, "updated_at": at}
        return self._set(tenant_id, import_id, values, frozenset(Status)) is not None

    def note(self, import_: Import, notes: tuple[Problem, ...]) -> bool:
        condition, facts = _one_of(frozenset(Status))
        unchanged = "attribute_not_exists(#notes) OR #notes = :notes_before"
        pk, facts = _pk(import_.tenant_id, import_.import_id), {**facts, "notes_before": import_.notes}
        condition = f"{condition} AND ({unchanged})"
        return self._table.set(pk, {"notes": notes}, condition=condition, facts=facts) is not None

    def delete(self, tenant_id: TenantId, import_id: ImportId) -> bool:
        now = int(self._clock())
        marker = {"pk": _pk(tenant_id, import_id), "sk": "-", "deleted_at": now, "expires_at": now + DELETED_S}
        condition, facts = _one_of(FINAL)
        return self._table.put(marker, condition=condition, facts=facts)

    def each_due(self, now: int) -> Iterator[tuple[TenantId, ImportId]]:
        for watch in self._watches.each_before(now):
            import_ = self.find(watch.tenant_id, ImportId(watch.id))
            if import_ is not None and not import_.is_final and import_.due_at == watch.due_at:
                yield watch.tenant_id, ImportId(watch.id)
            elif (import_ is not None and import_.is_final) or watch.due_at < now - STALE_WATCH_S:
                self._watches.remove(watch)

    def each_unpublished(self, before: int) -> Iterator[Import]:
        for watch in self._owed.each_before(before):
            import_ = self.find(watch.tenant_id, ImportId(watch.id))
            if import_ is not None and import_.unpublished_since == watch.due_at:
                yield import_
            elif (import_ is not None and import_.is_final) or watch.due_at < before - STALE_WATCH_S:
                self._owed.remove(watch)

    def mark_published(self, import_: Import) -> None:
        if import_.unpublished_since is None:
            return
        pk, facts = _pk(import_.tenant_id, import_.import_id), {"told": import_.unpublished_since}
        self._table.set(pk, {"unpublished_since": None}, condition="#unpublished_since = :told", facts=facts)
        self._owed.remove(Watch(import_.unpublished_since, import_.tenant_id, import_.import_id))

    def _set(
        self,
        tenant_id: TenantId,
        import_id: ImportId,
        values: Mapping[str, Any],
        statuses: Collection[Status],
        attempt: int | None = None,
    ) -> Import | None:
        """The import afterwards; None unless it has one of the statuses, and the attempt."""
        if not statuses:
            return None
        condition, facts = _one_of(statuses)
        if attempt is not None:
            condition, facts = f"{condition} AND #attempt = :attempt_meant", {**facts, "attempt_meant": attempt}
        return _from_values(self._table.set(_pk(tenant_id, import_id), values, condition=condition, facts=facts))

    def _unwatch(self, import_: Import) -> None:
        for watch in watches_of(import_):
            self._watches.remove(watch)


def _one_of(statuses: Collection[Status]) -> tuple[str, dict[str, Any]]:
    facts = {f"status_{one}": one for one in statuses}
    return f"#status IN ({', '.join(f':{name}' for name in facts)})", facts


def _pk(tenant_id: TenantId, import_id: ImportId) -> str:
    return f"IMPORT#{tenant_id}#{import_id}"


def _list_pk(tenant_id: TenantId) -> str:
    return f"IMPORTS#{tenant_id}"


def _to_values(import_: Import, now: float) -> Plain:
    keys = {
        "pk": _pk(import_.tenant_id, import_.import_id),
        "sk": "-",
        "list_pk": _list_pk(import_.tenant_id),
        "list_sk": f"{time_key(import_.created_at, now)}#{import_.import_id}#{import_.resource}",
    }
    return {**keys, **{name: getattr(import_, name) for name in _NAMES}}


def _from_values(values: Plain | None) -> Import | None:
    """None also for what a deletion leaves."""
    if values is None or "status" not in values:
        return None
    plain = {name: value for name, value in values.items() if name in _NAMES}
    return _adapter().validate_python(
        plain | {name: orjson.loads(plain[name]) for name in _KEPT_AS_JSON if name in plain}
    )


@cache
def _adapter() -> TypeAdapter[Import]:
    return TypeAdapter(Import)
