"""One export from its request to its end, through the real operations and steps, as AWS would drive them.

Functions are run again as those of imports are (`simulated_import.py`); the request is made again when it fails, under
the same id, as a schedule does. In comes an intercept; afterwards the simulation holds the files, and what became of
the export.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast

from chalicelib.access.context import Context
from chalicelib.errors import Conflict
from chalicelib.exports import service as operations
from chalicelib.exports.events import ExportEvent, ExportStopped
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
from statemachine.interpreter import StateFailed
from tests.faults.crash import Crash
from tests.faults.executions import (
    ATTEMPTS_PER_EVENT,
    FUNCTION_LIFETIME_S,
    Invoke,
    invoke_once,
    reporting_errors,
    run_execution,
)
from tests.faults.faults import Fault, FaultAtCall
from tests.faults.invariants import each_unlogged, each_unpublished_export
from tests.faults.recorder import Call, CallRecorder, Intercept, inside_function, pass_through
from tests.faults.recording import PUBLISHED_LATER_S
from tests.faults.scenarios import BEFORE_MS, OURS, RESOURCE
from tests.faults.simulated_import import CALLER
from tests.import_world import Clock
from tests.state_functions import EXPORT_MACHINE, export_functions

EXPORT = ExportId("exp_1")
REAPER_ROUNDS = 4

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
EXPORT_REQUESTS = {"unsorted": UNSORTED, "sorted": SORTED}
PEOPLE: dict[str, Fields] = {f"con_{n}": {"name": f"{'=' if n == 7 else ''}Name {n % 5}"} for n in range(20)}
"""The name of one of them would be a formula in a spreadsheet."""


def fill(stores: Stores) -> None:
    """Stores the people that are exported."""
    for number, (record_id, fields) in enumerate(PEOPLE.items()):
        put(stores, record_id, fields, at_ms=BEFORE_MS + number)


def put(stores: Stores, record_id: str, fields: Fields | None, *, at_ms: int, tenant_id: Any = OURS) -> None:
    """Creates or changes a record, or deletes it if no fields are given."""
    id_ = RecordId(record_id)
    found = stores.records.get_many(tenant_id, RESOURCE, [id_]).get(id_)
    outcome = Outcome.DELETED if fields is None else Outcome.UPDATED if found else Outcome.CREATED
    stamp = Stamp(ImportId("imp_else"), (found.version if found else 0) + 1, outcome)
    write = Write(record_id=id_, before=found, fields=fields or {}, stamp=stamp)
    stores.records.write_many(tenant_id, RESOURCE, [write], now_ms=at_ms)


@dataclass
class SimulatedExport:
    """A world with one export in it, which is driven from its request to its end."""

    request: ExportRequest
    intercept: Intercept = pass_through
    invoke: Invoke = invoke_once
    clock: Clock = field(default_factory=Clock)
    limits: Limits = DEFAULT_LIMITS
    new_attempt_id: Callable[[], str] | None = None
    failures: list[str] = field(default_factory=list)
    stores: Stores = field(init=False)
    """The stores themselves, without the intercept."""

    def __post_init__(self) -> None:
        self.stores = memory.stores(clock=self.clock)
        fill(self.stores)
        stores = CallRecorder(self.stores, self._intercepted).stores
        numbers = count(1)
        new_attempt_id = self.new_attempt_id or (lambda: f"try{next(numbers)}")
        self.steps = ExportMachine(stores=stores, limits=self.limits, now=self.clock, new_attempt_id=new_attempt_id)
        machine = ImportMachine(stores=stores, limits=self.limits, now=self.clock, new_attempt_id=new_attempt_id)
        self.context = Context(
            stores=stores,
            clock=lambda: int(self.clock()),
            new_id=lambda prefix: f"{prefix}_{next(numbers)}",
            open_runner=lambda: machine,
            limits=self.limits,
        )
        self._is_executed = False

    def _intercepted(self, call: Call) -> Any:
        return self.intercept(call)

    def run(self) -> "SimulatedExport":
        """Requests the export, runs it, and lets time pass until it has ended."""
        self._on_event("request", self._request)
        for _ in range(REAPER_ROUNDS):
            self._run_execution()
            if self._is_over():
                break
            self.clock.now_s += self.limits.export_time_s + FUNCTION_LIFETIME_S
            self._on_event("reap", lambda: reap_all(self.context))
        return self

    @property
    def export(self) -> Export:
        """The export as it is stored now."""
        found = self.stores.exports.find(OURS, EXPORT)
        assert found is not None
        return found

    @property
    def contents(self) -> dict[str, bytes]:
        """The files that callers can fetch, by format, without the manifest, which holds times."""
        return {
            one.format: self.stores.files.read_file(one.key) for one in self.export.files if one.format != "manifest"
        }

    def cancel(self) -> None:
        """Cancels the export, as a caller does; raises Conflict if it has ended."""
        with inside_function("cancel"):
            operations.cancel(self.context, CALLER, EXPORT)

    def _is_over(self) -> bool:
        found = self.stores.exports.find(OURS, EXPORT)
        return found is None or found.is_final

    def _request(self) -> None:
        try:
            operations.request_export(self.context, CALLER, self.request, export_id=EXPORT)
        except Conflict as error:
            self.failures.append(str(error))

    def _run_execution(self) -> None:
        machine = self.stores.export_executions
        assert isinstance(machine, MemoryExportExecutions)
        if machine.started and not self._is_executed:
            self._is_executed = True
            event = ExportEvent(tenant_id=OURS, export_id=EXPORT)
            call = reporting_errors(export_functions(self.steps), self.invoke)
            try:
                run_execution(EXPORT_MACHINE, event.model_dump(mode="json"), call, self.clock)
            except StateFailed as failure:
                self.failures.append(str(failure))
                self._report_stopped_execution()

    def _report_stopped_execution(self) -> None:
        event = ExportEvent(tenant_id=OURS, export_id=EXPORT)
        stopped = ExportStopped.model_validate({"status": "FAILED", "input": event.model_dump_json()})
        self._on_event("on_machine_stopped", lambda: self.steps.finish(stopped.to_finish_event()))

    def _on_event(self, name: str, do: Callable[[], object]) -> None:
        for _ in range(ATTEMPTS_PER_EVENT):
            try:
                self.invoke(name, do)
            except (Crash, Exception) as error:
                self.failures.append(f"{name}: {error!r}")
            else:
                return


@dataclass(frozen=True)
class ExportRecording:
    """A recording of an export without faults: the points at which one can be injected, and the files to expect."""

    name: str
    calls: list[Call]
    invocations: list[str]
    contents: dict[str, bytes]
    rows: int

    def replay(self, intercept: Callable[[Clock], Intercept], invoke: Invoke = invoke_once) -> SimulatedExport:
        """Returns the export once more, not yet begun, with an intercept that may set the clock."""
        clock = Clock()
        return SimulatedExport(EXPORT_REQUESTS[self.name], intercept(clock), invoke, clock)

    def replay_with(self, number: int, fault: Fault) -> SimulatedExport:
        """Runs the export once more, with a fault at the call of this number."""
        return self.replay(lambda clock: FaultAtCall(number, fault, clock)).run()

    def violations(self, simulation: SimulatedExport, *, may_end_early: bool = False) -> list[str]:
        """Returns what is wrong after a run, once its pending events were published."""
        export = simulation.stores.exports.find(OURS, EXPORT)
        if export is None:
            return [] if may_end_early else ["there is no export"]
        return [*self._unpublished(simulation), *self._unlike(simulation, export, may_end_early=may_end_early)]

    def _unpublished(self, simulation: SimulatedExport) -> list[str]:
        """Returns what is wrong with the published events, after a sweep as it runs every minute."""
        publish_all_pending(simulation.stores, int(simulation.clock()) + PUBLISHED_LATER_S)
        published = cast(MemoryEvents, simulation.stores.events).published
        return [*each_unpublished_export(simulation.export, published), *each_unlogged(simulation.stores)]

    def _unlike(self, simulation: SimulatedExport, export: Export, *, may_end_early: bool) -> list[str]:
        if export.status is not ExportStatus.COMPLETED:
            wrong = [] if may_end_early and export.is_final else [f"ended as {export.status}: {export.reason}"]
            return [*wrong, *(["it leads to files"] if export.files else [])]
        wrong = [] if simulation.contents == self.contents else ["the files differ"]
        if (export.progress.rows, export.progress.rows_written) != (self.rows, self.rows * 2):
            wrong.append(f"counted {export.progress}")
        return wrong


def record_export(name: str) -> ExportRecording:
    """Runs one of the exports without faults, and records it."""
    calls: list[Call] = []
    invocations: list[str] = []

    def intercept(call: Call) -> Any:
        calls.append(call)
        return call.perform()

    def invoke(function: str, do: Callable[[], Any]) -> Any:
        invocations.append(function)
        return invoke_once(function, do)

    simulation = SimulatedExport(EXPORT_REQUESTS[name], intercept, invoke).run()
    assert simulation.export.status is ExportStatus.COMPLETED, simulation.export.reason
    return ExportRecording(name, calls, invocations, simulation.contents, simulation.export.progress.rows or 0)
