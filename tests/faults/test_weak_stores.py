"""Breaks the service on purpose, one condition at a time: the fault runs must turn red for each.

`make faults` prints which run noticed it first.
"""

from collections.abc import Iterator
from random import Random

import pytest

from chalicelib.model.imports import Action
from chalicelib.model.rows import Fields
from tests.faults.concurrent_imports import CALM, IN_SMALL_BATCHES, Crowd, Order
from tests.faults.conftest import Cases
from tests.faults.faults import HARMLESS
from tests.faults.history import each_fault
from tests.faults.recording import REAL, Recording, recorded
from tests.faults.scenarios import IN_BATCHES, Scene
from tests.faults.simulated_import import Twins
from tests.faults.stalled_functions import WAKES, Sleeper
from tests.faults.test_endings_at_every_call import attempted_twice, slept_through_a_cancel
from tests.faults.test_random_interleavings import a_crowd
from tests.faults.test_repeated_functions import overslept
from tests.faults.test_upload_events import overwritten
from tests.faults.weak_stores import WEAK

SCENE = Scene(action=Action.MERGE, limits=IN_BATCHES)
Finding = tuple[str, list[str]]


def each_finding(twins: Twins, *, first: str = "") -> Iterator[Finding]:
    """Runs of every kind, those first that are to notice it, with what is wrong after each."""
    recording = recorded(SCENE, twins)
    for kind in sorted(KINDS, key=lambda one: one != first):
        yield from KINDS[kind](recording, twins)


def _of_events(recording: Recording, twins: Twins) -> Iterator[Finding]:
    for number in range(8, 12):
        yield f"overwritten at call {number}", recording.violations(overwritten(recording, number))


def _of_crowds(recording: Recording, twins: Twins) -> Iterator[Finding]:
    parts: list[Fields] = [{"phone": "+15551234567"}, {"company": "Acme"}, {"notes": "met at the fair"}]
    for seed in range(24):
        orders = [Order(rows=[{"name": "Ann", "email": "ann@x.com", **part}]) for part in parts]
        crowd = Crowd(orders, {}, Random(seed), CALM, twins=twins).run()
        yield f"three parts of one, seed {seed}", list(each_fault(crowd))
    same: list[Fields] = [{"name": "Ann", "email": "ann@x.com"}]
    for seed in range(4):
        orders = [Order(rows=same, limits=IN_SMALL_BATCHES) for _ in range(2)]
        yield f"two of one, seed {seed}", list(each_fault(Crowd(orders, {}, Random(seed), CALM, twins=twins).run()))
    for seed in range(1, 41):
        yield f"seed {seed}", list(each_fault(a_crowd(seed, twins).run()))


def _of_faults(recording: Recording, twins: Twins) -> Iterator[Finding]:
    for kind in ("sent twice", "crash after"):
        for call in (one for one in recording.calls if one.is_effect):
            yield f"{kind} {call}", recording.violations(recording.replay_with(call.number, HARMLESS[kind]))


def _of_sleepers(recording: Recording, twins: Twins) -> Iterator[Finding]:
    for call in (one for one in recording.calls if one.name == "records.find_claims"):
        yield f"in a changed world, asleep at {call}", overslept(recording, call, 6)
    for wake_after in WAKES:
        for call in (one for one in recording.calls if one.is_effect):
            sleeper = Sleeper(call.number, is_performed=False, wake_after=wake_after)
            play = recording.replay(lambda _, sleeper=sleeper: sleeper.tap, sleeper.invoke).run()  # type: ignore[misc]
            sleeper.wake()
            yield f"asleep at {call}", recording.violations(play)


def _of_attempts(recording: Recording, twins: Twins) -> Iterator[Finding]:
    for call in (one for one in reversed(recording.calls) if one.is_effect and one.place != "on_file"):
        if not call.name.startswith("records."):
            play = slept_through_a_cancel(recording, call, 1)
            yield f"canceled with a try asleep at {call}", recording.violations(play, may_end_early=True)
        yield f"an older attempt asleep at {call}", recording.violations(attempted_twice(recording, call, 1))


KINDS = {
    "events": _of_events,
    "crowds": _of_crowds,
    "faults": _of_faults,
    "sleepers": _of_sleepers,
    "attempts": _of_attempts,
}


@pytest.mark.parametrize("condition", WEAK)
def test_without_a_condition_the_runs_turn_red(
    condition: str, cases: Cases, capsys: pytest.CaptureFixture[str]
) -> None:
    twins, first = WEAK[condition]
    noticed = next(((label, wrong) for label, wrong in each_finding(twins, first=first) if wrong), None)

    assert noticed, f"nothing goes wrong without: {condition}"
    with capsys.disabled():
        print(f"\nwithout {condition!r}: {noticed[0]}: {noticed[1][0][:160]}")
    cases.check(condition, [])


def test_with_all_conditions_the_same_runs_are_green(cases: Cases) -> None:
    for label, wrong in cases.some(list(each_finding(REAL)) if cases.is_every else [], one_in=1):
        cases.check(label, wrong)

    assert not cases.wrong
