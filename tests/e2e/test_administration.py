"""`make admin` on the deployed stack: a tenant is made, its usage is told, and an import without execution goes on."""

import csv
import time

import orjson
import pytest

from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Status
from local.administration.command import GROUPS, read_arguments
from local.administration.stack_stores import stores_of
from local.deployed_stack import stack_at
from local.stack import Stack
from tests.contract.stores.builders import an_import
from tests.e2e.packagex_client import PackageXClient

pytestmark = pytest.mark.e2e

FILE = b"Name,E-mail\nAnn,ann@mail.example\nBob,wrong\n"
RECORDS = [{"name": "Cid", "email": "cid@mail.example"}]


def admin(stack: Stack, *words: str) -> list[str]:
    given = read_arguments(words)
    return [*GROUPS[given.group].perform(given, stack_at(stack.aws.url, stack.outputs), int(time.time()))]


def test_a_new_tenant_can_work_with_its_first_key(stack: Stack, client: PackageXClient) -> None:
    tenant, key, _ = admin(stack, "tenants", "create")

    tenant_id = tenant.split()[1]
    assert key.split()[1].startswith("px_")
    assert any(line.startswith(tenant_id) for line in admin(stack, "tenants", "list"))
    assert key.split()[0] in admin(stack, "keys", "list", "--tenant", tenant_id)[0]


def test_usage_counts_rows_and_bytes_of_each_import_once(stack: Stack, client: PackageXClient) -> None:
    import_ = client.run(FILE, resource="customers")
    client.run_records(RECORDS, resource="customers")
    used = len(FILE) + len(orjson.dumps(RECORDS))
    client.request("DELETE", f"/v1/imports/{import_['id']}")

    [month] = csv.DictReader(admin(stack, "usage", "list", "--tenant", client.tenant_id))

    assert (month["imports"], month["import_rows"], month["import_bytes"]) == ("2", "3", str(used))
    assert int(month["requests"]) >= 4
    [told] = client.get("/v1/usage").data["months"]
    assert (told["month"], told["import_rows"], told["import_bytes"]) == (month["month"], 3, used)


def test_an_import_that_no_execution_runs_is_listed_and_ended(stack: Stack, client: PackageXClient) -> None:
    stores = stores_of(stack_at(stack.aws.url, stack.outputs))
    now = int(time.time())
    lost = an_import(
        TenantId(client.tenant_id),
        status=Status.QUEUED,
        created_at=now,
        updated_at=now,
        queued_at=now,
        deadline_at=now + 3600,
    )
    stores.imports.add(lost)
    stores.imports.watch(lost)
    assert any(lost.import_id in line and "has no execution" in line for line in admin(stack, "stuck", "list"))

    assert "is being ended" in admin(stack, "stuck", "end", client.tenant_id, lost.import_id)[0]

    assert client.wait(lost.import_id)["status"] == "failed"
    assert not any(lost.import_id in line for line in admin(stack, "stuck", "list"))
