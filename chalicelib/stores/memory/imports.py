"""Imports and the results of their tasks in memory, as `stores.interfaces.imports` promises."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from threading import RLock
from typing import Any

from chalicelib.model.children import Occupation, may_be_followed_by
from chalicelib.model.events import LifecycleEvent
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.list_filters import EVERY_IMPORT, ImportFacets, ImportFilter
from chalicelib.model.phases import PhaseName
from chalicelib.model.problems import Problem
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.task_results import TaskResult
from chalicelib.stores.interfaces import Listing
from chalicelib.stores.interfaces.imports import KEPT, NOTHING, REPORTED
from chalicelib.stores.memory.event_log import MemoryEventLog
from chalicelib.stores.memory.job_lists import is_kept, list_jobs, page_of
from chalicelib.stores.memory.usage import MemoryUsage
from chalicelib.stores.paging import Clock


class MemoryImports:
    """Keeps the promises of `stores.interfaces.Imports`."""

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
        self._imports: dict[tuple[TenantId, ImportId], Import | None] = {}
        """None marks a deleted one, whose id stays taken."""
        self._watched: set[tuple[TenantId, ImportId]] = set()

    def add(self, import_: Import, /, *, is_watched: bool = False) -> bool:
        """Does what `Imports.add` promises."""
        key = (import_.tenant_id, import_.import_id)
        with self._lock:
            is_new = key not in self._imports
            if is_new:
                self._imports[key] = deepcopy(import_)
                self._usage.note(None, import_)
            if is_new and is_watched:
                self._watched.add(key)
        return is_new

    def find(self, tenant_id: TenantId, import_id: ImportId) -> Import | None:
        """Does what `Imports.find` promises."""
        with self._lock:
            stored = self._imports.get((tenant_id, import_id))
        return _copy(stored) if stored and self._is_there(stored) else None

    def list_page(
        self, tenant_id: TenantId, wanted: ImportFilter = EVERY_IMPORT, *, page: int, per_page: int
    ) -> Listing[Import]:
        """Does what `Imports.list_page` promises."""
        return page_of(self._listed(tenant_id, wanted), page=page, per_page=per_page)

    def count_statuses(self, tenant_id: TenantId, *, since: int) -> dict[Status, int]:
        """Does what `Imports.count_statuses` promises."""
        return dict(Counter(one.status for one in self._listed(tenant_id, ImportFilter(since=since))))

    def _listed(self, tenant_id: TenantId, wanted: ImportFilter) -> list[Import]:
        with self._lock:
            listed = list_jobs(self._imports.values(), tenant_id, wanted, ImportFacets.of)
            return [one for one in listed if self._is_there(one)]

    def _is_there(self, import_: Import) -> bool:
        return is_kept(import_, self._kept_s, self._clock())

    def change(self, tenant_id: TenantId, import_id: ImportId, change: ImportChange) -> Import | None:
        """Does what `Imports.change` promises."""
        with self._lock:
            stored = self._imports.get((tenant_id, import_id))
            changed = deepcopy(change).applied_to(stored) if stored else None
            if changed:
                self._imports[tenant_id, import_id] = changed
                self._usage.note(stored, changed)
            if changed and change.is_watched:
                self._watched.add((tenant_id, import_id))
            if changed and changed.is_final:
                self._watched.discard((tenant_id, import_id))
        return deepcopy(changed)

    def change_known(self, import_: Import, change: ImportChange, *, is_watched: bool = False) -> Import | None:
        """Does what `Imports.change_known` promises."""
        key = (import_.tenant_id, import_.import_id)
        with self._lock:
            stored, was_watched = self._imports.get(key), key in self._watched
            if stored is None or _standing(stored) != _standing(import_):
                return None
            changed = self.change(*key, change)
            if was_watched and not is_watched:
                self._watched.add(key)  # as the table does, where nobody has said so
        return changed

    def report(self, import_: Import) -> bool:
        """Does what `Imports.report` promises."""
        with self._lock:
            stored = self._imports.get((import_.tenant_id, import_.import_id))
            if stored is None or not _is_reportable(stored, import_.attempt):
                return False
            self._imports[import_.tenant_id, import_.import_id] = replace(
                stored, **{name: getattr(import_, name) for name in REPORTED}
            )
        return True

    def keep_work(self, import_: Import) -> Import | None:
        """Does what `Imports.keep_work` promises."""
        key, revision = (import_.tenant_id, import_.import_id), import_.work_revision
        with self._lock:
            stored = self._imports.get(key)
            if stored is None or not _is_reportable(stored, import_.attempt) or stored.work_revision != revision:
                return None
            values = {name: getattr(import_, name) for name in KEPT}
            self._imports[key] = replace(stored, **values, work_revision=revision + 1)
        return self.find(*key)

    def rename(self, tenant_id: TenantId, import_id: ImportId, name: str | None, *, by: str, at: int) -> bool:
        """Does what `Imports.rename` promises."""
        with self._lock:
            stored = self._imports.get((tenant_id, import_id))
            if stored is None:
                return False
            self._imports[tenant_id, import_id] = replace(stored, name=name, updated_by=by, updated_at=at)
        return True

    def occupy(self, tenant_id: TenantId, import_id: ImportId, occupation: Occupation) -> Import | None:
        """Does what `Imports.occupy` promises."""
        with self._lock:
            stored = self._imports.get((tenant_id, import_id))
            if stored is None or not self._may_occupy(stored, occupation):
                return None
            occupied = replace(stored, busy_with=occupation.busy_with, **occupation.values)
            self._imports[tenant_id, import_id] = occupied
        return _copy(occupied)

    def _may_occupy(self, import_: Import, occupation: Occupation) -> bool:
        absent = ("busy_with", *occupation.demands_absent)
        is_unchanged = all(getattr(import_, name) == value for name, value in occupation.demands_unchanged.items())
        return import_.is_final and is_unchanged and all(getattr(import_, name) is None for name in absent)

    def release(
        self, tenant_id: TenantId, import_id: ImportId, child_id: ImportId, values: Mapping[str, Any] = NOTHING
    ) -> Import | None:
        """Does what `Imports.release` promises."""
        with self._lock:
            stored = self._imports.get((tenant_id, import_id))
            if stored is None or stored.busy_with != child_id:
                return None
            released = replace(stored, busy_with=None, **values)
            self._imports[tenant_id, import_id] = released
        return _copy(released)

    def redrive(self, again: Import) -> Import | None:
        """Does what `Imports.redrive` promises."""
        key = (again.tenant_id, again.import_id)
        with self._lock:
            stored = self._imports.get(key)
            if stored is None or not may_be_followed_by(stored, again):
                return None
            self._imports[key] = deepcopy(again)
            self._usage.note(stored, again)
            self._watched.add(key)
        return self.find(*key)

    def discard(self, tenant_id: TenantId, import_id: ImportId) -> bool:
        """Does what `Imports.discard` promises."""
        return self._remove(tenant_id, import_id, lambda stored: stored.status is Status.REQUESTED)

    def revise(self, import_: Import, values: Mapping[str, Any]) -> Import | None:
        """Does what `Imports.revise` promises."""
        key = (import_.tenant_id, import_.import_id)
        with self._lock:
            stored = self._imports.get(key)
            if stored is None or (stored.status, stored.revision) != (Status.REQUESTED, import_.revision):
                return None
            self._imports[key] = replace(stored, **deepcopy(dict(values)), revision=stored.revision + 1)
        return self.find(*key)

    def note(self, import_: Import, notes: tuple[Problem, ...]) -> bool:
        """Does what `Imports.note` promises."""
        key = (import_.tenant_id, import_.import_id)
        with self._lock:
            stored = self._imports.get(key)
            if stored is None or stored.notes != import_.notes:
                return False
            self._imports[key] = replace(stored, notes=deepcopy(notes))
        return True

    def delete(self, tenant_id: TenantId, import_id: ImportId) -> bool:
        """Does what `Imports.delete` promises."""
        return self._remove(tenant_id, import_id, lambda stored: stored.is_final)

    def _remove(self, tenant_id: TenantId, import_id: ImportId, may_go: Callable[[Import], bool]) -> bool:
        with self._lock:
            stored = self._imports.get((tenant_id, import_id))
            if stored is None or not may_go(stored):
                return False
            self._imports[tenant_id, import_id] = None
        return True

    def each_due(self, now: int) -> Iterator[tuple[TenantId, ImportId]]:
        """Does what `Imports.each_due` promises."""
        with self._lock:
            stored = [one for one in self._imports.values() if one is not None and not one.is_final]
        for one in sorted(stored, key=lambda one: one.due_at or 0):
            if one.due_at is not None and one.due_at < now:
                yield one.tenant_id, one.import_id

    def postpone(self, import_: Import, *, until: int) -> Import | None:
        """Does what `Imports.postpone` promises."""
        key = (import_.tenant_id, import_.import_id)
        with self._lock:
            stored = self._imports.get(key)
            if stored is None or (stored.status, stored.end_tries) != (import_.status, import_.end_tries):
                return None
            self._imports[key] = replace(stored, end_tries=stored.end_tries + 1, postponed_until=until)
        return self.find(*key)

    def watch(self, import_: Import) -> None:
        """Does what `Imports.watch` promises."""
        with self._lock:
            self._watched.add((import_.tenant_id, import_.import_id))

    def unwatch(self, tenant_id: TenantId, import_id: ImportId) -> None:
        """Does what `Imports.unwatch` promises."""
        with self._lock:
            self._watched.discard((tenant_id, import_id))

    def each_watched(self, *, after: str | None = None) -> Iterator[tuple[TenantId, ImportId]]:
        """Does what `Imports.each_watched` promises."""
        with self._lock:
            watched = sorted(self._watched, key="#".join)
        yield from (one for one in watched if after is None or "#".join(one) > after)

    def each_unpublished(self, before: int) -> Iterator[Import]:
        """Does what `Imports.each_unpublished` promises."""
        with self._lock:
            stored = [deepcopy(one) for one in self._imports.values() if one is not None]
        owed = [(one.unpublished_since, one.import_id, one) for one in stored if one.unpublished_since is not None]
        yield from (one for at, _, one in sorted(owed, key=lambda one: one[:2]) if at < before)

    def each_kept_source(self, before: int) -> Iterator[Import]:
        """Does what `Imports.each_kept_source` promises."""
        with self._lock:
            stored = [deepcopy(one) for one in self._imports.values() if one is not None and one.is_final]
        kept = [(one.source_until, one.import_id, one) for one in stored if one.source_until is not None]
        yield from (one for until, _, one in sorted(kept, key=lambda one: one[:2]) if until < before)

    def forget_source(self, import_: Import) -> None:
        """Does what `Imports.forget_source` promises."""
        key = (import_.tenant_id, import_.import_id)
        with self._lock:
            stored = self._imports.get(key)
            if stored is not None and stored.source_until == import_.source_until:
                self._imports[key] = replace(stored, source_until=None)

    def mark_published(self, import_: Import, event: LifecycleEvent) -> None:
        """Does what `Imports.mark_published` promises."""
        if import_.unpublished_since is None:
            return
        key = (import_.tenant_id, import_.import_id)
        with self._lock:
            self.event_log.append(event)
            stored = self._imports.get(key)
            if stored is not None and _announced(stored) == _announced(import_):
                self._imports[key] = replace(stored, unpublished_since=None)


class MemoryTaskResults:
    """Keeps the promises of `stores.interfaces.TaskResults`."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._results: dict[tuple[ImportId, int, PhaseName], dict[int, TaskResult]] = {}

    def put_once(self, import_id: ImportId, attempt: int, result: TaskResult) -> bool:
        """Does what `TaskResults.put_once` promises."""
        with self._lock:
            results = self._results.setdefault((import_id, attempt, result.phase), {})
            is_first = result.task not in results
            if is_first:
                results[result.task] = deepcopy(result)
        return is_first

    def find_result(self, import_id: ImportId, attempt: int, phase: PhaseName, task: int) -> TaskResult | None:
        """Does what `TaskResults.find_result` promises."""
        with self._lock:
            return deepcopy(self._results.get((import_id, attempt, phase), {}).get(task))

    def list_results(self, import_id: ImportId, attempt: int, phase: PhaseName) -> list[TaskResult]:
        """Does what `TaskResults.list_results` promises."""
        with self._lock:
            results = deepcopy(self._results.get((import_id, attempt, phase), {}))
        return [results[task] for task in sorted(results)]


def _copy(import_: Import) -> Import:
    """Returns a copy with mappings of its own; everything else in an import is frozen."""
    mapping, counts = dict(import_.column_mapping), dict(import_.problem_counts)
    return replace(import_, column_mapping=mapping, problem_counts=counts)


def _announced(import_: Import) -> tuple[object, ...]:
    """What an event tells of, and since when it is to be told."""
    return import_.unpublished_since, import_.is_final


def _standing(import_: Import) -> tuple[object, ...]:
    return import_.status, import_.attempt, import_.deadline_at, import_.postponed_until


def _is_reportable(stored: Import, attempt: int) -> bool:
    return stored.status in (Status.PROCESSING, Status.CANCELING) and stored.attempt == attempt
