"""A recording of a scenario that runs without faults.

Its calls are the points at which a fault can be injected, and what it stores at the end is what every run with a fault
is compared with.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from chalicelib.stores.memory import MemoryEvents
from chalicelib.webhooks.outbox import publish_all_pending
from tests.faults.executions import Invoke, invoke_once
from tests.faults.faults import Fault, FaultAtCall
from tests.faults.invariants import each_source_left_over, each_unlogged, each_unpublished, each_violation
from tests.faults.recorder import Call, Intercept
from tests.faults.scenarios import Scenario
from tests.faults.simulated_confirm import SimulatedConfirm
from tests.faults.simulated_import import SimulatedImport, StoreFactories
from tests.faults.simulated_undo import SimulatedUndo
from tests.faults.stored_state import StoredState, read_state
from tests.import_world import Clock

REAL_STORES = StoreFactories()
PUBLISHED_LATER_S = 3600
"""The sweep of every minute comes long before."""


@dataclass(frozen=True)
class Recording:
    """The calls and the functions of one run without faults, and what was stored before and after it."""

    scenario: Scenario
    calls: list[Call]
    invocations: list[str]
    """The names of the functions that ran, in order."""
    before: StoredState
    after: StoredState
    factories: StoreFactories
    """What the stores of every replay are made by."""

    def replay(self, intercept: Callable[[Clock], Intercept], invoke: Invoke = invoke_once) -> SimulatedImport:
        """Returns the scenario once more, not yet begun, with an intercept that may set the clock."""
        clock = Clock()
        return _simulate(self.scenario, intercept(clock), invoke, clock, self.factories)

    def replay_with(self, number: int, fault: Fault) -> SimulatedImport:
        """Runs the scenario once more, with a fault at the call of this number."""
        return self.replay(lambda clock: FaultAtCall(number, fault, clock)).run()

    def violations(self, simulation: SimulatedImport, *, may_end_early: bool = False) -> list[str]:
        """Returns what is wrong after a run, once its pending events were published."""
        publish_all_pending(simulation.stores, int(simulation.clock()) + PUBLISHED_LATER_S)
        found = read_state(simulation.stores, simulation.import_id)
        wrong = list(each_violation(found, self.after, self.before, len(simulation.ends)))
        wrong += each_unpublished(found.import_, cast(MemoryEvents, simulation.stores.events).published)
        wrong += each_unlogged(simulation.stores)
        wrong += each_source_left_over(simulation.stores, found.import_)
        if isinstance(simulation, SimulatedUndo):
            wrong += simulation.each_trouble()
        if found.import_.status is not self.after.import_.status and not may_end_early:
            wrong.append(f"I4: ended as {found.import_.status}: {found.import_.reason}")
        return wrong


def _simulate(
    scenario: Scenario, intercept: Intercept, invoke: Invoke, clock: Clock, factories: StoreFactories
) -> SimulatedImport:
    of_kind = SimulatedConfirm if scenario.is_strict else SimulatedImport
    simulated = SimulatedUndo if scenario.is_undone else of_kind
    return simulated(scenario, intercept, invoke, clock, factories)


def record(scenario: Scenario, factories: StoreFactories = REAL_STORES) -> Recording:
    """Runs a scenario without faults, and records it."""
    calls: list[Call] = []
    invocations: list[str] = []

    def intercept(call: Call) -> Any:
        calls.append(call)
        return call.perform()

    def invoke(name: str, do: Callable[[], Any]) -> Any:
        invocations.append(name)
        return invoke_once(name, do)

    simulation = _simulate(scenario, intercept, invoke, Clock(), factories)
    before = read_state(simulation.stores, simulation.import_id)
    simulation.run()
    return Recording(
        scenario, calls, invocations, before, read_state(simulation.stores, simulation.import_id), factories
    )
