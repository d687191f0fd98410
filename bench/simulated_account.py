"""One AWS account on a clock that leaps: the shipped state machine and the shipped queue, over Lambda's limits.

Files arrive, `JobQueue` decides which imports start, their executions run the shipped definition, and every call of a
function passes `LambdaService`. Only what functions do to rows is a guess: how long it takes, and how many tasks a
phase has. The reaper comes every five minutes, and requests come as a load says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil
from random import Random
from typing import Any

from bench.event_loop import EventLoop
from bench.lambda_service import LambdaService
from bench.state_machine import Execution, Respond, StateMachine
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.events import ExecutionInput, ImportRoute
from chalicelib.imports.plan import PARTITION_BYTES
from chalicelib.model.concurrency import shares_of
from chalicelib.model.events import JobKind
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Action, Import, Status, UploadMode
from chalicelib.model.limits import Limits
from chalicelib.model.passes import pass_after
from chalicelib.model.phases import FIRST_PHASE, PhaseName
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import StopReason
from chalicelib.stores import memory
from chalicelib.stores.interfaces import ExecutionStatus
from local.template import definitions_of
from statemachine.interpreter import Json, State, StateFailed

ROW_BYTES = 200
SECONDS_A_BATCH = {
    PhaseName.PREVALIDATION: 2.0,
    PhaseName.PREPARSING: 1.0,
    PhaseName.TRANSFORMING: 4.0,
    PhaseName.PARSING: 1.0,
    PhaseName.VALIDATION: 1.0,
    PhaseName.PROCESSING: 20.0,
    PhaseName.CLEANUP: 1.0,
}
"""For a batch of 20,000 rows: CPU as measured, and the answers of DynamoDB at a thousand statements a second."""
SECONDS_OF_A_MOMENT = 0.3
"""What a request, a gate, or a function that an event calls works."""
REAP_EVERY_S = 300
BATCH_PHASES = (PhaseName.TRANSFORMING, PhaseName.VALIDATION, PhaseName.PROCESSING)
NAMES = {"api": "APIHandler", "announcements": "PublishEvents"}
"""The functions that have reserved concurrency."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that one tenant brings."""

    at_s: float
    tenant: str
    rows: int


@dataclass(frozen=True, slots=True)
class Load:
    """Requests that come at a steady rate for a while."""

    from_s: float
    until_s: float
    requests_a_s: float


@dataclass(slots=True)
class Outcome:
    """What became of the files, and of the calls."""

    imports: list[Import]
    throttles: int
    """Calls of the machine that were throttled, each of which was tried again."""
    refused_requests: int
    most_functions: int
    """Functions that ran at the same time, at most."""
    most_imports: int
    took_s: float

    @property
    def failed(self) -> list[Import]:
        """Returns the imports that did not complete."""
        return [one for one in self.imports if one.status is not Status.COMPLETED]

    def waits_s(self, tenant: str | None = None) -> list[int]:
        """Returns how long each import waited for its beginning; of one tenant, or of all."""
        mine = [one for one in self.imports if tenant in (None, one.tenant_id)]
        return [(one.started_at or one.ended_at or 0) - one.created_at for one in mine]


class SimulatedAccount:
    """An account of this concurrency, with one stack in it."""

    def __init__(self, account: int, *, definition: State | None = None, seed: int = 1) -> None:
        shares = shares_of(account)
        self.loop, random = EventLoop(), Random(seed)
        self.limits = Limits(stack_imports=shares.imports, stack_exports=shares.exports)
        reserved = {NAMES["api"]: shares.api, NAMES["announcements"]: shares.announcements} if shares.api else {}
        self.functions = LambdaService(self.loop, account=account, reserved=reserved, seconds_of=self._seconds_of)
        self.machine_functions: set[str] = set()
        """What the machine has called so far."""
        self.machine = StateMachine(
            definition=definition or definitions_of("prod")["ImportMachine"],
            parameters={"MaxConcurrency": shares.tasks, "ProcessingConcurrency": shares.writers},
            invoke=self._invoke,
            loop=self.loop,
            random=random,
        )
        self.stores = replace(memory.stores(clock=lambda: self.loop.now_s), import_executions=SimulatedExecutions(self))
        self.queue = import_queue(self.stores, self.limits, lambda: self.loop.now_s)
        self.executions: dict[str, Execution] = {}
        self.files: dict[str, File] = {}
        self.most_running = 0

    def run(self, files: list[File], loads: tuple[Load, ...] = ()) -> Outcome:
        """Lets the files arrive, and everything happen until every import has ended."""
        for number, file in enumerate(files):
            self.loop.call_after(file.at_s, lambda number=number, file=file: self._arrive(number, file))  # type: ignore[misc]
        for load in loads:
            for number in range(int((load.until_s - load.from_s) * load.requests_a_s)):
                self.loop.call_after(load.from_s + number / load.requests_a_s, self._request)
        self._reap_while_any(len(files))
        self.loop.run()
        return Outcome(
            imports=list(self._each_import()),
            throttles=sum(self.functions.throttles[name] for name in self.machine_functions),
            refused_requests=self.functions.throttles[NAMES["api"]],
            most_functions=self.functions.most_running,
            most_imports=self.most_running,
            took_s=max(one.ended_at or 0 for one in self._each_import()),
        )

    def start(self, import_: Import) -> None:
        """Starts the execution of an import, once."""
        if import_.import_id in self.executions:
            return
        running = self.stores.slots.list_holders(JobKind.IMPORT, slots=self.limits.stack_imports)
        self.most_running = max(self.most_running, len(running))
        event = ExecutionInput(tenant_id=import_.tenant_id, import_id=import_.import_id, attempt=import_.attempt)
        given = event.model_dump(mode="json")
        self.executions[import_.import_id] = self.machine.start(given, lambda one: self._stopped(import_, one))

    def _invoke(self, function: str, payload: Json, respond: Respond) -> None:
        self.machine_functions.add(function)
        self.functions.invoke(function, payload, respond, lambda: self._answer(function, payload))

    def _stopped(self, import_: Import, execution: Execution) -> None:
        if execution.error:
            self.functions.send("OnMachineStopped", {}, lambda: self._end(import_, Status.FAILED))

    def _arrive(self, number: int, file: File) -> None:
        import_ = Import(
            import_id=ImportId(f"imp_{number}"),
            tenant_id=TenantId(file.tenant),
            resource="contacts",
            action=Action.MERGE,
            upload_mode=UploadMode.ASYNC,
            status=Status.QUEUED,
            created_at=int(self.loop.now_s),
            deadline_at=int(self.loop.now_s) + self.limits.import_time_s,
        )
        self.files[import_.import_id] = file
        self.stores.imports.add(import_)
        self.functions.send("OnFile", {}, lambda: self.queue.start_or_enqueue(import_))

    def _request(self) -> None:
        self.functions.invoke(NAMES["api"], {}, lambda _: None, lambda: None)

    def _reap_while_any(self, files: int) -> None:
        """Does what the reaper does for imports, as long as any has not ended."""

        def reap() -> None:
            for tenant_id, import_id in list(self.stores.imports.each_due(int(self.loop.now_s))):
                import_ = self.stores.imports.find(tenant_id, import_id)
                if import_ is not None:
                    self._end(import_, Status.TIMED_OUT)
                    self.stores.import_executions.stop(import_, cause="timed_out")
            self.queue.recover()

        def tick() -> None:
            ended = sum(one.is_final for one in self._each_import())
            if ended < files:
                self.functions.send("Reap", {}, reap)
                self.loop.call_after(REAP_EVERY_S, tick)

        self.loop.call_after(REAP_EVERY_S, tick)

    def _each_import(self) -> Iterator[Import]:
        for import_id, file in self.files.items():
            import_ = self.stores.imports.find(TenantId(file.tenant), ImportId(import_id))
            if import_ is not None:
                yield import_

    def _end(self, import_: Import, status: Status) -> None:
        change = ImportChange(to=status, at=int(self.loop.now_s), ended_at=int(self.loop.now_s))
        self.stores.imports.change(import_.tenant_id, import_.import_id, change)
        self.queue.release(import_)
        self.functions.send(NAMES["announcements"], {}, lambda: None)

    def _answer(self, function: str, payload: Json) -> Json | StateFailed:
        """Does what a function of the machine does to the import, and returns its step."""
        if "import_id" not in payload:
            return None
        import_ = self.stores.imports.find(payload["tenant_id"], payload["import_id"])
        if import_ is None:
            return StateFailed("Fatal")
        if function == "PlanImport":
            return self._plan(import_, payload)
        if function == "ClosePhase":
            phase = pass_after(import_, PhaseName(payload["phase"]))
            return _step(payload, phase or ImportRoute.FINISH, self._tasks_of(import_.import_id, phase))
        if function == "FinishImport":
            self._end(import_, Status.COMPLETED)
        return _step(payload, ImportRoute.FINISH, 0)

    def _plan(self, import_: Import, payload: Json) -> Json:
        now = int(self.loop.now_s)
        deadline_at = now + self.limits.import_time_s
        change = ImportChange(to=Status.PROCESSING, at=now, started_at=now, deadline_at=deadline_at)
        self.stores.imports.change(import_.tenant_id, import_.import_id, change)
        if self._size_bytes(import_.import_id) <= self.limits.small_source_bytes:
            return _step(payload, ImportRoute.RUN_PHASES, 0)
        return _step(payload, ImportRoute.PREVALIDATE, self._tasks_of(import_.import_id, FIRST_PHASE))

    def _tasks_of(self, import_id: str, phase: PhaseName | None) -> int:
        if phase in BATCH_PHASES:
            return ceil(self.files[import_id].rows / self.limits.batch_rows)
        if phase in (PhaseName.PREPARSING, PhaseName.PARSING):
            return ceil(self._size_bytes(import_id) / PARTITION_BYTES)
        return ceil(self._size_bytes(import_id) / self.limits.split_bytes) if phase is FIRST_PHASE else 0

    def _size_bytes(self, import_id: str) -> int:
        return self.files[import_id].rows * ROW_BYTES

    def _seconds_of(self, function: str, payload: Json) -> float:
        """Returns how long a function works: a task of a phase on its share of the batches."""
        if function != "RunPhases" and "task" not in payload:
            return SECONDS_OF_A_MOMENT
        batches = self.files[payload["import_id"]].rows / self.limits.batch_rows
        if function == "RunPhases":
            return SECONDS_OF_A_MOMENT + batches * sum(SECONDS_A_BATCH.values())
        phase = PhaseName(payload["phase"])
        return SECONDS_A_BATCH[phase] * batches / self._tasks_of(payload["import_id"], phase)


def _step(payload: Json, route: str, tasks: int) -> Json:
    named = {name: payload[name] for name in ("tenant_id", "import_id", "attempt")}
    return {**named, "route": str(route), "tasks": list(range(tasks)), "stopped_by": None}


class SimulatedExecutions:
    """Keeps the promises of `stores.interfaces.Executions` over an account."""

    def __init__(self, account: SimulatedAccount) -> None:
        self._account = account

    def start(self, job: Any, /) -> None:
        """Does what `Executions.start` promises."""
        self._account.start(job)

    def stop(self, job: Any, /, *, cause: str) -> None:
        """Does what `Executions.stop` promises."""
        execution = self._account.executions.get(job.import_id)
        if execution:
            execution.stop(cause)

    def find_status(self, job: Any, /) -> ExecutionStatus | None:
        """Is not asked here: no event gets lost."""
        raise NotImplementedError

    def start_describing(self, import_: Import, name: str) -> None:
        """Is not asked here: nothing is held."""
        raise NotImplementedError

    def start_ending(self, import_: Import, stopped_by: StopReason, *, is_dead: bool) -> None:
        """Is not asked here: `_end` does it at once."""
        raise NotImplementedError
