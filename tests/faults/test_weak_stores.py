"""Breaks the service on purpose, one condition at a time: the fault runs must fail for each.

`make faults` prints which run noticed it first.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pytest

from chalicelib.model.imports import Action
from chalicelib.model.rows import Fields
from tests.faults.concurrent_imports import IN_SMALL_BATCHES, NO_FAULTS, ConcurrentImports, RequestedImport
from tests.faults.conftest import Cases
from tests.faults.faults import RECOVERABLE
from tests.faults.races import RACES, each_race
from tests.faults.recording import REAL_STORES, Recording, record
from tests.faults.scenarios import CREATING, IN_BATCHES, IN_MEMORY, UNDONE, Scenario
from tests.faults.sequential_model import each_contradiction
from tests.faults.simulated_import import StoreFactories
from tests.faults.simulated_undo import undo_and_compare
from tests.faults.stalled_functions import WAKES_AFTER, StalledFunction
from tests.faults.test_endings_at_every_call import attempted_twice, ended_at, stalled_through_a_cancel
from tests.faults.test_overtaken import each_overtaken, each_overtaken_before_waking
from tests.faults.test_random_interleavings import random_imports
from tests.faults.test_repeated_functions import woken_in_a_changed_world
from tests.faults.test_undos import each_lost_change
from tests.faults.test_upload_events import overwritten
from tests.faults.weak_stores import WEAK

SCENARIO = Scenario(action=Action.MERGE, limits=IN_BATCHES)
Finding = tuple[str, list[str]]


def each_finding(factories: StoreFactories, *, first: str = "") -> Iterator[Finding]:
    """Yields runs of every kind, beginning with those that should notice, and what is wrong after each."""
    recording = record(SCENARIO, factories)
    for kind in sorted(KINDS, key=lambda one: one != first):
        yield from KINDS[kind](recording, factories)


def _of_events(recording: Recording, factories: StoreFactories) -> Iterator[Finding]:
    start = next(call.number for call in recording.calls if call.name == "import_executions.start")
    for number in range(start, start + 8):
        yield f"overwritten at call {number}", recording.violations(overwritten(recording, number, told_after=40))


def _of_concurrent_imports(recording: Recording, factories: StoreFactories) -> Iterator[Finding]:
    parts: list[Fields] = [{"phone": "+15551234567"}, {"company": "Acme"}, {"notes": "met at the fair"}]
    for seed in range(24):
        requests = [RequestedImport(rows=[{"name": "Ann", "email": "ann@x.com", **part}]) for part in parts]
        concurrent = ConcurrentImports(requests, {}, Random(seed), NO_FAULTS, factories=factories).run()
        yield f"three parts of one, seed {seed}", list(each_contradiction(concurrent))
    same: list[Fields] = [{"name": "Ann", "email": "ann@x.com"}]
    for seed in range(4):
        requests = [RequestedImport(rows=same, limits=IN_SMALL_BATCHES) for _ in range(2)]
        yield (
            f"two of one, seed {seed}",
            list(
                each_contradiction(ConcurrentImports(requests, {}, Random(seed), NO_FAULTS, factories=factories).run())
            ),
        )
    for seed in range(1, 41):
        yield f"seed {seed}", list(each_contradiction(random_imports(seed, factories).run()))


def _of_work_in_memory(recording: Recording, factories: StoreFactories) -> Iterator[Finding]:
    yield from each_overtaken_before_waking(record(replace(SCENARIO, limits=IN_MEMORY), factories))


def _of_faults(recording: Recording, factories: StoreFactories) -> Iterator[Finding]:
    for kind in ("sent twice", "crash after"):
        for call in (one for one in recording.calls if one.is_effect):
            yield f"{kind} {call}", recording.violations(recording.replay_with(call.number, RECOVERABLE[kind]))


def _of_stalled_functions(recording: Recording, factories: StoreFactories) -> Iterator[Finding]:
    for call in (one for one in recording.calls if one.name == "records.find_claims"):
        yield f"in a changed world, stalled at {call}", woken_in_a_changed_world(recording, call, 6)
    for wake_after in WAKES_AFTER:
        for call in (one for one in recording.calls if one.is_effect):
            stalled = StalledFunction(call.number, is_performed=False, wake_after=wake_after)
            simulation = recording.replay(lambda _, stalled=stalled: stalled.intercept, stalled.invoke).run()  # type: ignore[misc]
            stalled.wake()
            yield f"stalled at {call}", recording.violations(simulation)


def _of_attempts(recording: Recording, factories: StoreFactories) -> Iterator[Finding]:
    last = ended_at(recording)
    begun = [one for one in recording.calls if one.function != "on_file" and one.number <= last]
    for call in (one for one in reversed(begun) if one.is_effect):
        if not call.name.startswith("records."):
            simulation = stalled_through_a_cancel(recording, call, 1)
            yield f"canceled with a try stalled at {call}", recording.violations(simulation, may_end_early=True)
        yield f"an older attempt stalled at {call}", recording.violations(attempted_twice(recording, call, 1))


def _of_missing_records(recording: Recording, factories: StoreFactories) -> Iterator[Finding]:
    creating = record(CREATING, factories)
    for call in creating.calls[-1:]:
        yield f"crash after {call}", creating.violations(creating.replay_with(call.number, RECOVERABLE["crash after"]))


def _of_undos(recording: Recording, factories: StoreFactories) -> Iterator[Finding]:
    for call in (one for one in recording.calls if one.name == "records.write_many"):
        simulation = recording.replay_with(call.number, RECOVERABLE["crash after"])
        yield f"undone after a crash after {call}", undo_and_compare(simulation, recording.before.contents)


def _of_changes_during_undos(recording: Recording, factories: StoreFactories) -> Iterator[Finding]:
    yield from each_lost_change(record(UNDONE[0], factories))


def _of_races(recording: Recording, factories: StoreFactories) -> Iterator[Finding]:
    yield from each_race(factories)


def _of_overtaken_rows(recording: Recording, factories: StoreFactories) -> Iterator[Finding]:
    yield from each_overtaken(recording, is_performed=True)


KINDS = {
    "overtaken rows": _of_overtaken_rows,
    "races": _of_races,
    "undos": _of_undos,
    "changes during undos": _of_changes_during_undos,
    "events": _of_events,
    "work in memory": _of_work_in_memory,
    "concurrent imports": _of_concurrent_imports,
    "faults": _of_faults,
    "stalled functions": _of_stalled_functions,
    "attempts": _of_attempts,
    "missing records": _of_missing_records,
}


@pytest.mark.parametrize("condition", WEAK)
def test_without_a_condition_the_runs_fail(condition: str, cases: Cases, capsys: pytest.CaptureFixture[str]) -> None:
    factories, first = WEAK[condition]
    noticed = next(((label, wrong) for label, wrong in each_finding(factories, first=first) if wrong), None)

    assert noticed, f"nothing goes wrong without: {condition}"
    with capsys.disabled():
        print(f"\nwithout {condition!r}: {noticed[0]}: {noticed[1][0][:160]}")
    cases.check(condition, [])


@pytest.mark.parametrize("race", RACES, ids=lambda one: str(one.__name__))
def test_of_two_who_ask_at_once_one_is_refused_or_both_are_served(
    race: Callable[[StoreFactories], list[str]], cases: Cases
) -> None:
    cases.check(race.__name__, race(REAL_STORES))

    cases.conclude()


def test_with_all_conditions_the_same_runs_pass(cases: Cases) -> None:
    for label, wrong in cases.some(list(each_finding(REAL_STORES)) if cases.is_every else [], one_in=1):
        cases.check(label, wrong)

    assert not cases.wrong
