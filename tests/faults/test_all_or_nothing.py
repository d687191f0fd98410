"""An import that is done as a whole or not at all, and fails when some of it is written: whatever goes wrong on the
way, it undoes itself, once, and leaves the records as they were."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.model.imports import Status
from tests.faults.conftest import Cases
from tests.faults.executions import Invoke, invoke_once
from tests.faults.faults import READ_FAULTS, RECOVERABLE, Fault, FaultAtCall, own_cases
from tests.faults.recorder import Call, Intercept, pass_through
from tests.faults.simulated_whole import WHOLE, SimulatedWhole
from tests.faults.test_endings_at_every_call import Interruption, cancel, cancel_and_crash, run_out_of_time
from tests.import_world import Clock

ENDS = {"canceled": cancel, "canceled and crashed": cancel_and_crash, "out of time": run_out_of_time}


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    """The calls of a run in which nothing goes wrong but the one row."""
    recorded: list[Call] = []

    def intercept(call: Call) -> Any:
        recorded.append(call)
        return call.perform()

    simulation = run(lambda _: intercept)
    import_ = simulation.import_
    assert (import_.status, import_.reason) == (Status.FAILED, "all_or_nothing: row 10 identity_taken")
    assert import_.undo is not None
    assert (import_.undo.reversed, import_.reverted_by) == (import_.stats.written, import_.undo.import_id)
    assert import_.undo.reversed >= 8
    return recorded


def run(intercept: Callable[[Clock], Intercept], invoke: Invoke = invoke_once) -> SimulatedWhole:
    clock = Clock()
    simulation = SimulatedWhole(WHOLE, clock=clock)
    simulation.intercept, simulation.invoke = intercept(clock), invoke
    simulation.run()
    return simulation


def run_with(number: int, fault: Fault) -> SimulatedWhole:
    return run(lambda clock: FaultAtCall(number, fault, clock))


def test_where_nothing_goes_wrong_it_leaves_the_records_as_they_were(calls: list[Call]) -> None:
    assert run(lambda _: pass_through).each_trouble() == []


@pytest.mark.parametrize("kind", RECOVERABLE)
def test_a_fault_at_an_effect_leaves_nothing_behind(calls: list[Call], kind: str, cases: Cases) -> None:
    effects = [call for call in own_cases(calls, kind) if call.is_effect]

    for call in cases.some(effects[list(RECOVERABLE).index(kind) :], one_in=29):
        cases.check(f"{kind} {call}", run_with(call.number, RECOVERABLE[kind]).each_trouble())

    cases.conclude()


@pytest.mark.parametrize("kind", READ_FAULTS)
def test_a_fault_at_a_read_leaves_nothing_behind(calls: list[Call], kind: str, cases: Cases) -> None:
    reads = [call for call in own_cases(calls, kind) if not call.is_effect]

    for call in cases.some(reads, one_in=97):
        cases.check(f"{kind} {call}", run_with(call.number, READ_FAULTS[kind]).each_trouble())

    cases.conclude()


@pytest.mark.parametrize("end", ENDS)
def test_an_end_in_the_middle_leaves_nothing_behind(calls: list[Call], end: str, cases: Cases) -> None:
    for call in cases.some(calls, one_in=83):
        cases.check(f"{end} before {call}", interrupted(call, end).each_trouble())

    cases.conclude()


def interrupted(call: Call, end: str) -> SimulatedWhole:
    interruption = Interruption(call.number, ENDS[end])
    simulation = SimulatedWhole(WHOLE)
    simulation.intercept, interruption.simulation = interruption, simulation
    simulation.run()
    simulation.undo_again_if_broken_off()
    return simulation
