"""Exports and what their tasks report, in memory; the promises are those of `stores.interfaces.Exports`."""

import time
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from threading import RLock

from chalicelib.model.events import LifecycleEvent
from chalicelib.model.exports import Export, ExportResult, ExportStage, ExportStatus, Progress
from chalicelib.model.ids import ExportId, TenantId
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.list_filters import EVERY_EXPORT, ExportFacets, ExportFilter
from chalicelib.model.status_changes import ExportChange
from chalicelib.stores.interfaces import Listing
from chalicelib.stores.memory.event_log import MemoryEventLog
from chalicelib.stores.memory.job_lists import is_kept, list_jobs, page_of
from chalicelib.stores.memory.usage import MemoryUsage
from chalicelib.stores.paging import Clock


class MemoryExports:
    """Keeps the promises of `stores.interfaces.Exports`."""

    def __init__(
        self,
        *,
        clock: Clock = time.time,
        limits: Limits = DEFAULT_LIMITS,
        log: MemoryEventLog | None = None,
        usage: MemoryUsage | None = None,
    ) -> None:
        self._usage = usage or MemoryUsage()
        self.event_log = log or MemoryEventLog(clock=clock, kept_s=limits.event_log_s)
        self._lock = RLock()
        self._clock = clock
        self._kept_s = limits.job_retention_s
        self._exports: dict[tuple[TenantId, ExportId], Export | None] = {}
        """None marks a deleted one, whose id stays taken."""
        self._watched: set[tuple[TenantId, ExportId]] = set()
        self._results: dict[tuple[ExportId, ExportStage], dict[int, ExportResult]] = {}

    def add(self, export: Export) -> bool:
        """Does what `Exports.add` promises."""
        key = (export.tenant_id, export.export_id)
        with self._lock:
            is_new = key not in self._exports
            if is_new:
                self._exports[key] = deepcopy(export)
                self._usage.note(None, export)
        return is_new

    def find(self, tenant_id: TenantId, export_id: ExportId) -> Export | None:
        """Does what `Exports.find` promises."""
        with self._lock:
            stored = self._exports.get((tenant_id, export_id))
            return deepcopy(stored) if stored and self._is_there(stored) else None

    def list_page(
        self, tenant_id: TenantId, wanted: ExportFilter = EVERY_EXPORT, *, page: int, per_page: int
    ) -> Listing[Export]:
        """Does what `Exports.list_page` promises."""
        return page_of(self._listed(tenant_id, wanted), page=page, per_page=per_page)

    def count_statuses(self, tenant_id: TenantId, *, since: int) -> dict[ExportStatus, int]:
        """Does what `Exports.count_statuses` promises."""
        return dict(Counter(one.status for one in self._listed(tenant_id, ExportFilter(since=since))))

    def _listed(self, tenant_id: TenantId, wanted: ExportFilter) -> list[Export]:
        with self._lock:
            listed = list_jobs(self._exports.values(), tenant_id, wanted, ExportFacets.of)
            return [one for one in listed if self._is_there(one)]

    def _is_there(self, export: Export) -> bool:
        return is_kept(export, self._kept_s, self._clock())

    def change(self, tenant_id: TenantId, export_id: ExportId, change: ExportChange) -> Export | None:
        """Does what `Exports.change` promises."""
        with self._lock:
            stored = self._exports.get((tenant_id, export_id))
            changed = change.applied_to(stored) if stored else None
            if changed:
                self._exports[tenant_id, export_id] = changed
                self._usage.note(stored, changed)
            if changed and changed.is_final:
                self._watched.discard((tenant_id, export_id))
        return deepcopy(changed)

    def report(self, tenant_id: TenantId, export_id: ExportId, progress: Progress, *, at: int) -> bool:
        """Does what `Exports.report` promises."""
        with self._lock:
            stored = self._exports.get((tenant_id, export_id))
            if stored is None or stored.status is not ExportStatus.PROCESSING:
                return False
            self._exports[tenant_id, export_id] = replace(stored, progress=progress, updated_at=at)
        return True

    def rename(self, tenant_id: TenantId, export_id: ExportId, name: str | None, *, by: str, at: int) -> bool:
        """Does what `Exports.rename` promises."""
        with self._lock:
            stored = self._exports.get((tenant_id, export_id))
            if stored is None:
                return False
            self._exports[tenant_id, export_id] = replace(stored, name=name, updated_by=by, updated_at=at)
        return True

    def delete(self, tenant_id: TenantId, export_id: ExportId) -> bool:
        """Does what `Exports.delete` promises."""
        with self._lock:
            stored = self._exports.get((tenant_id, export_id))
            if stored is None or not stored.is_final:
                return False
            self._exports[tenant_id, export_id] = None
        return True

    def postpone(self, export: Export, *, until: int) -> Export | None:
        """Does what `Exports.postpone` promises."""
        key = (export.tenant_id, export.export_id)
        with self._lock:
            stored = self._exports.get(key)
            if stored is None or (stored.status, stored.end_tries) != (export.status, export.end_tries):
                return None
            self._exports[key] = replace(stored, end_tries=stored.end_tries + 1, postponed_until=until)
        return self.find(*key)

    def watch(self, export: Export) -> None:
        """Does what `Exports.watch` promises."""
        with self._lock:
            self._watched.add((export.tenant_id, export.export_id))

    def unwatch(self, tenant_id: TenantId, export_id: ExportId) -> None:
        """Does what `Exports.unwatch` promises."""
        with self._lock:
            self._watched.discard((tenant_id, export_id))

    def each_watched(self, *, after: str | None = None) -> Iterator[tuple[TenantId, ExportId]]:
        """Does what `Exports.each_watched` promises."""
        with self._lock:
            watched = sorted(self._watched, key="#".join)
        yield from (one for one in watched if after is None or "#".join(one) > after)

    def each_unpublished(self, before: int) -> Iterator[Export]:
        """Does what `Exports.each_unpublished` promises."""
        with self._lock:
            stored = [deepcopy(one) for one in self._exports.values() if one is not None]
        owed = [(one.unpublished_since, one.export_id, one) for one in stored if one.unpublished_since is not None]
        yield from (one for at, _, one in sorted(owed, key=lambda one: one[:2]) if at < before)

    def mark_published(self, export: Export, event: LifecycleEvent) -> None:
        """Does what `Exports.mark_published` promises."""
        if export.unpublished_since is None:
            return
        key = (export.tenant_id, export.export_id)
        with self._lock:
            self.event_log.append(event)
            stored = self._exports.get(key)
            if stored is not None and stored.unpublished_since == export.unpublished_since:
                self._exports[key] = replace(stored, unpublished_since=None)

    def each_due(self, now: int) -> Iterator[tuple[TenantId, ExportId]]:
        """Does what `Exports.each_due` promises."""
        with self._lock:
            stored = [one for one in self._exports.values() if one is not None]
        for one in sorted(stored, key=lambda one: one.due_at or 0):
            if one.due_at is not None and one.due_at < now:
                yield one.tenant_id, one.export_id

    def put_once(self, export_id: ExportId, result: ExportResult) -> bool:
        """Does what `Exports.put_once` promises."""
        with self._lock:
            results = self._results.setdefault((export_id, result.stage), {})
            return results.setdefault(result.task, result) is result

    def find_result(self, export_id: ExportId, stage: ExportStage, task: int) -> ExportResult | None:
        """Does what `Exports.find_result` promises."""
        with self._lock:
            return self._results.get((export_id, stage), {}).get(task)

    def list_results(self, export_id: ExportId, stage: ExportStage) -> list[ExportResult]:
        """Does what `Exports.list_results` promises."""
        with self._lock:
            results = dict(self._results.get((export_id, stage), {}))
        return [results[task] for task in sorted(results)]
