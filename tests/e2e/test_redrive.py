"""An import whose execution died goes on where it was, as its next attempt."""

import pytest

from tests.e2e.packagex_client import PackageXClient, counted
from tests.e2e.sources import customers_csv
from tests.e2e.stack_internals import StackInternals

pytestmark = pytest.mark.e2e

ROWS = 2000


def test_an_import_that_was_interrupted_goes_on(client: PackageXClient, internals: StackInternals) -> None:
    import_id = client.upload(customers_csv(1, ROWS))
    begun = client.wait_until(import_id, lambda shown: any(one["started_at"] for one in shown["phases"][2:3]))
    internals.abort(begun)
    broken = client.wait(import_id)
    assert broken["reason"].startswith("internal_error: ")

    answer = client.post(f"/v1/imports/{import_id}", {"status": "queued"})

    assert answer.status == 200, answer.body
    done = client.wait_until(import_id, lambda shown: shown["status"] == "completed")
    assert counted(done) == {"total": ROWS, "created": ROWS}
    assert len(client.each_record()) == ROWS
