"""`make migrate` on a stack that serves: what an older release has stored is in the lists afterwards."""

import pytest

from chalicelib.model.limits import DEFAULT_LIMITS
from local.deployed_stack import stack_at
from local.migrate import each_job, lists_of, migrate
from tests.e2e.packagex_client import PackageXClient
from tests.e2e.stack_internals import StackInternals

pytestmark = pytest.mark.e2e


def test_an_import_of_an_older_release_is_listed_again_by_the_command(
    client: PackageXClient, internals: StackInternals
) -> None:
    import_ = client.run_records([{"name": "Ann", "email": "ann@example.com"}])
    pk = f"IMPORT#{client.tenant_id}#{import_['id']}"
    as_stored_before = {"list_pk": f"IMPORTS#{client.tenant_id}", "kept_until": None, "expires_at": None}
    internals.control.set(pk, as_stored_before, condition="attribute_exists(#pk)", parameters={})
    stack = stack_at(internals.stack.aws.url, internals.stack.outputs)
    lists = lists_of(stack)
    before = client.get("/v1/imports").data

    told = migrate(each_job(stack), lists, None)
    applied = migrate(each_job(stack), lists, lambda: None)
    again = migrate(each_job(stack), lists, lambda: None)

    assert before == []
    assert (told.unlisted, told.listed) == (1, 0)
    assert (applied.unlisted, applied.listed) == (1, 1)
    assert (again.unlisted, again.unreadable) == (0, [])
    assert [one["id"] for one in client.get("/v1/imports").data] == [import_["id"]]
    stored = internals.control.find(pk)
    assert stored is not None
    assert stored["expires_at"] == stored["kept_until"] > DEFAULT_LIMITS.job_retention_s
