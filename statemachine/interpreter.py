"""What Step Functions does with a definition, without doing any of it: an execution asks whoever drives it.

In come a definition and an input. Out comes a generator that yields what is to be done next (`Entry`, `Invocation`,
`Wait`, `Branches`), is sent the answer, or is thrown a `StateFailed`, and returns the output. So the shipped machines
run in tests and in simulations, on any clock. Fields that are new to it raise ValueError.
Source: https://states-language.net/spec.html
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from statemachine.retries import Tries, stands_for

Json = Any
State = Mapping[str, Any]

TOO_MANY_FAILED = "States.ExceedToleratedFailureThreshold"
"""How a distributed Map fails, whatever its tasks failed with (AWS, "Handling errors in Step Functions workflows")."""

KNOWN = {
    "Task": {"Resource", "Parameters", "ResultPath", "OutputPath", "Retry", "Catch", "Next", "End"},
    "Choice": {"Choices", "Default"},
    "Succeed": set(),
    "Map": {"ItemsPath", "ItemSelector", "ItemProcessor", "MaxConcurrency", "ResultPath", "Retry", "Catch", "Next"},
}
"""The fields of each type of state that are obeyed."""


class StateFailed(Exception):
    """A function, a state or an execution has failed."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}" if cause else error)
        self.error = error
        """The error's name, such as `Lambda.ServiceException`; for what a function raised, the name of its class."""
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Entry:
    """A state has been entered; there is no answer."""

    state: str


@dataclass(frozen=True, slots=True)
class Invocation:
    """Call a function; the answer is what it returns, as JSON."""

    state: str
    function: str
    """Its logical id in the template, such as `PlanImport`."""
    payload: Json


@dataclass(frozen=True, slots=True)
class Wait:
    """Let a time pass, anything from nothing up to `longest_s` seconds: full jitter. There is no answer."""

    longest_s: float


@dataclass(frozen=True, slots=True)
class Branches:
    """Run an execution for each task of a Map; the answer is the list of their outputs.

    If one fails, its StateFailed is the answer, and the others are to be dropped.
    """

    state: str
    executions: "tuple[Execution, ...]"
    max_concurrency: int | str
    """How many may run at once; 0 is all of them. A text is a parameter of the template that was not filled in."""
    is_distributed: bool
    """Whether each has a history of its own."""


Request = Entry | Invocation | Wait | Branches
Execution = Generator[Request, Json, Json]


def execute(definition: State, given: Json, item: Json = None) -> Execution:
    """Returns an execution of a definition with an input, not yet begun. `item` is what `$$.Map.Item.Value` means."""
    name: str | None = definition["StartAt"]
    while name:
        name, given = yield from _pass_through(name, definition["States"][name], given, item)
    return given


def do_in_order(works: Sequence[Callable[[], Json]]) -> list[Json]:
    """Does one piece of work after the other, and returns what they return."""
    return [do() for do in works]


def run_in_order(
    execution: Execution,
    invoke: Callable[[Invocation], Json],
    wait: Callable[[float], object] = lambda seconds: None,
    spread: Callable[[Sequence[Callable[[], Json]]], list[Json]] = do_in_order,
) -> Json:
    """Runs an execution in this thread, and returns its output. Raises StateFailed.

    `invoke` returns what the function does, or raises StateFailed; `spread` does the tasks of a Map.
    """
    answer = partial(_answer, invoke=invoke, wait=wait, spread=spread)
    try:
        request = next(execution)
        while True:
            try:
                answered = answer(request)
            except StateFailed as failure:
                request = execution.throw(failure)
            else:
                request = execution.send(answered)
    except StopIteration as end:
        return end.value


def _answer(
    request: Request,
    *,
    invoke: Callable[[Invocation], Json],
    wait: Callable[[float], object],
    spread: Callable[[Sequence[Callable[[], Json]]], list[Json]],
) -> Json:
    match request:
        case Entry():
            return None
        case Invocation():
            return invoke(request)
        case Wait():
            return wait(request.longest_s)
        case Branches():
            return spread([partial(run_in_order, one, invoke, wait, spread) for one in request.executions])


Passage = Generator[Request, Json, tuple[str | None, Json]]
"""What a state asks for; in the end the name of the next state, None if there is none, and the input of that."""


def _pass_through(name: str, state: State, given: Json, item: Json) -> Passage:
    _demand_known(name, state)
    yield Entry(name)
    if state["Type"] == "Choice":
        return _next_by_choice(state, given), given
    if state["Type"] == "Succeed":
        return None, given
    tries, work = Tries(state.get("Retry", ())), _WORK[state["Type"]]
    while True:
        try:
            result = yield from work(name, state, given, item)
        except StateFailed as failed:
            failure = failed
        else:
            return state.get("Next"), result
        delay_s = tries.longest_delay_s(failure.error)
        if delay_s is None:
            return _caught(state, given, failure)
        yield Wait(delay_s)


def _demand_known(name: str, state: State) -> None:
    unknown = set(state) - KNOWN.get(state["Type"], set()) - {"Type", "Comment"}
    if unknown:
        raise ValueError(f"the {state['Type']} {name} says {', '.join(sorted(unknown))}")


def _next_by_choice(state: State, given: Json) -> str:
    for choice in state["Choices"]:
        if _at(choice["Variable"], given, None) == choice["StringEquals"]:
            return str(choice["Next"])
    return str(state["Default"])


def _caught(state: State, given: Json, failure: StateFailed) -> tuple[str, Json]:
    for catcher in state.get("Catch", ()):
        if stands_for(catcher["ErrorEquals"], failure.error):
            output = {"Error": failure.error, "Cause": failure.cause}
            return catcher["Next"], _placed(catcher.get("ResultPath", "$"), given, output)
    raise failure


def _run_task(name: str, state: State, given: Json, item: Json) -> Execution:
    parameters = state["Parameters"]
    function = parameters["FunctionName"].removeprefix("${").removesuffix("Arn}")
    answer = yield Invocation(name, function, _filled(parameters, given, item)["Payload"])
    result = _placed(state.get("ResultPath", "$"), given, {"Payload": answer})
    return _at(state.get("OutputPath", "$"), result, item)


def _run_map(name: str, state: State, given: Json, item: Json) -> Execution:
    processor, tasks = state["ItemProcessor"], _at(state["ItemsPath"], given, item)
    executions = tuple(execute(processor, _filled(state["ItemSelector"], given, task), task) for task in tasks)
    is_distributed = processor["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
    try:
        results = yield Branches(name, executions, state["MaxConcurrency"], is_distributed)
    except StateFailed as failure:
        if is_distributed:
            raise StateFailed(TOO_MANY_FAILED, str(failure)) from failure
        raise
    return _placed(state.get("ResultPath", "$"), given, results)


_WORK = {"Task": _run_task, "Map": _run_map}


def _filled(template: Mapping[str, Any], given: Json, item: Json) -> dict[str, Json]:
    """Returns a payload template with the values that its paths mean."""
    return dict(_entry(name, value, given, item) for name, value in template.items())


def _entry(name: str, value: Any, given: Json, item: Json) -> tuple[str, Json]:
    if name.endswith(".$"):
        return name.removesuffix(".$"), _at(value, given, item)
    return name, _filled(value, given, item) if isinstance(value, Mapping) else value


def _at(path: str, given: Json, item: Json) -> Json:
    """Returns what a path means: `$`, `$.name` and deeper, or the item of a Map. A name that is missing fails the
    execution, which no retrier and no catcher stands for.
    """
    if path == "$$.Map.Item.Value":
        return item
    for name in path.removeprefix("$").split(".")[1:]:
        if name not in given:
            raise LookupError(f"States.Runtime: there is no {path} in {given}")
        given = given[name]
    return given


def _placed(path: str | None, given: Json, result: Json) -> Json:
    """Returns a state's input with its result at a path; None drops the result, `$` the input."""
    if path is None:
        return given
    return result if path == "$" else {**given, path.removeprefix("$."): result}
