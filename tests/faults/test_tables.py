"""The real record store under the real import, with a fault at every single request to DynamoDB.

What one call of the store promises is asked of it in `tests/contract/stores`; here whole imports depend on it.
"""

import pytest

from chalicelib.stores.dynamodb.client import ATTEMPTS
from tests.faults.conftest import Cases
from tests.faults.recorder import pass_through
from tests.faults.recording import Recording, record
from tests.faults.request_faults import REQUEST_FAULTS, RequestFault, TableRecords, UnreliableTransport, never_sent
from tests.faults.scenarios import SCENARIOS
from tests.faults.simulated_import import SimulatedImport, StoreFactories

ON_TABLES = StoreFactories(records=TableRecords)
ATTEMPTS_OF_THE_CLIENT = ATTEMPTS


@pytest.fixture(params=SCENARIOS, ids=str, scope="module")
def recording(request: pytest.FixtureRequest) -> Recording:
    return record(request.param, ON_TABLES)


def with_request_fault(recording: Recording, at: int, fault: RequestFault, *, times: int = 1) -> SimulatedImport:
    """Runs the scenario with a fault; `at` counts the requests of functions, from 0."""
    simulation = recording.replay(lambda _: pass_through)
    transport_of(simulation).inject(at, fault, times=times)
    return simulation.run()


def transport_of(simulation: SimulatedImport) -> UnreliableTransport:
    assert isinstance(simulation.stores.records, TableRecords)
    return simulation.stores.records.transport


@pytest.fixture(scope="module")
def numbers(recording: Recording) -> range:
    """Of the requests that the scenario makes without a fault."""
    simulation = recording.replay(lambda _: pass_through).run()
    return range(transport_of(simulation).sent)


def test_tables_hold_what_memory_holds(recording: Recording) -> None:
    in_memory = record(recording.scenario)

    assert recording.after.visible == in_memory.after.visible
    assert recording.after.contents == in_memory.after.contents
    assert recording.after.left_over == []


@pytest.mark.parametrize("kind", REQUEST_FAULTS)
def test_a_fault_at_a_request_leaves_no_trace(recording: Recording, numbers: range, kind: str, cases: Cases) -> None:
    for at in cases.some(numbers, one_in=79):
        simulation = with_request_fault(recording, at, REQUEST_FAULTS[kind])
        cases.check(f"{kind} at request {at}", recording.violations(simulation))

    cases.conclude()


@pytest.mark.parametrize("kind", ["throttled", "in part"])
def test_a_table_that_throttles_for_long_leaves_no_trace(
    recording: Recording, numbers: range, kind: str, cases: Cases
) -> None:
    """Many times as often as a call, or a state of the machine, is tried."""
    for at in cases.some(numbers, one_in=167):
        simulation = with_request_fault(recording, at, REQUEST_FAULTS[kind], times=10 * ATTEMPTS_OF_THE_CLIENT)
        cases.check(f"{kind} from request {at} on", recording.violations(simulation))

    cases.conclude()


@pytest.mark.parametrize("tries", [1, 7, 10])
def test_a_table_that_does_not_answer_ends_the_import_with_truthful_counts(
    recording: Recording, numbers: range, tries: int, cases: Cases
) -> None:
    for at in cases.some(numbers, one_in=79):
        simulation = with_request_fault(recording, at, never_sent, times=tries * ATTEMPTS_OF_THE_CLIENT)
        wrong = recording.violations(simulation, may_end_early=tries > 1)
        cases.check(f"no answer to {tries} attempts from request {at} on", wrong)

    cases.conclude()
