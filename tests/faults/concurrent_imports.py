"""Several imports of one resource at once, each with its own executions, tasks, crashes, doubled functions and cancels.

In come the imports that are requested and a random generator, which decides what goes wrong and which call goes on
next. Out comes the history of all that was written (`history.py`), for `sequential_model.py` to judge.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from random import Random
from typing import Any

from chalicelib.access.context import Context
from chalicelib.errors import Conflict, Retryable
from chalicelib.imports import service as operations
from chalicelib.imports.create import InlineSource, import_now, request_import
from chalicelib.imports.endings import execution_stopped
from chalicelib.imports.events import StoppedEvent
from chalicelib.imports.handlers import ImportMachine
from chalicelib.imports.request import ImportRequest
from chalicelib.imports.uploads import receive_file
from chalicelib.imports.workspace import Workspace
from chalicelib.maintenance import reap_all
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Action, DuplicateHandling, Import
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import upload_key
from chalicelib.model.phases import PhaseName
from chalicelib.model.row_rules import RowRules
from chalicelib.model.rows import Fields, RowOutcome
from chalicelib.stores import memory
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.memory import MemoryImportExecutions
from chalicelib.stores.memory.machine import Execution
from statemachine.interpreter import Json, StateFailed, do_in_order
from tests.faults.crash import Crash
from tests.faults.executions import (
    ATTEMPTS_PER_EVENT,
    FUNCTION_LIFETIME_S,
    NEVER_ANSWERED,
    invoke_once,
    reporting_errors,
    run_execution,
)
from tests.faults.history import RecordsWithHistory, TablesWithHistory
from tests.faults.interleaving import ConcurrentCall, Interleaver
from tests.faults.recorder import Call, CallRecorder
from tests.faults.scenarios import OURS, put
from tests.faults.simulated_import import (
    CALLER,
    REAPER_ROUNDS,
    StoreFactories,
)
from tests.import_world import Clock
from tests.state_functions import IMPORT_MACHINE, import_functions

RESOURCE = "customers"
LAGS = 0.5
"""How likely a look-up that may lag misses the last change of a key."""
IN_MEMORY = Limits(tenant_imports=100)
IN_ONE_TASK = Limits(tenant_imports=100, held_source_bytes=0)
IN_SMALL_BATCHES = Limits(tenant_imports=100, small_source_bytes=0, batch_rows=3)


@dataclass(frozen=True, kw_only=True)
class FaultRates:
    """How likely a fault is, at each call of a store or at each start of a function."""

    crash: float = 0.004
    throttling: float = 0.004
    double: float = 0.05
    """How likely a function is started twice, because its first run was taken for lost."""
    cancel: float = 0.15
    """How likely an import is canceled by its caller."""


NO_FAULTS = FaultRates(crash=0, throttling=0, double=0, cancel=0)


@dataclass(frozen=True, kw_only=True)
class RequestedImport:
    """One import that a caller asks for."""

    rows: list[Fields]
    action: Action = Action.MERGE
    limits: Limits = IN_ONE_TASK
    is_sync: bool = False
    rules: RowRules = field(default_factory=RowRules)

    @property
    def source(self) -> str:
        """The rows as a CSV file."""
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        lines = [",".join(str(row.get(name, "")) for name in names) for row in self.rows]
        return "\n".join([",".join(names), *lines, ""])


@dataclass
class ConcurrentImports:
    """A world in which several imports run at once."""

    requests: list[RequestedImport]
    before: dict[str, Fields]
    random: Random
    rates: FaultRates = NO_FAULTS
    clock: Clock = field(default_factory=Clock)
    factories: StoreFactories = field(default_factory=StoreFactories)
    is_on_tables: bool = False
    """Whether records lie in the real store, over tables in memory: its calls then interleave request by request."""
    ids: list[ImportId] = field(default_factory=list)
    interleaver: Interleaver = field(init=False)
    stores: Stores = field(init=False)

    def __post_init__(self) -> None:
        made = memory.stores(clock=self.clock)
        self._is_alone = True
        self.interleaver = Interleaver(self.random)
        self.imports, self.executions = self.factories.imports(), MemoryImportExecutions()
        self.records = self._records()
        self.stores = replace(
            made,
            imports=self.imports,
            results=self.factories.results(),
            records=self.records,
            import_executions=self.executions,
        )
        self.records.history = []
        put(self.records, OURS, RESOURCE, self.before)
        self.records.history.clear()
        if isinstance(self.records, TablesWithHistory):
            self.records.lag(lambda: self.random.random() < LAGS)
        self.outcomes: dict[ImportId, list[RowOutcome]] = {}
        self.overlapping: set[ImportId] = set()
        """The imports that had two attempts of one writing task running at once."""
        self.imports.on_end = self._keep_outcomes
        self._numbers, self._new_attempt_id = count(1), self.factories.new_attempt_id()
        self._intercepted = CallRecorder(self.stores, self._intercept).stores
        self._executed: set[str] = set()

    def _records(self) -> RecordsWithHistory | TablesWithHistory:
        if self.is_on_tables:
            tables = TablesWithHistory()
            tables.transport.before_each = self._pause
            return tables
        made: RecordsWithHistory = type("Records", (RecordsWithHistory, type(self.factories.records())), {})()
        return made

    def _keep_outcomes(self, import_: Import) -> None:
        """Keeps what became of the rows when the import ended: what a late attempt adds to its work objects afterwards
        is not read by anything."""
        workspace = Workspace(self.stores.files, import_, attempt_id="nobody's")
        batches = workspace.get_batches() if import_.stats.total else []
        outcomes = [one for phase in PhaseName for batch in batches for one in workspace.each_outcome(phase, batch)]
        self.outcomes[import_.import_id] = outcomes

    def _note_double(self, import_id: ImportId, name: str) -> None:
        if name.startswith(("RunPhases", "processing")):
            self.overlapping.add(import_id)

    def _pause(self) -> None:
        if not self._is_alone:
            self.interleaver.pause()

    def run(self) -> "ConcurrentImports":
        """Runs all imports to their ends."""
        callers = [self.interleaver.add("caller", partial(self._ask, request)) for request in self.requests]
        self._is_alone = False
        self.interleaver.run()
        self._is_alone = True
        self._raise_first(callers)
        for _ in range(REAPER_ROUNDS):
            if all(self.get(one).is_final for one in self.ids):
                break
            self._reap()
        return self

    def get(self, import_id: ImportId) -> Import:
        """Returns the import as it is stored now."""
        found = self.stores.imports.find(OURS, import_id)
        assert found is not None
        return found

    def _ask(self, request: RequestedImport) -> None:
        """Does what a caller does: requests an import, uploads its file, and may cancel it."""
        context = self._context(request)
        import_request = ImportRequest(
            resource=RESOURCE,
            action=request.action,
            duplicate_handling=DuplicateHandling.USE_FIRST,
            dialect="packagex",
            rules=request.rules,
        )
        if request.is_sync:
            self._ask_now(context, import_request, request)
        else:
            import_ = request_import(context, CALLER, import_request)
            self.ids.append(import_.import_id)
            self._upload(context, import_, request)
        self._run_started_executions(request)

    def _ask_now(self, context: Context, import_request: ImportRequest, request: RequestedImport) -> None:
        import_id = ImportId(f"imp_{next(self._numbers)}")
        self.ids.append(import_id)
        inline = InlineSource(content=request.source.encode(), content_type="text/csv")
        import_now(replace(context, new_id=lambda _: import_id), CALLER, import_request, inline)

    def _upload(self, context: Context, import_: Import, request: RequestedImport) -> None:
        key = upload_key(OURS, import_.import_id)
        file = self.stores.files.write_file(key, request.source.encode(), content_type="text/csv")
        self._on_event("on_file", lambda: receive_file(context, key, file.version_id))
        if self.random.random() < self.rates.cancel:
            self.interleaver.add("cancel", lambda: self._cancel(context, import_.import_id), weight=0.02)

    def _cancel(self, context: Context, import_id: ImportId) -> None:
        self.interleaver.pause()
        try:
            operations.cancel(context, CALLER, import_id)
        except Conflict:
            assert self.get(import_id).is_final

    def _run_started_executions(self, request: RequestedImport) -> None:
        while new := [one for one in self.executions.executions.values() if one.name not in self._executed]:
            for execution in new:
                self._executed.add(execution.name)
                self._execute(request, execution)

    def _execute(self, request: RequestedImport, execution: Execution) -> None:
        machine, import_id = self._machine(request), ImportId(execution.import_id)
        call = reporting_errors(import_functions(machine), partial(self._invoke, import_id))
        try:
            run_execution(IMPORT_MACHINE, execution.given, call, self.clock, self._spread)
        except StateFailed:
            stopped = StoppedEvent.model_validate({"status": "FAILED", "input": json.dumps(execution.given)})
            self._on_event("on_machine_stopped", lambda: execution_stopped(self._intercepted, stopped))

    def _reap(self) -> None:
        self.clock.now_s = max(self.get(one).due_at or 0 for one in self.ids) + FUNCTION_LIFETIME_S + 1
        request = self.requests[0]
        reap_all(self._context(request))
        self._run_started_executions(request)

    def _invoke(self, import_id: ImportId, name: str, do: Callable[[], Json]) -> Json:
        if self.random.random() < self.rates.double and not self._is_alone:
            self._note_double(import_id, name)
            self.interleaver.add(f"double of {name}", lambda: invoke_once(name, do), weight=self.random.choice(_PACES))
            raise Crash(NEVER_ANSWERED)
        return invoke_once(name, do)

    def _spread(self, works: Sequence[Callable[[], Json]]) -> list[Json]:
        if self._is_alone:
            return do_in_order(works)
        calls = [self.interleaver.add(f"task {number}", do) for number, do in enumerate(works)]
        self.interleaver.wait_for(calls)
        self._raise_first(calls)
        return [call.answer for call in calls]

    @staticmethod
    def _raise_first(calls: list[ConcurrentCall]) -> None:
        for call in calls:
            if call.error is not None:
                raise call.error

    def _on_event(self, name: str, do: Callable[[], object]) -> None:
        for _ in range(ATTEMPTS_PER_EVENT):
            try:
                invoke_once(name, do)
            except (Crash, Retryable):
                continue
            return

    def _intercept(self, call: Call) -> Any:
        if self._is_alone:
            return call.perform()
        if not call.name.startswith("files.") or self.random.random() < _FILES_INTERLEAVED:
            self.interleaver.pause()
        return self._with_fault(call)

    def _with_fault(self, call: Call) -> Any:
        drawn = self.random.random()
        if call.function in ("outside", "cancel") or drawn >= self.rates.crash + self.rates.throttling:
            return call.perform()
        if self.random.random() < 0.5:
            call.perform()
        raise Crash if drawn < self.rates.crash else Retryable("slow down")

    def _machine(self, request: RequestedImport) -> ImportMachine:
        return ImportMachine(
            stores=self._intercepted, limits=request.limits, now=self.clock, new_attempt_id=self._new_attempt_id
        )

    def _context(self, request: RequestedImport) -> Context:
        machine = self._machine(request)
        return Context(
            stores=self._intercepted,
            clock=lambda: int(self.clock()),
            new_id=lambda prefix: f"{prefix}_{next(self._numbers)}",
            open_runner=lambda: machine,
            limits=request.limits,
        )


_PACES = (1.0, 0.2, 0.01)
_FILES_INTERLEAVED = 0.1
"""How many of the calls on files are points at which another call may go on. Files belong to one attempt of one task,
so that it seldom matters when they are read."""
