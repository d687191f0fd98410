"""Stores that have lost one condition each, which the fault runs must notice.

Each is a store in memory with a single promise broken, in the way in which code without that condition would break it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import BinaryIO

import orjson

from chalicelib.model.children import Occupation
from chalicelib.model.events import LifecycleEvent
from chalicelib.model.ids import ImportId, RecordId, TenantId
from chalicelib.model.import_options import ImportProfile, TenantSettings
from chalicelib.model.imports import Import
from chalicelib.model.records import Record, Stamp, Write, WriteStatus, Written
from chalicelib.model.rows import Outcome
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.task_results import TaskResult
from chalicelib.stores.interfaces import LoggedEvent, StoredFile
from chalicelib.stores.memory import MemoryEventLog, MemoryFiles, MemoryImportProfiles, MemoryRecords
from tests.faults.simulated_import import CountingImports, QuickResults, StoreFactories


class NoVersions(MemoryRecords):
    """Writes over any record that is stored, as if it were the one that was read."""

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        return [self._write(tenant_id, resource, write, now_ms) for write in writes]

    def _write(self, tenant_id: TenantId, resource: str, write: Write, now_ms: int) -> Written:
        current = self.get_many(tenant_id, resource, [write.record_id]).get(write.record_id)
        if current is None and write.stamp.outcome is Outcome.DELETED:
            return Written(WriteStatus.STALE)
        return super().write_many(tenant_id, resource, [replace(write, before=current)], now_ms=now_ms)[0]


class NoClaims(MemoryRecords):
    """Takes claims that others hold."""

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        partition = self._partition(tenant_id, resource)
        for write in writes:
            for key in write.claims if write.before is None else ():
                partition.claims.pop(key, None)
        return super().write_many(tenant_id, resource, writes, now_ms=now_ms)


class NoStamps(MemoryRecords):
    """Keeps rows from recognising their own writes. The tests still see the stamps when they read whole shards."""

    def __init__(self) -> None:
        super().__init__()
        self._stamps: dict[tuple[TenantId, str, RecordId], tuple[Stamp, ...]] = {}

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        written = super().write_many(tenant_id, resource, writes, now_ms=now_ms)
        partition = self._partition(tenant_id, resource)
        for write, answer in zip(writes, written, strict=True):
            if answer.status is WriteStatus.WRITTEN:
                record, document = partition.records[write.record_id]
                partition.records[write.record_id] = replace(record, stamps=()), document
                key = tenant_id, resource, write.record_id
                self._stamps[key] = (*self._stamps.get(key, ()), write.stamp)
        return written

    def each_record(self, tenant_id: TenantId, resource: str, shard: int, *, after: str = "") -> Iterator[Record]:
        for record in super().each_record(tenant_id, resource, shard, after=after):
            yield replace(record, stamps=self._stamps.get((tenant_id, resource, record.record_id), ()))


class NoSteps(MemoryRecords):
    """Forgets which of its writes a row has stamped."""

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        stamped = [replace(one, stamp=replace(one.stamp, step=0)) for one in writes]
        return super().write_many(tenant_id, resource, stamped, now_ms=now_ms)


class LastResultWins(QuickResults):
    """A task's result may be put again."""

    def put_once(self, import_id: ImportId, attempt: int, result: TaskResult) -> bool:
        self._results.setdefault((import_id, attempt, result.phase), {})[result.task] = result
        return True


class AnyStatus(CountingImports):
    """A status may follow any other."""

    def apply(self, import_: Import, change: ImportChange) -> Import | None:
        is_meant = change.attempt in (None, import_.attempt)
        return replace(import_, **change.values()) if is_meant else None


class AnyAttempt(CountingImports):
    """Older attempts may change the status."""

    def apply(self, import_: Import, change: ImportChange) -> Import | None:
        return replace(change, attempt=None).applied_to(import_)


class ReportsAlways(CountingImports):
    """Reports are taken after the end, too, and from any attempt."""

    def report(self, import_: Import) -> bool:
        stored = self._imports[import_.tenant_id, import_.import_id]
        assert stored is not None
        self.put_back(replace(stored, phases=import_.phases, stats=import_.stats))
        return True


class KeepsOver(CountingImports):
    """Keeps work over what somebody else has kept meanwhile."""

    def keep_work(self, import_: Import) -> Import | None:
        stored = self.find(import_.tenant_id, import_.import_id)
        revision = 0 if stored is None else stored.work_revision
        return super().keep_work(replace(import_, work_revision=revision))


class AlwaysIdle(CountingImports):
    """Makes an import busy that is busy with another child."""

    def occupy(self, tenant_id: TenantId, import_id: ImportId, occupation: Occupation) -> Import | None:
        stored = self.find(tenant_id, import_id)
        if stored is not None:
            self.put_back(replace(stored, busy_with=None))
        return super().occupy(tenant_id, import_id, occupation)


class OccupiedAgain(CountingImports):
    """Makes an import busy whatever has been made of it."""

    def occupy(self, tenant_id: TenantId, import_id: ImportId, occupation: Occupation) -> Import | None:
        return super().occupy(tenant_id, import_id, replace(occupation, demands_absent=()))


class OccupiedUnseen(CountingImports):
    """Makes an import busy whatever has changed since it was looked at."""

    def occupy(self, tenant_id: TenantId, import_id: ImportId, occupation: Occupation) -> Import | None:
        return super().occupy(tenant_id, import_id, replace(occupation, demands_unchanged={}))


class RedrivenAgain(CountingImports):
    """Begins an attempt that has ended already."""

    def redrive(self, again: Import) -> Import | None:
        self.put_back(again)
        self.watch(again)
        return again


class AnyProfileVersion(MemoryImportProfiles):
    """Replaces a profile whatever has become of it since it was read."""

    def replace(self, profile: ImportProfile) -> bool:
        stored = self.find(profile.tenant_id, profile.name)
        return stored is not None and super().replace(replace(profile, version=stored.version + 1))


class AnySettingsVersion(MemoryImportProfiles):
    """Replaces settings whatever has become of them since they were read."""

    def replace_settings(self, settings: TenantSettings) -> bool:
        version = self.find_settings(settings.tenant_id).version + 1
        return super().replace_settings(replace(settings, version=version))


class LogsAgain(CountingImports):
    """Puts an event in the log as often as it is published."""

    def __init__(self) -> None:
        super().__init__()
        self.event_log = ForgetfulLog()


class ForgetfulLog(MemoryEventLog):
    """Does not know which events it has."""

    def append(self, event: LifecycleEvent) -> None:
        number, body = self.find_last(event.tenant_id) + 1, orjson.dumps(event.to_body()).decode()
        self._events[event.tenant_id][f"{number}"] = LoggedEvent(number, body), NEVER


class Unpinned(MemoryFiles):
    """Reads the newest version instead of the one that was asked for."""

    def open_file(
        self, key: str, version_id: str | None = None, *, start: int = 0, end: int | None = None
    ) -> AbstractContextManager[BinaryIO]:
        return super().open_file(key, start=start, end=end)


class LateImages(MemoryFiles):
    """Keeps before-images back until what the task has done is written, as if they came after the records. A function
    that is called anew knows nothing of those of another.
    """

    def __init__(self, *, clock: Callable[[], float]) -> None:
        super().__init__(clock=clock)
        self._late: dict[str, bytes] = {}

    def write_file(self, key: str, content: bytes, *, content_type: str = "application/octet-stream") -> StoredFile:
        if key.startswith("before/"):
            self._late[key] = content
        elif "/attempts/" in key:
            self._late.clear()
        elif "/outcomes/" in key:
            for late, image in self._late.items():
                super().write_file(late, image)
            self._late.clear()
        return super().write_file(key, content, content_type=content_type) if key not in self._late else _UNSEEN


class UnseenImages(MemoryFiles):
    """Does not show which before-images there are."""

    def list_keys(self, prefix: str) -> list[str]:
        return [] if prefix.startswith("before/") else super().list_keys(prefix)


NEVER = 1 << 40
"""Long after every test, in epoch seconds."""
_UNSEEN = StoredFile(key="", size_bytes=0, version_id=None, checksum="")
"""What a write of an image answers; nobody looks at it."""

WEAK = {
    "an event is logged once": (StoreFactories(imports=LogsAgain), "faults"),
    "a write demands the version that was read": (StoreFactories(records=NoVersions), "concurrent imports"),
    "a claim is taken only where nobody holds it": (StoreFactories(records=NoClaims), "concurrent imports"),
    "a row recognises its own write": (StoreFactories(records=NoStamps), "faults"),
    "a stamp tells the step of its row": (StoreFactories(records=NoSteps), "missing records"),
    "a result is put once": (StoreFactories(results=LastResultWins), "stalled functions"),
    "a status follows only its predecessors": (StoreFactories(imports=AnyStatus), "concurrent imports"),
    "a status change names its attempt": (StoreFactories(imports=AnyAttempt), "attempts"),
    "a report ends with the import": (StoreFactories(imports=ReportsAlways), "stalled functions"),
    "work is kept on what was kept before": (StoreFactories(imports=KeepsOver), "work in memory"),
    "a source is read in the version that came": (StoreFactories(files=Unpinned), "events"),
    "an image is written before the record": (StoreFactories(files=LateImages), "undos"),
    "an attempt looks what others were about to write": (StoreFactories(files=UnseenImages), "overtaken rows"),
    "a parent is busy with one child": (StoreFactories(imports=AlwaysIdle), "races"),
    "a preview is confirmed once": (StoreFactories(imports=OccupiedAgain), "races"),
    "a retry demands the retries that were seen": (StoreFactories(imports=OccupiedUnseen), "races"),
    "a redrive follows the attempt that was seen": (StoreFactories(imports=RedrivenAgain), "races"),
    "a profile demands the version that was read": (StoreFactories(profiles=AnyProfileVersion), "races"),
    "settings demand the version that was read": (StoreFactories(profiles=AnySettingsVersion), "races"),
    "an undo demands the version that was read": (StoreFactories(records=NoVersions), "changes during undos"),
    "a task attempt writes under its own id": (StoreFactories(is_attempt_id_shared=True), "stalled functions"),
}
"""The stores without each condition, and the kind of runs that should notice it first."""
