"""One fault at every call of an export: its files must be those of a healthy run, byte for byte, or there are none."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.errors import Conflict
from chalicelib.model.exports import ExportStatus
from chalicelib.stores.paging import SHARDS_AT_LEAST
from tests.faults.conftest import Cases
from tests.faults.faults import HARMLESS, OF_READING, Once, refused
from tests.faults.recorder import Call, plainly
from tests.faults.scenarios import BEFORE_MS
from tests.faults.simulated_export import PEOPLE, WANTED, ExportPlay, ExportRecording, put, recorded_export
from tests.faults.simulated_import import Invoke, simply
from tests.faults.stalled_functions import WAKES, Sleeper


@pytest.fixture(scope="module", params=WANTED)
def recording(request: pytest.FixtureRequest) -> ExportRecording:
    return recorded_export(request.param)


def test_a_healthy_export_has_every_row_and_tells_of_its_formula(recording: ExportRecording) -> None:
    has_formula = recording.name == "unsorted"

    assert recording.rows == (20 if has_formula else 15)
    assert ("csv_sanitized" in recording.contents) is has_formula


@pytest.mark.parametrize("kind", HARMLESS)
def test_a_fault_at_an_effect_leaves_no_trace(recording: ExportRecording, kind: str, cases: Cases) -> None:
    effects = [call for call in recording.calls if call.is_effect]

    for call in cases.some(effects[list(HARMLESS).index(kind) :], one_in=5):
        play = recording.replay(lambda clock, call=call: Once(call.number, HARMLESS[kind], clock)).run()  # type: ignore[misc]
        cases.check(f"{kind} {call}", recording.violations(play))

    cases.conclude()


@pytest.mark.parametrize("kind", OF_READING)
def test_a_fault_at_a_look_leaves_no_trace(recording: ExportRecording, kind: str, cases: Cases) -> None:
    looks = [call for call in recording.calls if not call.is_effect]

    for call in cases.some(looks, one_in=11):
        play = recording.replay(lambda clock, call=call: Once(call.number, OF_READING[kind], clock)).run()  # type: ignore[misc]
        cases.check(f"{kind} {call}", recording.violations(play))

    cases.conclude()


def test_what_no_retry_mends_ends_the_export_without_files(recording: ExportRecording, cases: Cases) -> None:
    for call in cases.some(recording.calls, one_in=3):
        play = recording.replay(lambda clock, call=call: Once(call.number, refused, clock)).run()  # type: ignore[misc]
        cases.check(f"refused {call}", recording.violations(play, may_end_early=True))

    cases.conclude()


@pytest.mark.parametrize("believed", [0, 1], ids=["first", "second"])
def test_a_function_that_runs_twice_leaves_no_trace(recording: ExportRecording, believed: int, cases: Cases) -> None:
    for nth, name in enumerate(recording.invocations):
        play = recording.replay(lambda clock: plainly, _doubling(nth, believed=believed)).run()
        cases.check(f"{name} twice, invocation {nth}", recording.violations(play))

    cases.conclude()


@pytest.mark.parametrize("wake_after", WAKES, ids=["after its successor", "phases later", "after the end"])
@pytest.mark.parametrize("is_performed", [False, True], ids=["before", "after"])
def test_a_try_that_wakes_up_late_changes_nothing(
    recording: ExportRecording, is_performed: bool, wake_after: int, cases: Cases
) -> None:
    calls = [call for call in recording.calls if call.is_effect or not is_performed]

    for call in cases.some(calls, one_in=7):
        sleeper = Sleeper(call.number, is_performed=is_performed, wake_after=wake_after)
        play = recording.replay(lambda _, sleeper=sleeper: sleeper.tap, sleeper.invoke).run()  # type: ignore[misc]
        sleeper.wake()
        cases.check(f"asleep at {call}", recording.violations(play))

    cases.conclude()


def test_a_cancel_at_any_call_leaves_an_export_without_files_or_a_whole_one(
    recording: ExportRecording, cases: Cases
) -> None:
    for call in cases.some(recording.calls[2:], one_in=3):
        play = recording.replay(lambda clock: plainly)
        outcome = _canceled_at(play, call.number)
        is_canceled = play.export.status is ExportStatus.CANCELED
        wrong = recording.violations(play, may_end_early=True)
        cases.check(f"canceled at {call}", wrong + ([] if outcome is is_canceled else [f"ended {play.export.status}"]))

    cases.conclude()


@pytest.mark.parametrize("is_shared", [False, True])
def test_a_late_try_spoils_nothing_unless_tries_share_their_objects(is_shared: bool) -> None:
    """A try of a shard that wakes up in a changed world, behind the gate. The second case is a test of the tests."""
    healthy = recorded_export("unsorted")
    wrong = 0
    for call in (one for one in healthy.calls if one.name == "files.write_stream" and one.place.startswith("shard")):
        until_the_gate = SHARDS_AT_LEAST + 1 - int(call.place.split()[1])
        sleeper = Sleeper(call.number, is_performed=False, wake_after=until_the_gate)
        play = ExportPlay(WANTED["unsorted"], sleeper.tap, sleeper.invoke, new_token=_shared if is_shared else None)
        sleeper.meanwhile = lambda play=play: _rename_everybody(play)  # type: ignore[misc]
        play.run()
        sleeper.wake()
        wrong += bool(healthy.violations(play))

    assert (wrong > 0) is is_shared


def _shared() -> str:
    return "shared"


def _rename_everybody(play: ExportPlay) -> None:
    for record_id in PEOPLE:
        put(play.stores, record_id, {"name": "Somebody else"}, at_ms=BEFORE_MS + 99)


def _doubling(nth: int, *, believed: int) -> Invoke:
    """The n-th invocation happens twice; the machine hears the first answer or the second."""
    numbers = iter(range(1_000_000))

    def invoke(name: str, do: Callable[[], Any]) -> Any:
        answers = [simply(name, do)]
        if next(numbers) == nth:
            answers.append(simply(name, do))
        return answers[-1 if believed else 0]

    return invoke


def _canceled_at(play: ExportPlay, number: int) -> bool:
    """Whether the cancel was taken; it comes before the call."""
    taken: list[bool] = []

    def tap(call: Call) -> Any:
        if call.number == number:
            play.tap = plainly
            try:
                play.cancel()
                taken.append(True)
            except Conflict:
                taken.append(False)
        return call.perform()

    play.tap = tap
    play.run()
    return bool(taken and taken[0])
