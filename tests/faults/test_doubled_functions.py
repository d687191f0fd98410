"""Functions that run twice: one after the other, and the first waking up when the second has long been done."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.conftest import Cases, RecordingOf
from tests.faults.late import WAKES, Sleeper
from tests.faults.matrix import Recording
from tests.faults.plays import Invoke, simply
from tests.faults.scenes import SCENES


@pytest.fixture(params=SCENES, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


def doubling(nth: int, *, believed: int) -> Invoke:
    """The n-th invocation happens twice; the machine hears the first answer or the second."""
    numbers = iter(range(1_000_000))

    def invoke(name: str, do: Callable[[], Any]) -> Any:
        answers = [simply(name, do)]
        if next(numbers) == nth:
            answers.append(simply(name, do))
        return answers[-1 if believed else 0]

    return invoke


@pytest.mark.parametrize("believed", [0, 1], ids=["first", "second"])
def test_a_function_that_runs_twice_leaves_no_trace(recording: Recording, believed: int, cases: Cases) -> None:
    for nth, name in cases.some(list(enumerate(recording.invocations)), one_in=5):
        play = recording.replay(lambda clock: lambda call: call.perform(), doubling(nth, believed=believed)).run()
        cases.check(f"{name} twice, invocation {nth}", recording.violations(play))

    cases.conclude()


@pytest.mark.parametrize("wake_after", WAKES, ids=["after its successor", "phases later", "after the end"])
@pytest.mark.parametrize("is_performed", [False, True], ids=["before", "after"])
def test_a_try_that_wakes_up_late_changes_nothing(
    recording: Recording, is_performed: bool, wake_after: int, cases: Cases
) -> None:
    calls = [call for call in recording.calls if call.is_effect or not is_performed]

    for call in cases.some(calls, one_in=31):
        sleeper = Sleeper(call.number, is_performed=is_performed, wake_after=wake_after)
        play = recording.replay(lambda _, sleeper=sleeper: sleeper.tap, sleeper.invoke).run()  # type: ignore[misc]
        sleeper.wake()
        cases.check(f"asleep at {call}", recording.violations(play))

    cases.conclude()
