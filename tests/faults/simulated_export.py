"""One export from its request to its end, through the real operations and steps, as AWS would drive them.

Functions are tried again as those of imports are (`plays.py`); the request is made again when it fails, under the same
id, as a schedule does. In comes a tap; afterwards the play holds the files, and what became of the export.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast

from chalicelib.access.context import Context
from chalicelib.errors import Conflict, Retryable
from chalicelib.exports import service as operations
from chalicelib.exports.events import ExportEvent, ExportRoute, ExportStopped, FinishExportEvent, ShardEvent
from chalicelib.exports.handlers import ExportMachine
from chalicelib.exports.request import ExportRequest
from chalicelib.formats.registry import Format
from chalicelib.imports.handlers import ImportMachine
from chalicelib.maintenance import reap_all
from chalicelib.model.exports import Export, ExportStatus
from chalicelib.model.ids import ExportId, ImportId, RecordId
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.records import Stamp, Write
from chalicelib.model.rows import Fields, Outcome
from chalicelib.model.write_options import Rendering
from chalicelib.stores import memory
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.memory import MemoryEvents, MemoryExportExecutions
from chalicelib.webhooks.outbox import publish_all_pending
from tests.faults.crash import Crash
from tests.faults.invariants import each_untold_export
from tests.faults.recorder import Call, Tap, Taps, place, plainly
from tests.faults.recording import SWEPT_LATER_S
from tests.faults.scenarios import BEFORE_MS, OURS, RESOURCE
from tests.faults.simulated_import import (
    CALLER,
    LIFE_OF_A_FUNCTION_S,
    TRIES_OF_A_STATE,
    TRIES_OF_AN_EVENT,
    ExecutionFailed,
    Invoke,
    simply,
)
from tests.import_world import Clock

EXPORT = ExportId("exp_1")
ROUNDS_OF_THE_REAPER = 4

UNSORTED = ExportRequest(
    dialect="packagex",
    resource=RESOURCE,
    fields=("id", "name"),
    renderings=(Rendering(), Rendering(format=Format.JSON)),
)
SORTED = ExportRequest(
    dialect="packagex",
    resource=RESOURCE,
    fields=("name", "id"),
    order_by="name",
    is_descending=True,
    limit=15,
    renderings=(Rendering(format=Format.NDJSON, is_gzipped=True), Rendering(format=Format.XLSX)),
)
WANTED = {"unsorted": UNSORTED, "sorted": SORTED}
PEOPLE: dict[str, Fields] = {f"con_{n}": {"name": f"{'=' if n == 7 else ''}Name {n % 5}"} for n in range(20)}
"""One of them would be a formula."""


def furnish(stores: Stores) -> None:
    for number, (record_id, fields) in enumerate(PEOPLE.items()):
        put(stores, record_id, fields, at_ms=BEFORE_MS + number)


def put(stores: Stores, record_id: str, fields: Fields | None, *, at_ms: int, tenant_id: Any = OURS) -> None:
    """Creates or changes a record; deletes it where there are no fields."""
    id_ = RecordId(record_id)
    found = stores.records.get_many(tenant_id, RESOURCE, [id_]).get(id_)
    outcome = Outcome.DELETED if fields is None else Outcome.UPDATED if found else Outcome.CREATED
    stamp = Stamp(ImportId("imp_else"), (found.version if found else 0) + 1, outcome)
    write = Write(record_id=id_, before=found, fields=fields or {}, stamp=stamp)
    stores.records.write_many(tenant_id, RESOURCE, [write], now_ms=at_ms)


@dataclass
class ExportPlay:
    """A world of its own with one export in it."""

    wanted: ExportRequest
    tap: Tap = plainly
    invoke: Invoke = simply
    clock: Clock = field(default_factory=Clock)
    limits: Limits = DEFAULT_LIMITS
    new_token: Callable[[], str] | None = None
    failures: list[str] = field(default_factory=list)
    stores: Stores = field(init=False)
    """As they are, untapped."""

    def __post_init__(self) -> None:
        self.stores = memory.stores(clock=self.clock)
        furnish(self.stores)
        stores = Taps(self.stores, self._tapped).stores
        numbers = count(1)
        new_token = self.new_token or (lambda: f"try{next(numbers)}")
        self.steps = ExportMachine(stores=stores, limits=self.limits, now=self.clock, new_token=new_token)
        machine = ImportMachine(stores=stores, limits=self.limits, now=self.clock, new_token=new_token)
        self.context = Context(
            stores=stores,
            clock=lambda: int(self.clock()),
            new_id=lambda prefix: f"{prefix}_{next(numbers)}",
            enter=lambda import_, upload: machine.enter(import_, upload.content),
            run_now=machine.run_now,
            finish=machine.end,
            limits=self.limits,
        )
        self._is_played = False

    def _tapped(self, call: Call) -> Any:
        return self.tap(call)

    def run(self) -> "ExportPlay":
        self._on_event("request", self._request)
        for _ in range(ROUNDS_OF_THE_REAPER):
            self._run_execution()
            if self._is_over():
                break
            self.clock.now_s += self.limits.export_time_s + LIFE_OF_A_FUNCTION_S
            self._on_event("reap", lambda: reap_all(self.context))
        return self

    @property
    def export(self) -> Export:
        found = self.stores.exports.find(OURS, EXPORT)
        assert found is not None
        return found

    @property
    def contents(self) -> dict[str, bytes]:
        """What callers are led to, by format; the manifest knows times, and is left out."""
        return {
            one.format: self.stores.files.read_file(one.key) for one in self.export.files if one.format != "manifest"
        }

    def cancel(self) -> None:
        with place("cancel"):
            operations.cancel(self.context, CALLER, EXPORT)

    def _is_over(self) -> bool:
        found = self.stores.exports.find(OURS, EXPORT)
        return found is None or found.is_final

    def _request(self) -> None:
        try:
            operations.request_export(self.context, CALLER, self.wanted, export_id=EXPORT)
        except Conflict as error:
            self.failures.append(str(error))

    def _run_execution(self) -> None:
        machine = self.stores.export_executions
        assert isinstance(machine, MemoryExportExecutions)
        if machine.started and not self._is_played:
            self._is_played = True
            try:
                self._walk()
            except ExecutionFailed as failure:
                self.failures.append(str(failure))
                self._tell_of_death()

    def _walk(self) -> None:
        """What `statemachine/export_machine.py` does."""
        steps, event = self.steps, ExportEvent(tenant_id=OURS, export_id=EXPORT)
        step = self._state("begin", lambda: steps.begin(event))
        if step.route is ExportRoute.READ:
            for task in step.tasks:
                shard = ShardEvent(**event.model_dump(), task=task)
                self._state(f"shard {task}", lambda shard=shard: steps.read(shard))  # type: ignore[misc]
            step = self._state("gate", lambda: steps.gate(event))
        while step.route is ExportRoute.JOIN:
            step = self._state("join", lambda: steps.join(event))
        finishing = FinishExportEvent(**event.model_dump(), stopped_by=step.stopped_by)
        self._state("finish", lambda: steps.finish(finishing))

    def _tell_of_death(self) -> None:
        event = ExportEvent(tenant_id=OURS, export_id=EXPORT)
        stopped = ExportStopped.model_validate({"status": "FAILED", "input": event.model_dump_json()})
        self._on_event("on_machine_stopped", lambda: self.steps.finish(stopped.to_finish_event()))

    def _state(self, name: str, do: Callable[[], Any]) -> Any:
        for _ in range(TRIES_OF_A_STATE):
            try:
                return self.invoke(name, do)
            except (Retryable, Crash):
                continue
            except Exception as error:
                raise ExecutionFailed(f"{name}: {error!r}") from error
        raise ExecutionFailed(f"{name}: no try was left")

    def _on_event(self, name: str, do: Callable[[], object]) -> None:
        for _ in range(TRIES_OF_AN_EVENT):
            try:
                self.invoke(name, do)
            except (Crash, Exception) as error:
                self.failures.append(f"{name}: {error!r}")
            else:
                return


@dataclass(frozen=True)
class ExportRecording:
    """An export in good health: its calls are the places where something can go wrong, its files the measure."""

    name: str
    calls: list[Call]
    invocations: list[str]
    contents: dict[str, bytes]
    rows: int

    def replay(self, tap: Callable[[Clock], Tap], invoke: Invoke = simply) -> ExportPlay:
        """Not yet begun."""
        clock = Clock()
        return ExportPlay(WANTED[self.name], tap(clock), invoke, clock)

    def violations(self, play: ExportPlay, *, may_end_early: bool = False) -> list[str]:
        export = play.stores.exports.find(OURS, EXPORT)
        if export is None:
            return [] if may_end_early else ["there is no export"]
        return [*self._untold(play), *self._unlike(play, export, may_end_early=may_end_early)]

    def _untold(self, play: ExportPlay) -> list[str]:
        """After a sweep, as the minute makes it."""
        publish_all_pending(play.stores, int(play.clock()) + SWEPT_LATER_S)
        return list(each_untold_export(play.export, cast(MemoryEvents, play.stores.events).published))

    def _unlike(self, play: ExportPlay, export: Export, *, may_end_early: bool) -> list[str]:
        if export.status is not ExportStatus.COMPLETED:
            wrong = [] if may_end_early and export.is_final else [f"ended as {export.status}: {export.reason}"]
            return [*wrong, *(["it leads to files"] if export.files else [])]
        wrong = [] if play.contents == self.contents else ["the files differ"]
        if (export.progress.rows, export.progress.rows_written) != (self.rows, self.rows * 2):
            wrong.append(f"counted {export.progress}")
        return wrong


def recorded_export(name: str) -> ExportRecording:
    calls: list[Call] = []
    invocations: list[str] = []

    def tap(call: Call) -> Any:
        calls.append(call)
        return call.perform()

    def invoke(function: str, do: Callable[[], Any]) -> Any:
        invocations.append(function)
        return simply(function, do)

    play = ExportPlay(WANTED[name], tap, invoke).run()
    assert play.export.status is ExportStatus.COMPLETED, play.export.reason
    return ExportRecording(name, calls, invocations, play.contents, play.export.progress.rows or 0)
