"""Executions of the shipped state machines on the clock of an `EventLoop`, as many side by side as there are.

`statemachine/interpreter.py` says what an execution asks for next; here it happens: functions are called, waits pass,
the tasks of a Map run as many at once as it allows, and the events of each history are counted, which Step Functions
ends. Source: https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from bench.event_loop import EventLoop
from statemachine import interpreter
from statemachine.interpreter import Branches, Entry, Invocation, Json, Request, State, StateFailed, Wait

HISTORY_EVENTS = 25_000
"""Where Step Functions ends an execution (AWS)."""
EVENTS_OF_A_STATE = 2
"""That it was entered and left."""
EVENTS_OF_A_TRY = 3
"""That a task was scheduled, started, and failed or succeeded."""
EVENTS_OF_A_MAP = 3
"""That a Map was started, its run was started, and ended."""
HISTORY_IS_FULL = "ExecutionHistoryLimit"

Respond = Callable[[Json | StateFailed], None]
Invoke = Callable[[str, Json, Respond], None]
"""Calls a function by its logical id (`PlanImport`) with a payload; answers now or later, once."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long Step Functions itself takes, in seconds."""

    state_s: float = 0.03
    """From one state to the next."""
    child_s: float = 0.2
    """Until a task of a distributed Map has started, as an execution of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMachine:
    """A machine whose executions can be started."""

    definition: State
    parameters: Mapping[str, int]
    """What stands for the definition's `${…}` where it needs a number, by name."""
    invoke: Invoke
    loop: EventLoop
    random: Random
    """Of which jitter is made."""
    pace: Pace = Pace()

    def start(self, given: Json, on_end: Callable[["Execution"], None] = lambda _: None) -> "Execution":
        """Starts an execution with this input. Calls `on_end` once it has ended."""
        execution = Execution(self, interpreter.execute(self.definition, given), on_end)
        execution.begin()
        return execution


class Execution:
    """One run of a machine, or of one task of a Map."""

    def __init__(
        self, machine: StateMachine, steps: interpreter.Execution, on_end: Callable[["Execution"], None]
    ) -> None:
        self.output: Json = None
        self.error: str | None = None
        """The name of the error by which it failed."""
        self.events = 1
        """Of its history; the first says that it was started."""
        self.is_over = False
        self._machine = machine
        self._steps = steps
        self._on_end = on_end
        self._running: set[Execution] = set()
        """The tasks of a Map that run."""

    def begin(self) -> None:
        """Enters the first state."""
        self._go_on(None)

    def stop(self, error: str = "States.Aborted") -> None:
        """Ends it, and its tasks with it. Functions that it has called run on; their answers are not heard."""
        if self.is_over:
            return
        self.is_over, self.error = True, error
        for task in list(self._running):
            task.stop(error)
        self._on_end(self)

    def _go_on(self, answer: Json | StateFailed) -> None:
        """Gives the answer to what was asked for, and does what is asked for next."""
        if self.is_over:
            return
        try:
            failed = isinstance(answer, StateFailed)
            request = self._steps.throw(answer) if failed else self._steps.send(answer)
        except StopIteration as end:
            self.output, self.is_over = end.value, True
            self._on_end(self)
        except StateFailed as failure:
            self.stop(failure.error)
        else:
            self._do(request)

    def _do(self, request: Request) -> None:
        match request:
            case Entry():
                if self._note(EVENTS_OF_A_STATE):
                    self._go_on_after(self._machine.pace.state_s)
            case Wait():
                self._go_on_after(self._machine.random.uniform(0, request.longest_s))
            case Invocation():
                if self._note(EVENTS_OF_A_TRY):
                    self._machine.invoke(request.function, request.payload, self._go_on)
            case Branches():
                if self._note(EVENTS_OF_A_MAP):
                    self._run_side_by_side(request)

    def _run_side_by_side(self, request: Branches) -> None:
        ahead, outputs = list(request.executions)[::-1], list[Json]()
        most = self._most_at_once(request)
        start_s = self._machine.pace.child_s if request.is_distributed else 0.0

        def start_more() -> None:
            while ahead and len(self._running) < most:
                task = Execution(self._machine, ahead.pop(), ended)
                self._running.add(task)
                self._machine.loop.call_after(start_s, task.begin)
            if not self._running:
                self._go_on(outputs)

        def ended(task: Execution) -> None:
            self._running.discard(task)
            outputs.append(task.output)
            if self.is_over or not self._note(0 if request.is_distributed else task.events):
                return
            if task.error:
                fail(task.error)
            else:
                start_more()

        def fail(error: str) -> None:
            dropped, self._running = self._running, set()
            ahead.clear()
            for task in dropped:
                task.drop()
            self._go_on(StateFailed(error))

        start_more()

    def drop(self) -> None:
        """Ends it without a word to whom it belongs: another task of its Map has failed."""
        self._on_end = lambda _: None
        self.stop()

    def _most_at_once(self, request: Branches) -> int:
        given = request.max_concurrency
        most = self._machine.parameters[given.strip("${}")] if isinstance(given, str) else given
        return most or len(request.executions)

    def _go_on_after(self, delay_s: float) -> None:
        self._machine.loop.call_after(delay_s, lambda: self._go_on(None))

    def _note(self, events: int) -> bool:
        """Adds events to the history; ends the execution, and returns False, where it is full."""
        self.events += events
        if self.events >= HISTORY_EVENTS:
            self.stop(HISTORY_IS_FULL)
        return not self.is_over
