"""Exports in the control table, as `stores.interfaces.Exports` promises.

Every export is one item in a partition of its own, and stands in a `DatedList` until it is deleted or expires; the
results of its tasks lie in two more partitions. The due index has entries for its deadline, for the end of its files,
and for an event that may not have been published.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

import orjson
from pydantic import TypeAdapter

from chalicelib.errors import NewerSchema
from chalicelib.model.events import LifecycleEvent
from chalicelib.model.exports import ENDINGS, Export, ExportResult, ExportStage, ExportStatus, Progress
from chalicelib.model.ids import ExportId, TenantId
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.list_filters import EVERY_EXPORT, ExportFacets, ExportFilter
from chalicelib.model.status_changes import ExportChange
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.due_index import STALE_ENTRY_S, DueEntry, DueIndex, DueKind, set_postponed
from chalicelib.stores.dynamodb.event_log import DynamoDBEventLog
from chalicelib.stores.dynamodb.item_changes import Along, ItemChange
from chalicelib.stores.dynamodb.job_items import job_values
from chalicelib.stores.dynamodb.job_lists import JobLists
from chalicelib.stores.dynamodb.task_results import KEPT_S
from chalicelib.stores.dynamodb.watched_jobs import WatchedJobs
from chalicelib.stores.interfaces import Listing
from chalicelib.stores.paging import Clock

_NAMES = tuple(one.name for one in fields(Export))
_KEPT_AS_JSON = ("selection", "renderings", "options", "progress", "files")


class DynamoDBExports:
    """Keeps the promises of `stores.interfaces.Exports`."""

    def __init__(
        self, table: ControlTable, *, clock: Clock, limits: Limits = DEFAULT_LIMITS, log: DynamoDBEventLog | None = None
    ) -> None:
        self._table = table
        self._event_log = log or DynamoDBEventLog(table, clock=clock, kept_s=limits.event_log_s)
        self.lists: JobLists[Export] = JobLists(table, "EXPORTS", limits.job_retention_s, ExportFacets.of, _from_values)
        """Where its exports stand, of each tenant; `make migrate` lists older ones there."""
        self._due = DueIndex(table, DueKind.EXPORT)
        self._unpublished = DueIndex(table, DueKind.UNPUBLISHED_EXPORT)
        self._watched = WatchedJobs(table, "WATCHED-EXPORT")
        self._clock = clock

    def add(self, export: Export) -> bool:
        """Does what `Exports.add` promises."""
        values = {name: getattr(export, name) for name in _NAMES}
        pk, due = _pk(export.tenant_id, export.export_id), self._each_due_item(export, export.due_at)
        return self.lists.add(export, pk, values, now=self._clock(), along=due)

    def find(self, tenant_id: TenantId, export_id: ExportId) -> Export | None:
        """Does what `Exports.find` promises."""
        return _from_values(self._table.find(_pk(tenant_id, export_id)))

    def list_page(
        self, tenant_id: TenantId, wanted: ExportFilter = EVERY_EXPORT, *, page: int, per_page: int
    ) -> Listing[Export]:
        """Does what `Exports.list_page` promises."""
        return self.lists.list_page(tenant_id, wanted, page=page, per_page=per_page)

    def count_statuses(self, tenant_id: TenantId, *, since: int) -> dict[ExportStatus, int]:
        """Does what `Exports.count_statuses` promises."""
        statuses = self.lists.of(tenant_id).count(
            lambda facets: ExportStatus(ExportFacets(*facets).status), since=since
        )
        return dict(statuses)

    def change(self, tenant_id: TenantId, export_id: ExportId, change: ExportChange) -> Export | None:
        """Does what `Exports.change` promises."""
        for stored in self._table.each_try(_pk(tenant_id, export_id)):
            export = _from_values(stored)
            changed = change.applied_to(export) if export else None
            if export is None or changed is None:
                return None
            made = ItemChange.of_item(stored, change.values())
            if self.lists.change(export, changed, made, self._along(changed, change)):
                return changed
        return None

    def _along(self, changed: Export, change: ExportChange) -> Along:
        """What is written together with a change: when the export is due, or that its end is to be published."""
        due = self._each_due_item(changed, change.deadline_at, change.files_until)
        over = {changed.deadline_at, changed.files_until} - {changed.due_at, None}
        past = [self._due.key_of(_entry_of(changed, at)) for at in over if at is not None]
        entry = _entry_of(changed, change.at)
        unpublished = [self._unpublished.item_of(entry)] if change.to in ENDINGS else []
        watched = [self._watched.key_of(changed.tenant_id, changed.export_id)] if changed.is_final else []
        return Along(put=(*due, *unpublished), removed=(*past, *watched))

    def _each_due_item(self, export: Export, *times: int | None) -> Iterator[ItemValues]:
        return (self._due.item_of(_entry_of(export, at)) for at in dict.fromkeys(times) if at is not None)

    def report(self, tenant_id: TenantId, export_id: ExportId, progress: Progress, *, at: int) -> bool:
        """Does what `Exports.report` promises."""
        values = {"progress": progress, "updated_at": at}
        return self._set(tenant_id, export_id, values, [ExportStatus.PROCESSING]) is not None

    def rename(self, tenant_id: TenantId, export_id: ExportId, name: str | None, *, by: str, at: int) -> bool:
        """Does what `Exports.rename` promises."""
        values = {"name": name, "updated_by": by, "updated_at": at}
        return self._set(tenant_id, export_id, values, list(ExportStatus)) is not None

    def delete(self, tenant_id: TenantId, export_id: ExportId) -> bool:
        """Keeps `Exports.delete`. A marker stays for as long as exports do, since the id of a schedule's export is
        derived: a due time must not fire twice.
        """
        stored, now = self.find(tenant_id, export_id), int(self._clock())
        while stored is not None and stored.is_final:
            condition, parameters = _one_of([stored.status])
            pk = _pk(tenant_id, export_id)
            if self.lists.remove(stored, pk, now=now, condition=condition, parameters=parameters):
                return True
            stored = self.find(tenant_id, export_id)
        return False

    def each_due(self, now: int) -> Iterator[tuple[TenantId, ExportId]]:
        """Does what `Exports.each_due` promises."""
        for entry in self._due.each_before(now):
            if self._is_due(entry, now):
                yield entry.tenant_id, ExportId(entry.id)

    def _is_due(self, entry: DueEntry, now: int) -> bool:
        """Removes an entry that means nothing any more. An export that cannot be read is due: whoever reads it finds
        out."""
        try:
            export = self.find(entry.tenant_id, ExportId(entry.id))
        except (ValueError, NewerSchema):
            return True
        if export is not None and export.due_at == entry.due_at:
            return True
        if entry.due_at < now - STALE_ENTRY_S:
            self._due.remove(entry)
        return False

    def postpone(self, export: Export, *, until: int) -> Export | None:
        """Does what `Exports.postpone` promises."""
        self._due.put(_entry_of(export, until))
        pk = _pk(export.tenant_id, export.export_id)
        postponed = _from_values(set_postponed(self._table, pk, export, until))
        if postponed is not None and export.due_at not in (None, until):
            self._due.remove(DueEntry(export.due_at or 0, export.tenant_id, export.export_id))
        return postponed

    def watch(self, export: Export) -> None:
        """Does what `Exports.watch` promises."""
        self._watched.add(export.tenant_id, export.export_id)

    def unwatch(self, tenant_id: TenantId, export_id: ExportId) -> None:
        """Does what `Exports.unwatch` promises."""
        self._watched.remove(tenant_id, export_id)

    def each_watched(self, *, after: str | None = None) -> Iterator[tuple[TenantId, ExportId]]:
        """Does what `Exports.each_watched` promises."""
        return ((tenant_id, ExportId(job_id)) for tenant_id, job_id in self._watched.each(after=after))

    def each_unpublished(self, before: int) -> Iterator[Export]:
        """Does what `Exports.each_unpublished` promises."""
        for entry in self._unpublished.each_before(before):
            try:
                export = self.find(entry.tenant_id, ExportId(entry.id))
            except NewerSchema:
                continue
            if export is not None and export.unpublished_since == entry.due_at:
                yield export
            elif (export is not None and export.is_final) or entry.due_at < before - STALE_ENTRY_S:
                self._unpublished.remove(entry)

    def mark_published(self, export: Export, event: LifecycleEvent) -> None:
        """Does what `Exports.mark_published` promises."""
        if export.unpublished_since is None:
            return
        pk, parameters = _pk(export.tenant_id, export.export_id), {"published": export.unpublished_since}
        published = ItemChange(pk, {"unpublished_since": None}, "#unpublished_since = :published", parameters)
        entry = _entry_of(export, export.unpublished_since)
        if not self._event_log.append(event, published, self._unpublished.key_of(entry)):
            self._unpublished.remove(entry)

    def put_once(self, export_id: ExportId, result: ExportResult) -> bool:
        """Does what `Exports.put_once` promises."""
        item = {
            "pk": _results_pk(export_id, result.stage),
            "sk": _results_sk(result.task),
            "doc": orjson.dumps(result).decode(),
            "expires_at": int(self._clock()) + KEPT_S,
        }
        return self._table.put(item, condition="attribute_not_exists(#pk)")

    def find_result(self, export_id: ExportId, stage: ExportStage, task: int) -> ExportResult | None:
        """Does what `Exports.find_result` promises."""
        item = self._table.find(_results_pk(export_id, stage), _results_sk(task))
        return _results().validate_json(item["doc"]) if item else None

    def list_results(self, export_id: ExportId, stage: ExportStage) -> list[ExportResult]:
        """Does what `Exports.list_results` promises."""
        items = self._table.each_of(_results_pk(export_id, stage))
        return [_results().validate_json(item["doc"]) for item in items]

    def _set(
        self, tenant_id: TenantId, export_id: ExportId, values: Mapping[str, Any], statuses: Collection[ExportStatus]
    ) -> Export | None:
        """Returns the export afterwards, or None unless it has one of the statuses."""
        condition, parameters = _one_of(statuses)
        return _from_values(
            self._table.set(_pk(tenant_id, export_id), values, condition=condition, parameters=parameters)
        )


def _entry_of(export: Export, at: int) -> DueEntry:
    return DueEntry(at, export.tenant_id, export.export_id)


def _one_of(statuses: Collection[ExportStatus]) -> tuple[str, dict[str, Any]]:
    parameters = {f"status_{one}": one for one in statuses}
    return f"#status IN ({', '.join(f':{name}' for name in parameters)})", parameters


def _pk(tenant_id: TenantId, export_id: ExportId) -> str:
    return f"EXPORT#{tenant_id}#{export_id}"


def _results_pk(export_id: ExportId, stage: ExportStage) -> str:
    return f"EXPORTRESULT#{export_id}#{stage}"


def _results_sk(task: int) -> str:
    return f"{task:010d}"


def _from_values(values: ItemValues | None) -> Export | None:
    """Returns the export that an item holds; None for no item, and for the marker that a deletion leaves. Raises
    NewerSchema, and ValueError for an item that cannot be read.
    """
    found = job_values(values, _NAMES, _KEPT_AS_JSON)
    return None if found is None else _exports().validate_python(found)


@cache
def _exports() -> TypeAdapter[Export]:
    return TypeAdapter(Export)


@cache
def _results() -> TypeAdapter[ExportResult]:
    return TypeAdapter(ExportResult)
