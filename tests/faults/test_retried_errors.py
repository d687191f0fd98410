"""Every error that Lambda can report, at every function of an import: the state's own Retry list decides what follows.

The names and numbers are written down here once more: a name that is deleted from the lists that are shipped, or one
that is moved to another list, turns a test red.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import pytest

from chalicelib.model.imports import Status
from statemachine.retries import RETRIES
from tests.faults.conftest import Cases, RecordingOf
from tests.faults.crash import Crash
from tests.faults.executions import Invoke, invoke_once
from tests.faults.recorder import pass_through
from tests.faults.recording import Recording
from tests.faults.scenarios import IN_BATCHES, IN_ONE_TASK, Scenario
from tests.state_functions import IMPORT_MACHINE

LONGER_THAN_ANY_OTHER = 50
TRIED_AGAIN = {
    "Retryable": 6,
    "Lambda.AWSLambdaException": 6,
    "Lambda.ClientExecutionTimeoutException": 6,
    "Lambda.SdkClientException": 6,
    "Lambda.ServiceException": 6,
    "Lambda.TooManyRequestsException": LONGER_THAN_ANY_OTHER,
    "Lambda.Unknown": 6,
    "MemoryError": 1,
    "Runtime.ExitError": 1,
    "Runtime.OutOfMemory": 1,
    "Runtime.Unknown": 6,
    "Sandbox.Timedout": 6,
    "States.TaskFailed": 2,
    "Throttled": LONGER_THAN_ANY_OTHER,
}
"""How often a function is called again after each error."""

MERGE_IN_BATCHES = Scenario(limits=IN_BATCHES)
SCENARIOS = [Scenario(), Scenario(limits=IN_ONE_TASK), MERGE_IN_BATCHES]


def failing(nth: int, error: str, *, times: int = 1, is_performed: bool = False) -> Invoke:
    """Makes the n-th invocation, and those that follow, end with an error of this name."""
    ahead = iter(range(1_000_000))

    def invoke(name: str, do: Callable[[], Any]) -> Any:
        if not nth <= next(ahead) < nth + times:
            return invoke_once(name, do)
        if is_performed:
            invoke_once(name, do)
        raise Crash("SomethingNew" if error == "States.TaskFailed" else error)

    return invoke


def runs(recording: Recording) -> list[tuple[int, str]]:
    """The invocations of the state machine, which come after that of the upload event."""
    return [(nth, name) for nth, name in enumerate(recording.invocations) if name != "on_file"]


@pytest.fixture(params=SCENARIOS, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


@pytest.fixture
def batches(recording_of: RecordingOf) -> Recording:
    return recording_of(MERGE_IN_BATCHES)


def test_every_name_of_the_lists_is_tested() -> None:
    assert set(TRIED_AGAIN) == {name for retrier in RETRIES for name in retrier["ErrorEquals"]}


@pytest.mark.parametrize("is_performed", [False, True], ids=["not run", "run, answer lost"])
@pytest.mark.parametrize("error", TRIED_AGAIN)
def test_a_function_that_fails_once_leaves_no_trace(
    recording: Recording, error: str, is_performed: bool, cases: Cases
) -> None:
    invocations = runs(recording)
    first = list(TRIED_AGAIN).index(error) % min(3, len(invocations))
    for nth, name in cases.some(invocations[first:], one_in=23):
        invoke = failing(nth, error, is_performed=is_performed)
        simulation = recording.replay(lambda _: pass_through, invoke).run()
        cases.check(f"{error} of {name}, invocation {nth}", recording.violations(simulation))

    cases.conclude()


@pytest.mark.parametrize("error", TRIED_AGAIN)
def test_a_function_is_tried_again_as_often_as_its_list_says(batches: Recording, error: str) -> None:
    expected = (True, TRIED_AGAIN[error] == LONGER_THAN_ANY_OTHER)

    assert ends_well(batches, error, IMPORT_MACHINE) == expected


@pytest.mark.parametrize("error", TRIED_AGAIN)
def test_an_import_ends_otherwise_where_the_lists_lack_a_name(batches: Recording, error: str) -> None:
    assert ends_well(batches, error, without(error)) != ends_well(batches, error, IMPORT_MACHINE)


def ends_well(recording: Recording, error: str, definition: Mapping[str, Any]) -> tuple[bool, bool]:
    """Whether an import is completed although a task of its failed as often as it is tried again, and once more."""
    nth = next(nth for nth, name in runs(recording) if name == "processing 1")
    times = TRIED_AGAIN[error]
    return (
        is_completed(recording, definition, failing(nth, error, times=times)),
        is_completed(recording, definition, failing(nth, error, times=times + 1)),
    )


def is_completed(recording: Recording, definition: Mapping[str, Any], invoke: Invoke) -> bool:
    simulation = recording.replay(lambda _: pass_through, invoke)
    simulation.definition = definition
    simulation.run()
    assert recording.violations(simulation, may_end_early=True) == []
    return simulation.import_.status is Status.COMPLETED


def without(error: str) -> dict[str, Any]:
    """The machine of imports whose lists lack one name."""
    definition: dict[str, Any] = deepcopy(dict(IMPORT_MACHINE))
    for retrier in _each_retrier(definition):
        retrier["ErrorEquals"] = [name for name in retrier["ErrorEquals"] if name != error]
    return definition


def _each_retrier(graph: Mapping[str, Any]) -> list[dict[str, Any]]:
    states = list(graph["States"].values())
    inner = [state["ItemProcessor"] for state in states if "ItemProcessor" in state]
    own = [retrier for state in states for retrier in state.get("Retry", [])]
    return [*own, *(retrier for one in inner for retrier in _each_retrier(one))]
