"""Files that are dropped into the bucket of the deployed stack: results come out beside them."""

import json
import time
from typing import Any

import pytest

from chalicelib.imports.drop_keys import result_key_of
from local.keys import TenantKey, add_key, new_key
from local.stack import Stack
from tests.e2e.stack_internals import StackInternals

pytestmark = pytest.mark.e2e

WAIT_S = 60


@pytest.fixture
def tenant(stack: Stack) -> TenantKey:
    key = new_key()
    add_key(stack, key)
    return key


def drop_file(stack: Stack, key: str, content: str) -> str:
    """Drops a file into the bucket, and returns the version of the object."""
    put = stack.aws.s3.put_object(Bucket=stack.outputs["BucketName"], Key=key, Body=content.encode())
    return str(put["VersionId"])


def wait_for_result(stack: Stack, key: str) -> dict[str, Any]:
    for _ in range(WAIT_S * 10):
        found = read(stack, f"{key}.result.json")
        if found is not None:
            return dict(json.loads(found))
        time.sleep(0.1)
    raise AssertionError(f"no result after {WAIT_S} s")


def read(stack: Stack, key: str) -> str | None:
    try:
        content: bytes = stack.aws.s3.get_object(Bucket=stack.outputs["BucketName"], Key=key)["Body"].read()
    except stack.aws.s3.exceptions.NoSuchKey:
        return None
    return content.decode()


def test_a_dropped_file_is_imported_and_its_result_stands_next_to_it(stack: Stack, tenant: TenantKey) -> None:
    key = f"drop/{tenant.tenant_id}/customers/merge/people of May.csv"

    version_id = drop_file(stack, key, "name,email\nAnn,ann@example.com\nBob,nonsense\n")

    result = wait_for_result(stack, key)
    assert result["status"] == "completed"
    assert result["source"]["version_id"] == version_id
    assert (result["stats"]["total"], result["stats"]["created"], result["stats"]["failed"]) == (2, 1, 1)
    errors = read(stack, f"{key}.errors.csv")
    assert errors is not None
    assert errors.splitlines()[1].startswith("Bob,nonsense,2,3,failed")


def test_a_large_dropped_file_is_imported_in_splits(stack: Stack, tenant: TenantKey) -> None:
    key = f"drop/{tenant.tenant_id}/customers/merge/many.csv"
    filler = "x" * 120
    rows = "".join(f'Person {n},person{n}@example.com,"one\ntwo, {filler}"\n' for n in range(1_000))

    drop_file(stack, key, "name,email,notes\n" + rows + "Bad,nonsense,x\n")

    result = wait_for_result(stack, key)
    assert (result["stats"]["total"], result["stats"]["created"], result["stats"]["failed"]) == (1_001, 1_000, 1)
    errors = read(stack, f"{key}.errors.csv")
    assert errors is not None
    assert errors.splitlines()[1].startswith("Bad,nonsense,x,1001,2002,failed")


def test_a_dropped_file_that_no_event_told_of_is_found_by_the_reaper(
    stack: Stack, internals: StackInternals, tenant: TenantKey
) -> None:
    key = f"drop/{tenant.tenant_id}/customers/merge/unheard.csv"
    with internals.unheard("OnFile"):
        drop_file(stack, key, "name,email\nAnn,ann@example.com\n")
        time.sleep(3)
    assert read(stack, f"{key}.result.json") is None

    internals.reap()

    assert wait_for_result(stack, key)["stats"]["created"] == 1


def test_a_file_for_nobody_is_told_so(stack: Stack) -> None:
    key = "drop/11111111-1111-4111-8111-111111111111/customers/merge/people.csv"

    drop_file(stack, key, "name\nAnn\n")

    result = wait_for_result(stack, key)
    assert result["status"] == "refused"
    assert result["reason"].startswith("unknown_tenant: ")


def test_a_file_that_is_deleted_at_once_has_a_result(stack: Stack, tenant: TenantKey) -> None:
    key = f"drop/{tenant.tenant_id}/customers/merge/gone.csv"

    version_id = drop_file(stack, key, "name,email\nAnn,ann@example.com\n")
    stack.aws.s3.delete_object(Bucket=stack.outputs["BucketName"], Key=key, VersionId=version_id)

    result = wait_for_result(stack, key)
    reason = str(result["reason"]).partition(":")[0]
    assert (result["status"], reason) in {("refused", "file_gone"), ("failed", "source_missing"), ("completed", "None")}
    assert result["source"]["key"] == key


def test_a_file_with_too_long_a_name_is_told_so(stack: Stack, tenant: TenantKey) -> None:
    key = f"drop/{tenant.tenant_id}/customers/merge/{'long ' * 192}.csv"

    drop_file(stack, key, "name\nAnn\n")

    result = wait_for_result(stack, result_key_of(key).removesuffix(".result.json"))
    assert result["reason"].startswith("key_too_long: ")
    assert result["source"]["key"] == key


def test_a_file_of_the_same_name_is_another_import(stack: Stack, tenant: TenantKey) -> None:
    key = f"drop/{tenant.tenant_id}/customers/merge/people.csv"
    drop_file(stack, key, "name,email\nAnn,ann@example.com\n")
    first = wait_for_result(stack, key)
    stack.aws.s3.delete_object(Bucket=stack.outputs["BucketName"], Key=f"{key}.result.json")

    drop_file(stack, key, "name,email\nAnn B,ann@example.com\n")

    second = wait_for_result(stack, key)
    assert second["import_id"] != first["import_id"]
    assert (second["stats"]["updated"], second["stats"]["created"]) == (1, 0)


def test_more_files_than_may_run_at_once_wait_for_a_slot_and_all_end(stack: Stack, tenant: TenantKey) -> None:
    keys = [f"drop/{tenant.tenant_id}/customers/merge/{n}.csv" for n in range(5)]

    for n, key in enumerate(keys):
        drop_file(stack, key, f"name,email\nAnn {n},ann{n}@example.com\n")

    results = [wait_for_result(stack, key) for key in keys]
    assert [(one["status"], one["stats"]["created"]) for one in results] == [("completed", 1)] * 5
