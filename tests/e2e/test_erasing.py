"""A tenant is erased: a scan of all tables and of the bucket finds nothing of it, and everything of its neighbour."""

import time
from collections.abc import Iterator

import pytest

from chalicelib.model.ids import TenantId
from local.administration.command import read_arguments
from local.administration.tenants import perform
from local.deployed_stack import DeployedStack, stack_at
from local.stack import Stack, running_stack
from local.tenants import find_left, names_of
from tests.e2e.conftest import WISHES
from tests.e2e.packagex_client import PackageXClient
from tests.e2e.stack_internals import StackInternals
from tests.e2e.tenants import Tenants
from tests.e2e.test_profiles import dropped

pytestmark = pytest.mark.e2e

FILE = b"Name,E-mail\nAnn,ann@mail.example\nBob,wrong\n"


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack in which nobody else has left anything: all of it is looked through, time and again."""
    with running_stack(tmp_path_factory.mktemp("erasing"), WISHES) as running:
        yield running


def leave_traces(client: PackageXClient, stack: Stack) -> None:
    """Leaves something of everything that a tenant can leave."""
    client.run(FILE, resource="customers", save_upload=True)
    client.run_records([{"name": "Cid", "email": "cid@mail.example"}], resource="customers")
    client.post("/v1/settings", {"max_failed": "50%"}, once="a-key")
    client.post("/v1/import-profiles", {"name": "weekly", "resource": "customers"})
    client.post("/v1/webhooks", {"url": "http://127.0.0.1:9/hook", "events": ["import.completed"]})
    client.post("/v1/export-schedules", {"resource": "customers", "format": "csv", "schedule": "rate(1 day)"})
    export = client.post("/v1/exports", {"resource": "customers", "format": "csv"}).data
    key = f"drop/{client.tenant_id}/customers/merge/people.csv"
    stack.aws.s3.put_object(Bucket=stack.outputs["BucketName"], Key=key, Body=FILE)
    client.wait(dropped(client))
    while client.get(f"/v1/exports/{export['id']}").data["status"] not in {"completed", "failed"}:
        time.sleep(0.2)


def tell(deployed: DeployedStack, *words: str) -> list[str]:
    return perform(read_arguments(["tenants", *words]), deployed, int(time.time()))


def test_nothing_of_an_erased_tenant_is_left_and_all_of_its_neighbour(own_stack: Stack) -> None:
    tenants = Tenants(StackInternals(own_stack))
    gone, neighbour = tenants.client(), tenants.client()
    for client in (gone, neighbour):
        leave_traces(client, own_stack)
    deployed = stack_at(own_stack.aws.url, own_stack.outputs)
    names = names_of(deployed, TenantId(gone.tenant_id))
    imports, records = neighbour.get("/v1/imports").data, neighbour.records()
    assert len(find_left(deployed, names)) > 30

    with pytest.raises(SystemExit, match="Suspend it first"):
        tell(deployed, "erase", gone.tenant_id, "--yes")
    assert "1 keys revoked" in tell(deployed, "suspend", gone.tenant_id)[0]
    assert gone.get("/v1/imports").status == 401
    with pytest.raises(SystemExit, match="say --yes"):
        tell(deployed, "erase", gone.tenant_id)
    assert any(line.startswith(f"{gone.tenant_id}  suspended") for line in tell(deployed, "list"))

    assert "is erased" in tell(deployed, "erase", gone.tenant_id, "--yes")[0]

    assert find_left(deployed, names) == []
    assert not any(line.startswith(gone.tenant_id) for line in tell(deployed, "list"))
    assert neighbour.get("/v1/imports").data == imports
    assert neighbour.records() == records
    assert (len(imports), len(records)) == (3, 2)
