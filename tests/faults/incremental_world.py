"""A world in which records change while an incremental schedule delivers their changes.

Each writer stamps a change, and commits it some time later, or never. In comes a list of moves, out goes a world in
which they were made: writers stamp and commit, time passes, sweeps run or crash, exports go on step by step, or fail.
`IncrementalWorld.end` lets everything come to rest.
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.exports.events import ExportEvent, ExportRoute, FinishExportEvent, ShardEvent
from chalicelib.model.exports import ExportStatus
from chalicelib.model.ids import ExportId, ImportId, RecordId
from chalicelib.model.records import Record, Stamp, Write
from chalicelib.model.rows import Fields, Outcome
from chalicelib.model.schedules import RunStatus
from chalicelib.model.status_changes import ExportChange
from chalicelib.schedules.runner import run_due_schedules
from tests.export_world import RESOURCE, with_limits
from tests.faults.crash import Crash
from tests.faults.recorder import Call, CallRecorder
from tests.scheduling import MINUTE_S, ScheduleWorld
from tests.world import OURS

FUNCTION_LIFETIME_S = 15 * MINUTE_S
"""No function runs longer: what a writer has not committed by then, it never will."""
Move = tuple[Any, ...]


@dataclass(frozen=True)
class Writer:
    """A change that was stamped, and is not committed yet."""

    write: Write
    stamped_at: int


@dataclass
class SteppedExport:
    """One export, which runs step by step."""

    world: ScheduleWorld
    event: ExportEvent
    steps: list[Callable[[], Any]] = field(default_factory=list)
    has_started: bool = False

    def step(self) -> None:
        if not self.has_started:
            self.has_started = True
            step = self.world.steps.start(self.event)
            self.steps = [*(self._shard(task) for task in step.tasks), self._rest]
        elif self.steps:
            self.steps.pop(0)()

    def _shard(self, task: int) -> Callable[[], Any]:
        return lambda: self.world.steps.read(ShardEvent(**self.event.model_dump(), task=task))

    def _rest(self) -> None:
        step = self.world.steps.gate(self.event)
        while step.route is ExportRoute.JOIN:
            step = self.world.steps.join(self.event)
        self.world.steps.finish(FinishExportEvent(**self.event.model_dump(), stopped_by=step.stopped_by))


class IncrementalWorld:
    """A schedule world with one incremental schedule, and writers that change records beside it."""

    def __init__(self, *, lag_s: int) -> None:
        self.world = ScheduleWorld(with_limits(export_lag_s=lag_s))
        self.schedule = self.world.schedule("rate(10 minutes)", is_incremental=True)
        self.writers: list[Writer] = []
        self.machines: dict[ExportId, SteppedExport] = {}
        self._rows = 0

    def make(self, moves: Sequence[Move]) -> "IncrementalWorld":
        """Makes these moves, each of which is the name of a method and its arguments."""
        for name, *given in moves:
            getattr(self, name)(*given)
        return self

    def stamp(self, number: int, fields: Fields | None) -> None:
        """Stamps a change of a record, or its deletion if there are no fields."""
        found = self._find(number)
        if fields is None and (found is None or found.is_deleted):
            return
        self._rows += 1
        outcome = Outcome.DELETED if fields is None else Outcome.UPDATED if found else Outcome.CREATED
        stamp = Stamp(ImportId("imp_1"), self._rows, outcome)
        write = Write(record_id=RecordId(f"con_{number}"), before=found, fields=fields or {}, stamp=stamp)
        self.writers.append(Writer(write, self.world.now))

    def commit(self, number: int) -> None:
        """Commits one of the stamped changes, unless the record has changed since it was read."""
        if self.writers:
            writer = self.writers.pop(number % len(self.writers))
            now_ms = writer.stamped_at * 1000
            self.world.stores.records.write_many(OURS, RESOURCE, [writer.write], now_ms=now_ms)

    def let_pass(self, seconds: int) -> None:
        """Lets time pass; writers whose function must have ended are gone."""
        self.world.now += seconds
        self.writers = [one for one in self.writers if one.stamped_at + FUNCTION_LIFETIME_S > self.world.now]

    def run_schedules(self, crash_at: int | None = None) -> None:
        """Sweeps, and crashes at the call of this number."""
        numbers = iter(range(1_000_000))

        def intercept(call: Call) -> Any:
            if next(numbers) == crash_at:
                raise Crash
            return call.perform()

        with contextlib.suppress(Crash):
            run_due_schedules(replace(self.world.context, stores=CallRecorder(self.world.stores, intercept).stores))

    def step(self, times: int) -> None:
        """Lets every export that is under way go on by some steps."""
        for export in self.world.stores.exports.list_page(OURS, page=1, per_page=1_000).entries:
            if not export.is_final:
                event = ExportEvent(tenant_id=OURS, export_id=export.export_id)
                machine = self.machines.setdefault(export.export_id, SteppedExport(self.world, event))
                for _ in range(times):
                    machine.step()

    def fail(self) -> None:
        """Lets every export fail that is under way."""
        for export in self.world.stores.exports.list_page(OURS, page=1, per_page=1_000).entries:
            change = ExportChange(to=ExportStatus.FAILED, at=self.world.now, reason="internal_error")
            self.world.stores.exports.change(OURS, export.export_id, change)

    def end(self) -> "IncrementalWorld":
        """Commits what is stamped, and lets two more windows be delivered."""
        while self.writers:
            self.commit(0)
        self.let_pass(self.world.limits.export_lag_s + 1)
        for _ in range(2 * (self.world.limits.export_lag_s // MINUTE_S + 20)):
            self.run_schedules()
            self.step(100)
        self.let_pass(11 * MINUTE_S)
        for _ in range(4):
            self.run_schedules()
            self.step(100)
        return self

    def delivered_rows(self) -> list[dict[str, Any]]:
        """Returns all rows that were delivered, in order."""
        runs = [run for run in self.world.runs(self.schedule) if run.status is RunStatus.COMPLETED]
        return [row for run in runs for row in self.world.rows(self.world.export_of(run))]

    def merged(self) -> dict[str, str]:
        """Returns the names by id that a receiver has who applied every delivery."""
        records: dict[str, str] = {}
        for row in self.delivered_rows():
            if row["_deleted"]:
                records.pop(row["id"], None)
            else:
                records[row["id"]] = row["name"]
        return records

    def stored(self) -> dict[str, str]:
        """Returns the names by id that are stored."""
        records = self.world.stores.records
        shards = range(records.shard_count(OURS, RESOURCE))
        found = (one for shard in shards for one in records.each_record(OURS, RESOURCE, shard))
        return {one.record_id: str(one.fields["name"]) for one in found if not one.is_deleted}

    def _find(self, number: int) -> Record | None:
        id_ = RecordId(f"con_{number}")
        return self.world.stores.records.get_many(OURS, RESOURCE, [id_]).get(id_)
