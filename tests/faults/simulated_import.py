"""One import from its request to its end, through the real operations, machine and tasks, as AWS would drive them.

The state machine is the one that is shipped: a function is run again if and as often as its state says
(`executions.py`); then the execution fails and an event says so. Functions behind events are run three times in all,
then the event is lost. Every few minutes the reaper runs. In come a scenario and an intercept; afterwards the
simulation holds the stores with all that became of the import.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Protocol, runtime_checkable

from chalicelib.access.context import Caller, Context
from chalicelib.imports import service as operations
from chalicelib.imports.create import request_import
from chalicelib.imports.endings import execution_stopped
from chalicelib.imports.events import ExecutionInput, StoppedEvent
from chalicelib.imports.handlers import ImportMachine
from chalicelib.imports.held import change_options, let_go
from chalicelib.imports.request import ImportRequest
from chalicelib.imports.uploads import receive_file
from chalicelib.maintenance import reap_all
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.import_options import ImportOptions
from chalicelib.model.imports import FINAL, DuplicateHandling, Import, Status
from chalicelib.model.object_keys import upload_key
from chalicelib.model.passes import initial_phases
from chalicelib.model.phases import PhaseName
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.task_results import TaskResult
from chalicelib.stores import memory
from chalicelib.stores.interfaces import Records, Stores
from chalicelib.stores.memory import (
    MemoryFiles,
    MemoryImportProfiles,
    MemoryImports,
    MemoryRecords,
    MemoryTaskResults,
)
from chalicelib.stores.memory.machine import Execution
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
from tests.faults.recorder import Call, CallRecorder, Intercept, inside_function, pass_through
from tests.faults.scenarios import OURS, RESOURCE, Scenario
from tests.import_world import Clock
from tests.state_functions import IMPORT_MACHINE, import_functions

REAPER_ROUNDS = 20


class CountingImports(MemoryImports):
    """The store of imports in memory, which remembers every final status that was set.

    Imports and results go out uncopied, here and below: they are frozen, and copies would take most of the time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[tuple[ImportId, str]] = []
        self.on_end: Callable[[Import], None] = lambda import_: None

    def find(self, tenant_id: TenantId, import_id: ImportId) -> Import | None:
        """Returns the import itself, not a copy."""
        return self._imports.get((tenant_id, import_id))

    def list_stored(self) -> list[Import]:
        """Returns all imports that are there, of any time."""
        return [one for one in self._imports.values() if one is not None]

    def put_back(self, import_: Import) -> None:
        """Stores the import as it is given, on no condition."""
        self._imports[import_.tenant_id, import_.import_id] = import_

    def apply(self, import_: Import, change: ImportChange) -> Import | None:
        """Returns the changed import, or None if its condition does not hold."""
        return change.applied_to(import_)

    def change(self, tenant_id: TenantId, import_id: ImportId, change: ImportChange) -> Import | None:
        """Applies a change, and notes it if it ends the import."""
        stored = self.find(tenant_id, import_id)
        changed = self.apply(stored, change) if stored else None
        if changed is not None:
            self.put_back(changed)
        if changed is not None and change.is_watched:
            self.watch(changed)
        if changed is not None and changed.status in FINAL:
            self.unwatch(tenant_id, import_id)
            self.ends.append((import_id, changed.status))
            self.on_end(changed)
        return changed


class QuickResults(MemoryTaskResults):
    """The store of task results in memory, without copies."""

    def find_result(self, import_id: ImportId, attempt: int, phase: PhaseName, task: int) -> TaskResult | None:
        """Returns the result of a task, if it has one."""
        return self._results.get((import_id, attempt, phase), {}).get(task)

    def list_results(self, import_id: ImportId, attempt: int, phase: PhaseName) -> list[TaskResult]:
        """Returns the results of a phase in the order of its tasks."""
        results = self._results.get((import_id, attempt, phase), {})
        return [results[task] for task in sorted(results)]


@dataclass(frozen=True, kw_only=True)
class StoreFactories:
    """What makes the stores of a simulation; `weak_stores.py` passes in stores that have lost a condition."""

    imports: Callable[[], CountingImports] = CountingImports
    results: Callable[[], MemoryTaskResults] = QuickResults
    records: Callable[[], Records] = MemoryRecords
    files: Callable[..., MemoryFiles] = MemoryFiles
    profiles: Callable[[], MemoryImportProfiles] = MemoryImportProfiles
    is_attempt_id_shared: bool = False
    """Whether all task attempts write under one id, instead of one each."""

    def make(self, clock: Clock) -> tuple[Stores, list[Any]]:
        """Returns new stores, and the final statuses that imports are given from now on."""
        imports = self.imports()
        made = memory.stores(clock=clock)
        results, files, records = self.results(), self.files(clock=clock), self.records()
        stores = replace(made, imports=imports, results=results, files=files, records=records)
        stores = replace(stores, import_profiles=self.profiles())
        return replace(stores, event_log=imports.event_log), imports.ends

    def new_attempt_id(self) -> Callable[[], str]:
        numbers = count(1)
        return (lambda: "shared") if self.is_attempt_id_shared else (lambda: f"try{next(numbers)}")


@runtime_checkable
class HasExecutions(Protocol):
    """What remembers the executions that were started, by their names."""

    executions: dict[str, Execution]


@dataclass
class SimulatedImport:
    """A world with one import in it, which is driven from its request to its end."""

    scenario: Scenario
    intercept: Intercept = pass_through
    invoke: Invoke = invoke_once
    clock: Clock = field(default_factory=Clock)
    factories: StoreFactories = field(default_factory=StoreFactories)
    definition: Mapping[str, Any] = field(default_factory=lambda: IMPORT_MACHINE)
    """The state machine."""
    attempt: int = 1
    failures: list[str] = field(default_factory=list)
    """The reasons why executions and functions behind events failed."""
    stores: Stores = field(init=False)
    """The stores themselves, without the intercept."""
    import_id: ImportId = field(init=False)

    def __post_init__(self) -> None:
        self.stores, self.ends = self.factories.make(self.clock)
        self.scenario.fill(self.stores.records)
        self.machine, self.context = self._service(CallRecorder(self.stores, self._intercepted).stores)
        self._executed: set[str] = set()
        self.import_id = self._request().import_id

    def _service(self, stores: Stores) -> tuple[ImportMachine, Context]:
        ids = count(1)
        machine = ImportMachine(
            stores=stores, limits=self.scenario.limits, now=self.clock, new_attempt_id=self.factories.new_attempt_id()
        )
        context = Context(
            stores=stores,
            clock=lambda: int(self.clock()),
            new_id=lambda prefix: f"{prefix}_{next(ids)}",
            open_runner=lambda: machine,
            limits=self.scenario.limits,
        )
        return machine, context

    def _intercepted(self, call: Call) -> Any:
        return self.intercept(call)

    def _request(self) -> Import:
        intercept, self.intercept = self.intercept, pass_through
        request = ImportRequest(
            resource=RESOURCE,
            action=self.scenario.action,
            location_id=self.scenario.location_id,
            duplicate_handling=DuplicateHandling.IGNORE_ALL if self.scenario.hold else DuplicateHandling.USE_FIRST,
            hold=self.scenario.hold,
            dialect="packagex",
            save_upload=self.scenario.save_upload,
            is_preview=self.scenario.is_preview,
            guard_rails=self.scenario.guard_rails,
            rules=self.scenario.rules,
        )
        requested = request_import(self.context, CALLER, request)
        self.intercept = intercept
        return requested

    @property
    def import_(self) -> Import:
        """The import as it is stored now."""
        found = self.stores.imports.find(OURS, self.import_id)
        assert found is not None
        return found

    def run(self) -> "SimulatedImport":
        """Uploads the file, delivers its event, and lets time pass until the import has ended."""
        version_id = self.upload(self.scenario.source)
        self.deliver_event(version_id)
        self.run_to_end()
        return self

    def upload(self, content: str) -> str:
        """Stores a file where the caller would have uploaded it, and returns its version."""
        key = upload_key(OURS, self.import_id)
        stored = self.stores.files.write_file(key, content.encode(), content_type="text/csv")
        assert stored.version_id is not None
        return stored.version_id

    def deliver_event(self, version_id: str) -> None:
        """Delivers the event that this version of the file has arrived."""
        key = upload_key(OURS, self.import_id)
        self._on_event("on_file", lambda: receive_file(self.context, key, version_id))

    def run_to_end(self) -> None:
        """Runs what was started; then the reaper looks after an import that has not ended."""
        for _ in range(REAPER_ROUNDS):
            self.let_go_if_held()
            self.run_executions()
            if self.import_.is_final:
                return
            due_at = self.import_.due_at or 0
            self.clock.now_s = max(self.clock.now_s, due_at) + FUNCTION_LIFETIME_S + 1
            self.reap()

    def reap(self) -> None:
        """Runs the reaper once, as its schedule does."""
        self._on_event("reap", lambda: reap_all(self.context))

    def cancel(self) -> None:
        """Cancels the import, as a caller does; raises Conflict if it has ended."""
        with inside_function("cancel"):
            operations.cancel(self.context, CALLER, self.import_id)

    def let_go_if_held(self) -> None:
        """States an option anew, and lets the import go, as a caller does who asks again where an answer is an
        error."""
        if self.import_.is_held:
            ids = CALLER, self.import_id
            self._on_event("change_options", lambda: change_options(self.context, *ids, USE_FIRST))
            self._on_event("let_go", lambda: let_go(self.context, *ids))

    def run_executions(self) -> None:
        """Runs every execution that was started and neither run nor stopped yet."""
        assert isinstance(self.stores.import_executions, HasExecutions)
        executions = self.stores.import_executions.executions
        while pending := [one for one in executions.values() if one.name not in self._executed and not one.stopped_by]:
            for execution in pending:
                self._executed.add(execution.name)
                self.run_execution(execution.given)

    def run_execution(self, given: Mapping[str, Any] | None = None) -> None:
        """Runs an execution of the state machine, by default that of the import's attempt. One that fails is reported
        as stopped.
        """
        given = given or self.event.model_dump(mode="json")
        call = reporting_errors(import_functions(self.machine), self.invoke)
        try:
            run_execution(self.definition, given, call, self.clock)
        except StateFailed as failure:
            self.failures.append(str(failure))
            self._report_stopped(json.dumps(given))

    def start_next_attempt(self) -> None:
        """Stores the import as it is when its next attempt has been queued."""
        self.attempt += 1
        queued = replace(self.import_, status=Status.QUEUED, attempt=self.attempt, reason=None, ended_at=None)
        assert isinstance(self.stores.imports, CountingImports)
        self.stores.imports.put_back(replace(queued, phases=initial_phases(queued)))

    def report_stopped_execution(self, attempt: int | None = None) -> None:
        """Delivers the event that an execution has failed."""
        self._report_stopped(self.event.model_copy(update={"attempt": attempt or self.attempt}).model_dump_json())

    def _report_stopped(self, given: str) -> None:
        stopped = StoppedEvent.model_validate({"status": "FAILED", "input": given})
        self._on_event("on_machine_stopped", lambda: execution_stopped(self.context.stores, stopped))

    @property
    def event(self) -> ExecutionInput:
        """The input of the import's execution."""
        return ExecutionInput(tenant_id=OURS, import_id=self.import_id, attempt=self.attempt)

    def _on_event(self, name: str, do: Callable[[], object]) -> None:
        for _ in range(ATTEMPTS_PER_EVENT):
            try:
                self.invoke(name, do)
            except (Crash, Exception) as error:
                self.failures.append(f"{name}: {error!r}")
            else:
                return


USE_FIRST: ImportOptions = {"duplicate_handling": DuplicateHandling.USE_FIRST}
BEFORE_ITS_BEGIN = frozenset({"on_file", "change_options", "let_go"})
"""What is called before the import is queued."""
CALLER = Caller(tenant_id=OURS, key_id="key_test", scopes=frozenset())
