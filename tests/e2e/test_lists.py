"""Lists, polling, and what a key may ask about itself, on the deployed stack, where policies are enforced."""

import pytest

from tests.e2e.packagex_client import JSON, PackageXClient, send
from tests.e2e.sources import customers_csv

pytestmark = pytest.mark.e2e


def listed(client: PackageXClient, **query: object) -> tuple[list[str], int]:
    """The ids on a page, and the total that it tells."""
    answer = client.get("/v1/imports", **query)
    return [one["id"] for one in answer.data], answer.body["pagination"]["total_count"]


def test_imports_are_listed_by_what_they_are_now(client: PackageXClient) -> None:
    waiting, canceled = (str(client.create(resource=one)["id"]) for one in ("customers", "contacts"))
    done: JSON = client.run(customers_csv(1, 30))
    client.request("POST", f"/v1/imports/{canceled}", {"status": "canceled"})

    assert listed(client) == ([done["id"], canceled, waiting], 3)
    assert listed(client, limit=1, page=2) == ([canceled], 3)
    assert listed(client, status="completed") == ([done["id"]], 1)
    assert listed(client, status="failed", resource="contact") == ([canceled], 1)
    assert listed(client, status="requested", action="merge", upload_mode="async") == ([waiting], 1)
    assert listed(client, status="processing") == ([], 0)
    assert client.get("/v1/usage").data["imports"] == {
        "total": 3,
        "by_status": {"completed": 1, "failed": 1, "requested": 1},
    }


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_polls_is_told_that_nothing_has_changed(client: PackageXClient, method: str) -> None:
    done: JSON = client.run(customers_csv(1, 30))
    url, key = f"{client.base_url}/v1/imports/{done['id']}", {"PX-API-KEY": str(client.key)}
    first = send("GET", url, headers=key)

    again = send(method, url, headers=key | {"If-None-Match": first.headers["ETag"]})

    assert (first.status, again.status, again.content) == (200, 304, b"")
    assert done["progress"]["percent"] == 100


def test_a_key_knows_itself_and_its_siblings(client: PackageXClient) -> None:
    caller, keys = client.get("/v1/whoami").data, client.get("/v1/keys").data

    assert caller["organization_id"] == client.tenant_id
    assert [one["id"] for one in keys if one["is_current"]] == [caller["key_id"]]
