"""Events about an upload that come twice, late, out of order or never, and files that change under an import."""

from collections.abc import Callable

import pytest

from chalicelib.model.imports import Status
from tests.faults.conftest import Cases, RecordingOf
from tests.faults.recorder import Call, plainly
from tests.faults.recording import Recording
from tests.faults.scenarios import SCENES, SOURCE
from tests.faults.simulated_import import Play

OTHER_SOURCE = SOURCE.replace("New One", "Somebody Else") + ",,late@x.com,Late,,,\n"
DAY_S = 24 * 3600


@pytest.fixture(params=SCENES, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


def never(play: Play) -> None:
    play.upload(play.scene.source)


def twice(play: Play) -> None:
    version_id = play.upload(play.scene.source)
    play.deliver(version_id)
    play.deliver(version_id)


def ten_times(play: Play) -> None:
    version_id = play.upload(play.scene.source)
    for _ in range(10):
        play.deliver(version_id)


def an_hour_late(play: Play) -> None:
    version_id = play.upload(play.scene.source)
    play.clock.now_s += 3600
    play.deliver(version_id)


def when_the_window_is_over(play: Play) -> None:
    version_id = play.upload(play.scene.source)
    play.clock.now_s += 2 * DAY_S
    play.deliver(version_id)


def again_after_the_reaper_found_it(play: Play) -> None:
    version_id = play.upload(play.scene.source)
    play.clock.now_s += 2 * DAY_S
    play.reap()
    play.deliver(version_id)


def after_the_end(play: Play) -> None:
    version_id = play.upload(play.scene.source)
    play.deliver(version_id)
    play.go_on()
    play.clock.now_s += DAY_S
    play.deliver(version_id)
    play.tell_of_death()
    play.reap()


def of_a_later_version_last(play: Play) -> None:
    first, second = play.upload(play.scene.source), play.upload(OTHER_SOURCE)
    play.deliver(first)
    play.deliver(second)


def of_a_later_version_after_the_end(play: Play) -> None:
    play.deliver(play.upload(play.scene.source))
    play.go_on()
    play.deliver(play.upload(OTHER_SOURCE))


WAYS: list[Callable[[Play], None]] = [
    never,
    twice,
    ten_times,
    an_hour_late,
    when_the_window_is_over,
    again_after_the_reaper_found_it,
    after_the_end,
    of_a_later_version_last,
    of_a_later_version_after_the_end,
]


@pytest.mark.parametrize("tell", WAYS, ids=lambda way: way.__name__)
def test_however_the_event_comes_the_import_runs_once(
    recording: Recording, tell: Callable[[Play], None], cases: Cases
) -> None:
    play = recording.replay(lambda _: plainly)

    tell(play)
    play.go_on()
    cases.check(tell.__name__, recording.violations(play))

    cases.conclude()


def test_an_object_overwritten_after_the_start_is_not_read(recording: Recording, cases: Cases) -> None:
    """At every call a new version lands under the same key; its event follows."""
    start = next(call.number for call in recording.calls if call.name == "import_executions.start")

    for number in cases.some(range(start, len(recording.calls)), one_in=71):
        cases.check(f"overwritten at call {number}", recording.violations(overwritten(recording, number)))

    cases.conclude()


def test_an_import_whose_file_never_came_expires(recording: Recording) -> None:
    play = recording.replay(lambda _: plainly)

    play.go_on()

    assert (play.import_.status, play.imports.ends) == (Status.EXPIRED, [(play.import_id, "expired")])


def test_a_file_that_came_too_late_revives_nothing(recording: Recording) -> None:
    play = recording.replay(lambda _: plainly)
    play.go_on()

    play.deliver(play.upload(play.scene.source))
    play.go_on()

    assert (play.import_.status, play.imports.ends) == (Status.EXPIRED, [(play.import_id, "expired")])


def overwritten(recording: Recording, number: int) -> Play:
    tap = _Overwriting(number)
    tap.play = recording.replay(lambda _: tap)
    return tap.play.run()


class _Overwriting:
    """A tap that uploads another source right before one call, and delivers its event."""

    play: Play

    def __init__(self, number: int) -> None:
        self._number = number

    def __call__(self, call: Call) -> object:
        if call.number == self._number:
            self.play.deliver(self.play.upload(OTHER_SOURCE))
        return call.perform()
