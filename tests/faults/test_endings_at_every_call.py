"""Cancel, an end by the clock, and a second beginning, each at every call of an import."""

from collections.abc import Callable
from itertools import takewhile
from typing import Any

import pytest

from chalicelib.errors import Conflict
from chalicelib.model.imports import Action, Status
from tests.faults.conftest import Cases, RecordingOf
from tests.faults.crash import Crash
from tests.faults.recorder import Call
from tests.faults.recording import Recording
from tests.faults.scenarios import SCENES
from tests.faults.simulated_import import Play
from tests.faults.stalled_functions import WAKES, GivenUp, Sleeper


@pytest.fixture(params=SCENES, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


class Interruption:
    """A tap that does something to the play right before one call, and counts the writes after it."""

    def __init__(self, number: int, interrupt: Callable[[Play], None]) -> None:
        self._number = number
        self._interrupt = interrupt
        self.play: Play | None = None
        self.writes_after = 0

    def __call__(self, call: Call) -> Any:
        if call.number == self._number and self.play is not None:
            self._interrupt(self.play)
        if call.number >= self._number and call.name == "records.write_many":
            self.writes_after += 1
        return call.perform()


def interrupted(recording: Recording, number: int, interrupt: Callable[[Play], None]) -> tuple[Play, Interruption]:
    interruption = Interruption(number, interrupt)
    play = recording.replay(lambda _: interruption)
    interruption.play = play
    return play.run(), interruption


def cancel(play: Play) -> None:
    try:
        play.cancel()
    except Conflict:
        assert play.import_.is_final


def run_out_of_time(play: Play) -> None:
    play.clock.now_s += play.scene.limits.import_time_s


def cancel_and_crash(play: Play) -> None:
    cancel(play)
    raise Crash


class Abandoned(BaseException):
    """Everything that runs is gone at once, and nobody is told."""


def abandoned(recording: Recording, call: Call, *, is_performed: bool) -> Play:
    """A play in which everything breaks off at one call."""

    def tap(spoiled: Call) -> Any:
        if spoiled.number != call.number:
            return spoiled.perform()
        if is_performed:
            spoiled.perform()
        raise Abandoned

    play = recording.replay(lambda _: tap)
    with pytest.raises(Abandoned):
        play.run()
    return play


def test_a_cancel_takes_effect_within_a_slice(recording: Recording, cases: Cases) -> None:
    for number in cases.some(range(len(recording.calls)), one_in=29):
        play, interruption = interrupted(recording, number, cancel)
        wrong = recording.violations(play, may_end_early=True)
        if play.import_.status not in (Status.CANCELED, Status.COMPLETED):
            wrong.append(f"ended as {play.import_.status}")
        if play.import_.status is Status.CANCELED and interruption.writes_after > 1:
            wrong.append(f"{interruption.writes_after} slices were written after the cancel")
        cases.check(f"canceled before {recording.calls[number]}", wrong)

    cases.conclude()


def test_a_cancel_beside_a_crash_keeps_the_counts_true(recording: Recording, cases: Cases) -> None:
    for number in cases.some(range(len(recording.calls)), one_in=29):
        play, _ = interrupted(recording, number, cancel_and_crash)
        cases.check(
            f"canceled and crashed at {recording.calls[number]}", recording.violations(play, may_end_early=True)
        )

    cases.conclude()


def test_an_import_stops_at_its_deadline(recording: Recording, cases: Cases) -> None:
    queued = next(call.number for call in recording.calls if call.name == "import_executions.start")

    for number in cases.some(range(queued, len(recording.calls)), one_in=29):
        play, interruption = interrupted(recording, number, run_out_of_time)
        wrong = recording.violations(play, may_end_early=True)
        if play.import_.status not in (Status.TIMED_OUT, Status.COMPLETED):
            wrong.append(f"ended as {play.import_.status}")
        if play.import_.status is Status.TIMED_OUT and interruption.writes_after > 1:
            wrong.append(f"{interruption.writes_after} slices were written after the deadline")
        cases.check(f"out of time before {recording.calls[number]}", wrong)

    cases.conclude()


@pytest.mark.parametrize("is_performed", [False, True], ids=["before", "after"])
def test_the_reaper_ends_what_no_event_told_of(recording: Recording, is_performed: bool, cases: Cases) -> None:
    calls = [call for call in recording.calls if call.is_effect]

    for call in cases.some(calls, one_in=13):
        play = abandoned(recording, call, is_performed=is_performed)
        play.go_on()
        cases.check(f"abandoned at {call}", recording.violations(play, may_end_early=True))

    cases.conclude()


@pytest.mark.parametrize("is_performed", [False, True], ids=["before", "after"])
def test_an_import_that_is_played_again_ends_as_if_never_interrupted(
    recording: Recording, is_performed: bool, cases: Cases
) -> None:
    """The same attempt from its start, however far it had come: what a redrive of its execution amounts to."""
    calls = [call for call in recording.calls if call.is_effect and call.place != "on_file"]

    for call in cases.some(calls, one_in=13):
        play = abandoned(recording, call, is_performed=is_performed)
        play.execute()
        cases.check(f"played again after {call}", recording.violations(play))

    cases.conclude()


@pytest.mark.parametrize("wake_after", WAKES, ids=["after its successor", "phases later", "after the end"])
def test_a_try_that_slept_through_a_cancel_changes_nothing(recording: Recording, wake_after: int, cases: Cases) -> None:
    """Save where it slept between its look at the import and its write: then it writes that slice, and no other."""
    calls = [call for call in recording.calls if not call.name.startswith("records.")]

    for call in cases.some(calls, one_in=61):
        play = slept_through_a_cancel(recording, call, wake_after)
        cases.check(f"canceled with a try asleep at {call}", recording.violations(play, may_end_early=True))

    cases.conclude()


def slept_through_a_cancel(recording: Recording, call: Call, wake_after: int) -> Play:
    sleeper = Sleeper(call.number, is_performed=False, wake_after=wake_after)

    def tap(one: Call) -> Any:
        if one.number == call.number:
            cancel(play)
        return sleeper.tap(one)

    play = recording.replay(lambda _: tap, sleeper.invoke)
    play.run()
    sleeper.wake()
    return play


@pytest.mark.parametrize("wake_after", WAKES, ids=["at its beginning", "in its middle", "after its end"])
def test_an_older_attempt_that_wakes_up_changes_nothing(recording: Recording, wake_after: int, cases: Cases) -> None:
    """The import was begun again, and its first attempt, and the news of its death, come late.

    A deletion or a cleanup that was half done would have to be begun again otherwise: see `docs/reliability.md`.
    """
    calls = [call for call in recording.calls if call.place != "on_file" and call.number <= ended_at(recording)]
    if recording.scene.action is not Action.MERGE:
        calls = list(takewhile(lambda call: not call.name.startswith("records.get"), calls))

    for call in cases.some(calls, one_in=53):
        play = attempted_twice(recording, call, wake_after)
        cases.check(f"the first attempt asleep at {call}", recording.violations(play))

    cases.conclude()


def ended_at(recording: Recording) -> int:
    """The call that gave the import its final status: one that has ended is not begun again."""
    return max(call.number for call in recording.calls if call.name == "imports.change")


def attempted_twice(recording: Recording, call: Call, wake_after: int) -> Play:
    sleeper = Sleeper(call.number, is_performed=False, wake_after=wake_after, is_given_up=True)
    play = recording.replay(lambda _: sleeper.tap, sleeper.invoke)
    with pytest.raises(GivenUp):
        play.run()
    play.begin_again()
    play.execute()
    sleeper.wake()
    play.tell_of_death(attempt=1)
    return play
