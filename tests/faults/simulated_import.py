"""One import from its request to its end, through the real operations, machine and tasks, as AWS would drive them.

Functions behind the state machine are tried again when they ask for it or when their process is gone, seven times in
all; then the execution fails and an event says so. Functions behind events are tried three times in all, then the event
is lost. Every few minutes the reaper comes. In comes a scene and a tap; afterwards the play holds what became of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Any, TypeVar

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Retryable
from chalicelib.imports import service as operations
from chalicelib.imports.create import request_import
from chalicelib.imports.events import Event, FinishEvent, GateEvent, Step, StoppedEvent, TaskEvent
from chalicelib.imports.handlers import ImportMachine
from chalicelib.imports.request import ImportRequest
from chalicelib.imports.uploads import file_arrived
from chalicelib.maintenance import reap_all
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import FINAL, DuplicateHandling, Import, Status, pending_phases
from chalicelib.model.object_keys import upload_key
from chalicelib.model.phases import FIRST_PHASE, PhaseName
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.task_results import TaskResult
from chalicelib.stores import memory
from chalicelib.stores.interfaces import Records, Stores
from chalicelib.stores.memory import (
    MemoryFiles,
    MemoryImportExecutions,
    MemoryImports,
    MemoryRecords,
    MemoryTaskResults,
)
from tests.faults.crash import Crash
from tests.faults.recorder import Call, Tap, Taps, place, plainly
from tests.faults.scenarios import OURS, RESOURCE, Scene
from tests.import_world import Clock

TRIES_OF_A_STATE = 7
TRIES_OF_AN_EVENT = 3
ROUNDS_OF_THE_REAPER = 20
LIFE_OF_A_FUNCTION_S = 15 * 60

Answer = TypeVar("Answer")


class ExecutionFailed(Exception):
    """A state of the machine has used up its tries."""


class CountingImports(MemoryImports):
    """Remembers by which import how often a final status was reached.

    Imports and results go out uncopied, here and below: they are frozen, and copies would take most of the time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[tuple[ImportId, str]] = []
        self.tell_end: Callable[[Import], None] = lambda import_: None

    def find(self, tenant_id: TenantId, import_id: ImportId) -> Import | None:
        return self._imports.get((tenant_id, import_id))

    def put_back(self, import_: Import) -> None:
        self._imports[import_.tenant_id, import_.import_id] = import_

    def apply(self, import_: Import, change: ImportChange) -> Import | None:
        return change.applied_to(import_)

    def change(self, tenant_id: TenantId, import_id: ImportId, change: ImportChange) -> Import | None:
        stored = self.find(tenant_id, import_id)
        changed = self.apply(stored, change) if stored else None
        if changed is not None:
            self.put_back(changed)
        if changed is not None and changed.status in FINAL:
            self.ends.append((import_id, changed.status))
            self.tell_end(changed)
        return changed


class QuickResults(MemoryTaskResults):
    def find_result(self, import_id: ImportId, attempt: int, phase: PhaseName, task: int) -> TaskResult | None:
        return self._results.get((import_id, attempt, phase), {}).get(task)

    def list_results(self, import_id: ImportId, attempt: int, phase: PhaseName) -> list[TaskResult]:
        results = self._results.get((import_id, attempt, phase), {})
        return [results[task] for task in sorted(results)]


@dataclass(frozen=True, kw_only=True)
class Twins:
    """The stores in memory; a test of the tests passes weaker ones in."""

    imports: Callable[[], CountingImports] = CountingImports
    results: Callable[[], MemoryTaskResults] = QuickResults
    records: Callable[[], Records] = MemoryRecords
    files: Callable[..., MemoryFiles] = MemoryFiles
    is_token_shared: bool = False
    """Tries do not write under tokens of their own."""

    def new_token(self) -> Callable[[], str]:
        numbers = count(1)
        return (lambda: "shared") if self.is_token_shared else (lambda: f"try{next(numbers)}")


Invoke = Callable[[str, Callable[[], Any]], Any]
"""Runs one function of the service once; a name and what to do."""


RunState = Callable[[str, Callable[[], Any]], Any]
"""Runs a Task state to its answer; raises ExecutionFailed."""
RunStates = Callable[[Sequence[tuple[str, Callable[[], None]]]], None]
"""Runs the branches of a Map."""


def walk(machine: ImportMachine, event: Event, run: RunState, run_all: RunStates) -> None:
    """What `statemachine/import_machine.py` does."""
    step = run("plan", lambda: machine.plan(event))
    if step.route.startswith("run_phases"):
        step = run("run_phases", lambda: machine.run_phases(event))
    elif step.route.startswith("prevalidate"):
        step = _walk_phase(machine, step, FIRST_PHASE, run, run_all)
    while step.route != "finish":
        step = _walk_phase(machine, step, PhaseName(step.route), run, run_all)
    finishing = FinishEvent(**event.model_dump(), stopped_by=step.stopped_by)
    run("finish", lambda: machine.finish(finishing))


def _walk_phase(machine: ImportMachine, step: Step, phase: PhaseName, run: RunState, run_all: RunStates) -> Step:
    """One Map and its gate."""
    ids = {"tenant_id": step.tenant_id, "import_id": step.import_id, "attempt": step.attempt}
    events = [TaskEvent.model_validate({**ids, "phase": phase, "task": task}) for task in step.tasks]
    run_all([(f"{phase} {event.task}", partial(machine.run_task, event)) for event in events])
    gate = GateEvent.model_validate({**ids, "phase": phase})
    answer: Step = run(f"{phase} gate", lambda: machine.close_phase(gate))
    return answer


def simply(name: str, do: Callable[[], Answer]) -> Answer:
    with place(name):
        return do()


@dataclass
class Play:
    """A world of its own with one import in it."""

    scene: Scene
    tap: Tap = plainly
    invoke: Invoke = simply
    clock: Clock = field(default_factory=Clock)
    twins: Twins = field(default_factory=Twins)
    attempt: int = 1
    failures: list[str] = field(default_factory=list)
    """Why executions and functions behind events failed."""
    stores: Stores = field(init=False)
    """As they are, untapped."""
    import_id: ImportId = field(init=False)

    def __post_init__(self) -> None:
        self.imports = self.twins.imports()
        self.stores = replace(
            memory.stores(clock=self.clock),
            imports=self.imports,
            results=self.twins.results(),
            files=self.twins.files(clock=self.clock),
            records=self.twins.records(),
        )
        self.scene.furnish(self.stores.records)
        self.machine, self.context = self._service(Taps(self.stores, self._tapped).stores)
        self._played: set[str] = set()
        self.import_id = self._request().import_id

    def _service(self, stores: Stores) -> tuple[ImportMachine, Context]:
        ids = count(1)
        machine = ImportMachine(
            stores=stores, limits=self.scene.limits, now=self.clock, new_token=self.twins.new_token()
        )
        context = Context(
            stores=stores,
            clock=lambda: int(self.clock()),
            new_id=lambda prefix: f"{prefix}_{next(ids)}",
            enter=lambda import_, upload: machine.enter(import_, upload.content),
            run_now=machine.run_now,
            finish=machine.end,
            limits=self.scene.limits,
        )
        return machine, context

    def _tapped(self, call: Call) -> Any:
        return self.tap(call)

    def _request(self) -> Import:
        tap, self.tap = self.tap, plainly
        wanted = ImportRequest(
            resource=RESOURCE,
            action=self.scene.action,
            location_id=self.scene.location_id,
            duplicate_handling=DuplicateHandling.USE_FIRST,
            dialect="packagex",
            save_upload=self.scene.save_upload,
        )
        requested = request_import(self.context, CALLER, wanted)
        self.tap = tap
        return requested

    @property
    def import_(self) -> Import:
        found = self.stores.imports.find(OURS, self.import_id)
        assert found is not None
        return found

    def run(self) -> "Play":
        """The file arrives, its event is delivered, and time goes on until the import has ended."""
        version_id = self.upload(self.scene.source)
        self.deliver(version_id)
        self.go_on()
        return self

    def upload(self, content: str) -> str:
        key = upload_key(OURS, self.import_id)
        stored = self.stores.files.write_file(key, content.encode(), content_type="text/csv")
        assert stored.version_id is not None
        return stored.version_id

    def deliver(self, version_id: str) -> None:
        """The event that a file has arrived."""
        key = upload_key(OURS, self.import_id)
        self._on_event("on_file", lambda: file_arrived(self.context, key, version_id))

    def go_on(self) -> None:
        """Whatever was started runs; then the reaper looks after what has no end yet."""
        for _ in range(ROUNDS_OF_THE_REAPER):
            self.run_executions()
            if self.import_.is_final:
                return
            due_at = self.import_.due_at or 0
            self.clock.now_s = max(self.clock.now_s, due_at) + LIFE_OF_A_FUNCTION_S + 1
            self.reap()

    def reap(self) -> None:
        self._on_event("reap", lambda: reap_all(self.context))

    def cancel(self) -> None:
        with place("cancel"):
            operations.cancel(self.context, CALLER, self.import_id)

    def run_executions(self) -> None:
        assert isinstance(self.stores.import_executions, MemoryImportExecutions)
        for execution in list(self.stores.import_executions.executions.values()):
            if execution.name not in self._played and execution.stopped_by is None:
                self._played.add(execution.name)
                self.execute()

    def execute(self) -> None:
        """One execution of the state machine, and the event of its death if it dies."""
        try:
            walk(self.machine, self.event, self._state, self._states)
        except ExecutionFailed as failure:
            self.failures.append(str(failure))
            self.tell_of_death()

    def begin_again(self) -> None:
        """The next attempt of the import, as it lies in the store when it is queued anew."""
        self.attempt += 1
        queued = replace(self.import_, status=Status.QUEUED, attempt=self.attempt, reason=None, ended_at=None)
        self.imports.put_back(replace(queued, phases=pending_phases(queued.upload_mode)))

    def tell_of_death(self, attempt: int | None = None) -> None:
        event = self.event.model_copy(update={"attempt": attempt or self.attempt})
        stopped = StoppedEvent.model_validate({"status": "FAILED", "input": event.model_dump_json()})
        self._on_event("on_machine_stopped", lambda: self.machine.finish(stopped.to_finish_event()))

    @property
    def event(self) -> Event:
        return Event(tenant_id=OURS, import_id=self.import_id, attempt=self.attempt)

    def _states(self, branches: Sequence[tuple[str, Callable[[], None]]]) -> None:
        for name, do in branches:
            self._state(name, do)

    def _state(self, name: str, do: Callable[[], Answer]) -> Answer:
        """A Task state: its function, tried again as the Retry of every state says."""
        for _ in range(TRIES_OF_A_STATE):
            try:
                answer: Answer = self.invoke(name, do)
            except (Retryable, Crash):
                continue
            except Exception as error:
                raise ExecutionFailed(f"{name}: {error!r}") from error
            return answer
        raise ExecutionFailed(f"{name}: no try was left")

    def _on_event(self, name: str, do: Callable[[], object]) -> None:
        for _ in range(TRIES_OF_AN_EVENT):
            try:
                self.invoke(name, do)
            except (Crash, Exception) as error:
                self.failures.append(f"{name}: {error!r}")
            else:
                return


CALLER = Caller(tenant_id=OURS, key_id="key_test", scopes=frozenset())
