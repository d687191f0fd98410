"""Exports in the control table; the promises are those of `stores.interfaces.Exports`.

One item an export, in a partition of its own, listed by the index `lists`; its tasks' results lie in two more
partitions. Watches are written before what they watch can be seen, so that a crash leaves one too many at worst, which
`each_due` clears away.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

import orjson
from pydantic import TypeAdapter

from chalicelib.model.exports import ENDINGS, Export, ExportResult, ExportStage, ExportStatus, Progress
from chalicelib.model.ids import ExportId, TenantId
from chalicelib.model.status_changes import ExportChange
from chalicelib.stores.dynamodb.control_table import ControlTable, Plain
from chalicelib.stores.dynamodb.due_index import Watch, Watches
from chalicelib.stores.dynamodb.imports import STALE_WATCH_S
from chalicelib.stores.dynamodb.task_results import KEPT_S
from chalicelib.stores.interfaces import Listing
from chalicelib.stores.paging import Clock, time_key

WATCHES = "EXPORTWATCH"
OWED = "OWED-EXPORT"
ENDED = frozenset(ExportStatus) - {ExportStatus.QUEUED, ExportStatus.PROCESSING}

_NAMES = tuple(one.name for one in fields(Export))
_KEPT_AS_JSON = ("selection", "renderings", "options", "progress", "files")


class DynamoDBExports:
    """Keeps `stores.interfaces.Exports`."""

    def __init__(self, table: ControlTable, *, clock: Clock) -> None:
        self._table = table
        self._watches = Watches(table, WATCHES)
        self._owed = Watches(table, OWED)
        self._clock = clock

    def add(self, export: Export) -> bool:
        self._watch(export.tenant_id, export.export_id, export.due_at)
        return self._table.put(_to_values(export, self._clock()), condition="attribute_not_exists(#pk)")

    def find(self, tenant_id: TenantId, export_id: ExportId) -> Export | None:
        return _from_values(self._table.find(_pk(tenant_id, export_id)))

    def list_page(
        self, tenant_id: TenantId, *, page: int, per_page: int, resources: frozenset[str] | None = None
    ) -> Listing[Export]:
        """The keys of the whole list are read, since the total is wanted too."""
        listed = (str(item["list_sk"]).split("#") for item in self._table.each_listed(_list_pk(tenant_id)))
        chosen = [export_id for _, export_id, resource in listed if resources is None or resource in resources]
        start = (page - 1) * per_page
        pks = [_pk(tenant_id, ExportId(export_id)) for export_id in chosen[start : start + per_page]]
        stored = self._table.find_many(pks)
        found = (_from_values(stored.get(pk)) for pk in pks)
        return Listing(tuple(one for one in found if one is not None), total=len(chosen))

    def change(self, tenant_id: TenantId, export_id: ExportId, change: ExportChange) -> Export | None:
        self._watch(tenant_id, export_id, change.files_until)
        if change.to in ENDINGS:
            self._owed.put(Watch(change.at, tenant_id, export_id))
        changed = self._set(tenant_id, export_id, change.values(), change.predecessors)
        if changed is not None:
            self._unwatch(changed)
        return changed

    def report(self, tenant_id: TenantId, export_id: ExportId, progress: Progress, *, at: int) -> bool:
        values = {"progress": progress, "updated_at": at}
        return self._set(tenant_id, export_id, values, [ExportStatus.PROCESSING]) is not None

    def rename(self, tenant_id: TenantId, export_id: ExportId, name: str | None, *, by: str, at: int) -> bool:
        values = {"name": name, "updated_by": by, "updated_at": at}
        return self._set(tenant_id, export_id, values, list(ExportStatus)) is not None

    def delete(self, tenant_id: TenantId, export_id: ExportId) -> bool:
        """The mark stays for ever where the id was derived: what has fired once must not fire again."""
        marker = {"pk": _pk(tenant_id, export_id), "sk": "-", "deleted_at": int(self._clock())}
        condition, facts = _one_of(ENDED)
        return self._table.put(marker, condition=condition, facts=facts)

    def each_due(self, now: int) -> Iterator[tuple[TenantId, ExportId]]:
        for watch in self._watches.each_before(now):
            export = self.find(watch.tenant_id, ExportId(watch.id))
            if export is not None and export.due_at == watch.due_at:
                yield export.tenant_id, export.export_id
            elif watch.due_at < now - STALE_WATCH_S:
                self._watches.remove(watch)

    def each_unpublished(self, before: int) -> Iterator[Export]:
        for watch in self._owed.each_before(before):
            export = self.find(watch.tenant_id, ExportId(watch.id))
            if export is not None and export.unpublished_since == watch.due_at:
                yield export
            elif (export is not None and export.is_final) or watch.due_at < before - STALE_WATCH_S:
                self._owed.remove(watch)

    def mark_published(self, export: Export) -> None:
        if export.unpublished_since is None:
            return
        pk, facts = _pk(export.tenant_id, export.export_id), {"told": export.unpublished_since}
        self._table.set(pk, {"unpublished_since": None}, condition="#unpublished_since = :told", facts=facts)
        self._owed.remove(Watch(export.unpublished_since, export.tenant_id, export.export_id))

    def put_once(self, export_id: ExportId, result: ExportResult) -> bool:
        item = {
            "pk": _results_pk(export_id, result.stage),
            "sk": _results_sk(result.task),
            "doc": orjson.dumps(result).decode(),
            "expires_at": int(self._clock()) + KEPT_S,
        }
        return self._table.put(item, condition="attribute_not_exists(#pk)")

    def find_result(self, export_id: ExportId, stage: ExportStage, task: int) -> ExportResult | None:
        item = self._table.find(_results_pk(export_id, stage), _results_sk(task))
        return _results().validate_json(item["doc"]) if item else None

    def list_results(self, export_id: ExportId, stage: ExportStage) -> list[ExportResult]:
        items = self._table.each_of(_results_pk(export_id, stage))
        return [_results().validate_json(item["doc"]) for item in items]

    def _set(
        self, tenant_id: TenantId, export_id: ExportId, values: Mapping[str, Any], statuses: Collection[ExportStatus]
    ) -> Export | None:
        """The export afterwards; None unless it has one of the statuses."""
        if not statuses:
            return None
        condition, facts = _one_of(statuses)
        return _from_values(self._table.set(_pk(tenant_id, export_id), values, condition=condition, facts=facts))

    def _watch(self, tenant_id: TenantId, export_id: ExportId, due_at: int | None) -> None:
        if due_at is not None:
            self._watches.put(Watch(due_at, tenant_id, export_id))

    def _unwatch(self, export: Export) -> None:
        """Times at which nothing is due any more."""
        over = {export.deadline_at, export.files_until} - {export.due_at, None}
        for due_at in over:
            if due_at is not None:
                self._watches.remove(Watch(due_at, export.tenant_id, export.export_id))


def _one_of(statuses: Collection[ExportStatus]) -> tuple[str, dict[str, Any]]:
    facts = {f"status_{one}": one for one in statuses}
    return f"#status IN ({', '.join(f':{name}' for name in facts)})", facts


def _pk(tenant_id: TenantId, export_id: ExportId) -> str:
    return f"EXPORT#{tenant_id}#{export_id}"


def _list_pk(tenant_id: TenantId) -> str:
    return f"EXPORTS#{tenant_id}"


def _results_pk(export_id: ExportId, stage: ExportStage) -> str:
    return f"EXPORTRESULT#{export_id}#{stage}"


def _results_sk(task: int) -> str:
    return f"{task:010d}"


def _to_values(export: Export, now: float) -> Plain:
    keys = {
        "pk": _pk(export.tenant_id, export.export_id),
        "sk": "-",
        "list_pk": _list_pk(export.tenant_id),
        "list_sk": f"{time_key(export.created_at, now)}#{export.export_id}#{export.resource}",
    }
    return {**keys, **{name: getattr(export, name) for name in _NAMES}}


def _from_values(values: Plain | None) -> Export | None:
    """None also for what a deletion leaves."""
    if values is None or "status" not in values:
        return None
    plain = {name: value for name, value in values.items() if name in _NAMES}
    return _exports().validate_python(
        plain | {name: orjson.loads(plain[name]) for name in _KEPT_AS_JSON if name in plain}
    )


@cache
def _exports() -> TypeAdapter[Export]:
    return TypeAdapter(Export)


@cache
def _results() -> TypeAdapter[ExportResult]:
    return TypeAdapter(ExportResult)
