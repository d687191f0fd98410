"""Imports in the control table, as `stores.interfaces.Imports` promises.

Every import is one item in a partition of its own, and stands in a `DatedList` until it is deleted or expires. Its id
stays taken for as long again: an event that comes once more must not import its file again. The due index has an entry
for every time at which an import becomes due, and one from the moment it ends until its event has been published;
`unpublished_since` is written together with the final status itself, as `source_until` is, with an entry for it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.errors import NewerSchema
from chalicelib.model.children import Occupation, may_be_followed_by
from chalicelib.model.events import LifecycleEvent
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import FINAL, Import, Status
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.list_filters import EVERY_IMPORT, ImportFacets, ImportFilter
from chalicelib.model.problems import Problem
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.due_index import STALE_ENTRY_S, DueEntry, DueIndex, DueKind, set_postponed
from chalicelib.stores.dynamodb.event_log import DynamoDBEventLog
from chalicelib.stores.dynamodb.import_items import from_values, is_unchanged, one_of, pk_of, to_values
from chalicelib.stores.dynamodb.item_changes import Along, ItemChange
from chalicelib.stores.dynamodb.job_lists import JobLists
from chalicelib.stores.dynamodb.watched_jobs import WatchedJobs
from chalicelib.stores.interfaces import Listing
from chalicelib.stores.interfaces.imports import KEPT, NOTHING, REDRIVEN, REPORTED
from chalicelib.stores.paging import Clock

REPORTABLE = frozenset({Status.PROCESSING, Status.CANCELING})
"""Statuses in which tasks may report progress."""


class DynamoDBImports:
    """Keeps the promises of `stores.interfaces.Imports`."""

    def __init__(
        self, table: ControlTable, *, clock: Clock, limits: Limits = DEFAULT_LIMITS, log: DynamoDBEventLog | None = None
    ) -> None:
        self._table = table
        self._event_log = log or DynamoDBEventLog(table, clock=clock, kept_s=limits.event_log_s)
        self.lists: JobLists[Import] = JobLists(table, "IMPORTS", limits.job_retention_s, ImportFacets.of, from_values)
        """Where its imports stand, of each tenant; `make migrate` lists older ones there."""
        self._due = DueIndex(table, DueKind.IMPORT)
        self._unpublished = DueIndex(table, DueKind.UNPUBLISHED_IMPORT)
        self._kept_sources = DueIndex(table, DueKind.KEPT_SOURCE)
        self._watched = WatchedJobs(table, "WATCHED-IMPORT")
        self._clock = clock

    def add(self, import_: Import, /, *, is_watched: bool = False) -> bool:
        """Does what `Imports.add` promises."""
        pk, now = pk_of(import_.tenant_id, import_.import_id), self._clock()
        watched = [self._watched.item_of(import_.tenant_id, import_.import_id)] if is_watched else []
        return self.lists.add(import_, pk, to_values(import_), now=now, along=(*self._each_entry(import_), *watched))

    def _each_entry(self, import_: Import) -> Iterator[ItemValues]:
        """Of the due index, what is to be published, and sources that are to go, for an import as it is."""
        for entry in () if import_.is_final else _due_entries_of(import_):
            yield self._due.item_of(entry)
        if import_.unpublished_since is not None:
            yield self._unpublished.item_of(_entry_of(import_, import_.unpublished_since))
        if import_.source_until is not None:
            yield self._kept_sources.item_of(_entry_of(import_, import_.source_until))

    def find(self, tenant_id: TenantId, import_id: ImportId) -> Import | None:
        """Does what `Imports.find` promises."""
        return from_values(self._table.find(pk_of(tenant_id, import_id)))

    def list_page(
        self, tenant_id: TenantId, wanted: ImportFilter = EVERY_IMPORT, *, page: int, per_page: int
    ) -> Listing[Import]:
        """Does what `Imports.list_page` promises."""
        return self.lists.list_page(tenant_id, wanted, page=page, per_page=per_page)

    def count_statuses(self, tenant_id: TenantId, *, since: int) -> dict[Status, int]:
        """Does what `Imports.count_statuses` promises."""
        statuses = self.lists.of(tenant_id).count(lambda facets: Status(ImportFacets(*facets).status), since=since)
        return dict(statuses)

    def change(self, tenant_id: TenantId, import_id: ImportId, change: ImportChange) -> Import | None:
        """Does what `Imports.change` promises."""
        pk = pk_of(tenant_id, import_id)
        for stored in self._table.each_try(pk):
            import_ = from_values(stored)
            changed = change.applied_to(import_) if import_ else None
            if import_ is None or changed is None:
                return None
            made = ItemChange.of_item(stored, change.values())
            if self.lists.change(import_, changed, made, self._along(changed, change)):
                return changed
        return None

    def change_known(self, import_: Import, change: ImportChange, *, is_watched: bool = False) -> Import | None:
        """Does what `Imports.change_known` promises."""
        changed = change.applied_to(import_)
        if changed is None:
            return None
        known = {"status": import_.status, "attempt": import_.attempt, "deadline_at": import_.deadline_at}
        parameters = {f"{name}_meant": value for name, value in known.items() if value is not None}
        absent = {name for name, value in known.items() if value is None} | {"postponed_until"}
        is_known = [f"#{name} = :{name}_meant" for name in known if name not in absent]
        condition = " AND ".join([*is_known, *(f"attribute_not_exists(#{name})" for name in sorted(absent))])
        whole = ItemChange(pk_of(import_.tenant_id, import_.import_id), change.values(), condition, parameters)
        if changed.is_final:
            watched = [self._watched.key_of(import_.tenant_id, import_.import_id)] if is_watched else []
            past = map(self._due.key_of, _due_entries_of(import_))
            along = Along(put=self._each_entry(changed), removed=(*past, *watched))
        else:
            along = self._along(changed, change)
        return changed if self.lists.change(import_, changed, whole, along) else None

    def _along(self, changed: Import, change: ImportChange) -> Along:
        """What is written together with a change: when the import is due, or that its end is to be published."""
        if not changed.is_final:
            due = [] if change.deadline_at is None else [_entry_of(changed, change.deadline_at)]
            watched = [self._watched.item_of(changed.tenant_id, changed.import_id)] if change.is_watched else []
            return Along(put=(*map(self._due.item_of, due), *watched))
        past = map(self._due.key_of, _due_entries_of(changed))
        key = self._watched.key_of(changed.tenant_id, changed.import_id)
        return Along(put=self._each_entry(changed), removed=(*past, key))

    def report(self, import_: Import) -> bool:
        """Does what `Imports.report` promises."""
        values = {name: getattr(import_, name) for name in REPORTED}
        return self._set(import_.tenant_id, import_.import_id, values, REPORTABLE, import_.attempt) is not None

    def keep_work(self, import_: Import) -> Import | None:
        """Does what `Imports.keep_work` promises."""
        revision, (condition, parameters) = import_.work_revision, one_of(REPORTABLE)
        values = {name: getattr(import_, name) for name in KEPT} | {"work_revision": revision + 1}
        whole = f"{condition} AND #attempt = :attempt_meant AND {is_unchanged('work_revision', revision)}"
        parameters |= {"attempt_meant": import_.attempt, "work_revision_before": revision}
        pk = pk_of(import_.tenant_id, import_.import_id)
        return from_values(self._table.set(pk, values, condition=whole, parameters=parameters))

    def rename(self, tenant_id: TenantId, import_id: ImportId, name: str | None, *, by: str, at: int) -> bool:
        """Does what `Imports.rename` promises."""
        values = {"name": name, "updated_by": by, "updated_at": at}
        return self._set(tenant_id, import_id, values, frozenset(Status)) is not None

    def occupy(self, tenant_id: TenantId, import_id: ImportId, occupation: Occupation) -> Import | None:
        """Does what `Imports.occupy` promises."""
        condition, parameters = one_of(FINAL)
        absent = [f"attribute_not_exists(#{name})" for name in ("busy_with", *occupation.demands_absent)]
        unchanged = [is_unchanged(name, value) for name, value in occupation.demands_unchanged.items()]
        parameters |= {f"{name}_before": value for name, value in occupation.demands_unchanged.items()}
        values = {"busy_with": occupation.busy_with, **occupation.values}
        whole = " AND ".join([condition, *absent, *unchanged])
        return from_values(self._table.set(pk_of(tenant_id, import_id), values, condition=whole, parameters=parameters))

    def release(
        self, tenant_id: TenantId, import_id: ImportId, child_id: ImportId, values: Mapping[str, Any] = NOTHING
    ) -> Import | None:
        """Does what `Imports.release` promises. What the child tells may be another status."""
        released = {**values, "busy_with": None}
        for stored in self._table.each_try(pk_of(tenant_id, import_id)):
            import_ = from_values(stored)
            if import_ is None or import_.busy_with != child_id:
                return None
            after = replace(import_, **released)
            if self.lists.change(import_, after, ItemChange.of_item(stored, released), Along()):
                return after
        return None

    def redrive(self, again: Import) -> Import | None:
        """Does what `Imports.redrive` promises."""
        values = {name: getattr(again, name) for name in REDRIVEN}
        for stored in self._table.each_try(pk_of(again.tenant_id, again.import_id)):
            import_ = from_values(stored)
            if import_ is None or not may_be_followed_by(import_, again):
                return None
            watched = self._watched.item_of(again.tenant_id, again.import_id)
            change, along = ItemChange.of_item(stored, values), Along(put=(*self._each_entry(again), watched))
            if self.lists.change(import_, after := replace(import_, **values), change, along):
                return after
        return None

    def revise(self, import_: Import, values: Mapping[str, Any]) -> Import | None:
        """Does what `Imports.revise` promises."""
        revised = replace(import_, **values, revision=import_.revision + 1)
        condition, parameters = one_of({Status.REQUESTED})
        is_meant = "attribute_not_exists(#revision) OR #revision = :revision_meant"  # added before there were any
        change = ItemChange(
            pk_of(import_.tenant_id, import_.import_id),
            {**values, "revision": revised.revision},
            f"{condition} AND ({is_meant})",
            {**parameters, "revision_meant": import_.revision},
        )
        new = [] if revised.due_at == import_.due_at else [*self._each_entry(revised)]
        is_done = self.lists.change(import_, revised, change, Along(put=new))
        return self.find(import_.tenant_id, import_.import_id) if is_done else None

    def note(self, import_: Import, notes: tuple[Problem, ...]) -> bool:
        """Does what `Imports.note` promises."""
        condition, parameters = one_of(frozenset(Status))
        whole = f"{condition} AND {is_unchanged('notes', import_.notes)}"
        pk, parameters = pk_of(import_.tenant_id, import_.import_id), {**parameters, "notes_before": import_.notes}
        return self._table.set(pk, {"notes": notes}, condition=whole, parameters=parameters) is not None

    def delete(self, tenant_id: TenantId, import_id: ImportId) -> bool:
        """Does what `Imports.delete` promises."""
        return self._remove(tenant_id, import_id, FINAL)

    def discard(self, tenant_id: TenantId, import_id: ImportId) -> bool:
        """Does what `Imports.discard` promises."""
        return self._remove(tenant_id, import_id, {Status.REQUESTED})

    def _remove(self, tenant_id: TenantId, import_id: ImportId, statuses: Collection[Status]) -> bool:
        stored, now = self.find(tenant_id, import_id), int(self._clock())
        if stored is None or stored.status not in statuses:
            return False
        condition, parameters = one_of({stored.status})
        pk = pk_of(tenant_id, import_id)
        return self.lists.remove(stored, pk, now=now, condition=condition, parameters=parameters)

    def each_due(self, now: int) -> Iterator[tuple[TenantId, ImportId]]:
        """Does what `Imports.each_due` promises."""
        for entry in self._due.each_before(now):
            if self._is_due(entry, now):
                yield entry.tenant_id, ImportId(entry.id)

    def _is_due(self, entry: DueEntry, now: int) -> bool:
        """Removes an entry that means nothing any more. An import that cannot be read is due: whoever reads it finds
        out."""
        try:
            import_ = self.find(entry.tenant_id, ImportId(entry.id))
        except (ValueError, NewerSchema):
            return True
        if import_ is not None and not import_.is_final and import_.due_at == entry.due_at:
            return True
        if (import_ is not None and import_.is_final) or entry.due_at < now - STALE_ENTRY_S:
            self._due.remove(entry)
        return False

    def postpone(self, import_: Import, *, until: int) -> Import | None:
        """Does what `Imports.postpone` promises."""
        self._due.put(DueEntry(until, import_.tenant_id, import_.import_id))
        pk = pk_of(import_.tenant_id, import_.import_id)
        postponed = from_values(set_postponed(self._table, pk, import_, until))
        if postponed is not None and import_.due_at not in (None, until):
            self._due.remove(DueEntry(import_.due_at or 0, import_.tenant_id, import_.import_id))
        return postponed

    def watch(self, import_: Import) -> None:
        """Does what `Imports.watch` promises."""
        self._watched.add(import_.tenant_id, import_.import_id)

    def unwatch(self, tenant_id: TenantId, import_id: ImportId) -> None:
        """Does what `Imports.unwatch` promises."""
        self._watched.remove(tenant_id, import_id)

    def each_watched(self, *, after: str | None = None) -> Iterator[tuple[TenantId, ImportId]]:
        """Does what `Imports.each_watched` promises."""
        return ((tenant_id, ImportId(job_id)) for tenant_id, job_id in self._watched.each(after=after))

    def each_unpublished(self, before: int) -> Iterator[Import]:
        """Does what `Imports.each_unpublished` promises."""
        for entry in self._unpublished.each_before(before):
            try:
                import_ = self.find(entry.tenant_id, ImportId(entry.id))
            except NewerSchema:
                continue
            if import_ is not None and import_.unpublished_since == entry.due_at:
                yield import_
            elif (import_ is not None and import_.is_final) or entry.due_at < before - STALE_ENTRY_S:
                self._unpublished.remove(entry)

    def each_kept_source(self, before: int) -> Iterator[Import]:
        """Does what `Imports.each_kept_source` promises."""
        for entry in self._kept_sources.each_before(before):
            try:
                import_ = self.find(entry.tenant_id, ImportId(entry.id))
            except NewerSchema:
                continue
            if import_ is not None and import_.source_until == entry.due_at:
                yield import_
            else:
                self._kept_sources.remove(entry)

    def forget_source(self, import_: Import) -> None:
        """Does what `Imports.forget_source` promises."""
        if (until := import_.source_until) is None:
            return
        pk, meant = pk_of(import_.tenant_id, import_.import_id), {"until_meant": until}
        self._table.set(pk, {"source_until": None}, condition="#source_until = :until_meant", parameters=meant)
        self._kept_sources.remove(_entry_of(import_, until))

    def mark_published(self, import_: Import, event: LifecycleEvent) -> None:
        """Does what `Imports.mark_published` promises."""
        if (since := import_.unpublished_since) is None:
            return
        pk, entry = pk_of(import_.tenant_id, import_.import_id), _entry_of(import_, since)
        condition, parameters = one_of(FINAL if import_.is_final else frozenset(Status) - FINAL)
        condition, parameters = f"{condition} AND #unpublished_since = :since", {**parameters, "since": since}
        published = ItemChange(pk, {"unpublished_since": None}, condition, parameters)
        is_done = self._event_log.append(event, published, self._unpublished.key_of(entry))
        if not is_done and import_.is_final:  # else it may have ended within the second in which it was held
            self._unpublished.remove(entry)

    def _set(
        self,
        tenant_id: TenantId,
        import_id: ImportId,
        values: Mapping[str, Any],
        statuses: Collection[Status],
        attempt: int | None = None,
    ) -> Import | None:
        """Returns the import afterwards, or None unless it has one of the statuses, and the attempt."""
        condition, parameters = one_of(statuses)
        if attempt is not None:
            condition += " AND #attempt = :attempt_meant"
            parameters["attempt_meant"] = attempt
        return from_values(
            self._table.set(pk_of(tenant_id, import_id), values, condition=condition, parameters=parameters)
        )


def _due_entries_of(import_: Import) -> set[DueEntry]:
    """Returns entries for all times at which the import is, or was, due."""
    times = {import_.upload_expires_at, import_.held_until, import_.deadline_at, import_.due_at} - {None}
    return {_entry_of(import_, at) for at in times if at is not None}


def _entry_of(import_: Import, at: int) -> DueEntry:
    return DueEntry(at, import_.tenant_id, import_.import_id)
