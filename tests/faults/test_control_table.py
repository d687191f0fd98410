"""Whole imports over the real stores on DynamoDB, with a fault at every single request to the control table.

Imports, task results, slots and the due index lie there; the conditions they are written on are evaluated as they are
sent (`expressions.py`). The same for requests to the records table is `test_tables.py`.
"""

import pytest

from tests.faults.conftest import Cases
from tests.faults.recorder import pass_through
from tests.faults.recording import Recording, record
from tests.faults.request_faults import REQUEST_FAULTS, never_sent
from tests.faults.scenarios import SCENARIOS
from tests.faults.table_stores import TableStores, control_requests, transport_under
from tests.faults.test_tables import ATTEMPTS_OF_THE_CLIENT, with_request_fault

OF_ONE_ITEM = [kind for kind in REQUEST_FAULTS if "in part" not in kind]
"""The faults of requests that are about one item."""


@pytest.fixture(params=SCENARIOS, ids=str, scope="module")
def recording(request: pytest.FixtureRequest) -> Recording:
    return record(request.param, TableStores())


@pytest.fixture(scope="module")
def numbers(recording: Recording) -> list[int]:
    """Of the requests that the scenario makes without a fault."""
    return control_requests(transport_under(recording.replay(lambda _: pass_through).run().stores))


def test_tables_hold_what_memory_holds(recording: Recording) -> None:
    in_memory = record(recording.scenario)

    assert recording.after.visible == in_memory.after.visible
    assert recording.after.contents == in_memory.after.contents


@pytest.mark.parametrize("kind", OF_ONE_ITEM)
def test_a_fault_at_a_request_leaves_no_trace(
    recording: Recording, numbers: list[int], kind: str, cases: Cases
) -> None:
    for at in cases.some(numbers[OF_ONE_ITEM.index(kind) :], one_in=257):
        simulation = with_request_fault(recording, at, REQUEST_FAULTS[kind])
        cases.check(f"{kind} at request {at}", recording.violations(simulation))

    cases.conclude()


@pytest.mark.parametrize("tries", [1, 7, 10])
def test_a_table_that_does_not_answer_ends_the_import_with_truthful_counts(
    recording: Recording, numbers: list[int], tries: int, cases: Cases
) -> None:
    for at in cases.some(numbers, one_in=359):
        simulation = with_request_fault(recording, at, never_sent, times=tries * ATTEMPTS_OF_THE_CLIENT)
        wrong = recording.violations(simulation, may_end_early=tries > 1)
        cases.check(f"no answer to {tries} attempts from request {at} on", wrong)

    cases.conclude()
