"""Executions of imports that die, and no event tells of it: the reaper asks Step Functions, and finds them."""

from collections.abc import Iterator

import pytest

from tests.e2e.packagex_client import JSON, PackageXClient, counted
from tests.e2e.sources import customers_csv
from tests.e2e.stack_internals import StackInternals

pytestmark = pytest.mark.e2e

ROWS = 2000
LARGE = customers_csv(1, ROWS)


@pytest.fixture
def dead(client: PackageXClient, internals: StackInternals) -> Iterator[JSON]:
    """An import whose execution was stopped in its middle, of which nobody has heard."""
    import_id = client.upload(LARGE)
    import_ = client.wait_until(import_id, lambda shown: has_started(shown, "transforming"))
    with internals.unheard("OnMachineStopped"):
        internals.abort(import_)
        yield import_


def has_started(import_: JSON, name: str) -> bool:
    return any(phase["name"] == name and phase["started_at"] for phase in import_["phases"])


def test_a_death_that_no_event_told_of_is_found_and_the_import_ended_with_its_rows_counted(
    client: PackageXClient, internals: StackInternals, dead: JSON
) -> None:
    assert set(internals.executions(dead).values()) == {"ABORTED"}
    assert client.show(dead["id"])["status"] == "processing"

    internals.reap()

    import_ = client.wait(dead["id"])
    assert (import_["status"], import_["reason"]) == (
        "failed",
        "internal_error: the import's execution ended as ABORTED",
    )
    assert counted(import_) == {"total": ROWS, "unprocessed": ROWS}
    assert client.records() == []


def test_an_execution_that_step_functions_does_not_know_is_started_again_and_goes_on(
    client: PackageXClient, internals: StackInternals, dead: JSON
) -> None:
    internals.forget_executions()
    assert internals.executions(dead) == {}

    internals.reap()

    import_ = client.wait(dead["id"])
    assert import_["status"] == "completed"
    assert counted(import_) == {"total": ROWS, "created": ROWS}
    assert len(client.each_record()) == ROWS
