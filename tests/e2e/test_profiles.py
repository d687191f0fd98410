"""A profile says what is the same every week, over the API and for dropped files."""

import pytest

from local.stack import Stack
from tests.e2e.packagex_client import PackageXClient, counted

pytestmark = pytest.mark.e2e

FILE = b"Kunde;Post\nAnn;ann@example.com\n"
WEEKLY = {
    "name": "weekly",
    "resource": "customers",
    "column_mapping": {"name": "Kunde", "email": "Post"},
    "reading": {"delimiter": ";"},
    "hold": True,
}


def test_imports_and_dropped_files_copy_a_profile(client: PackageXClient, stack: Stack) -> None:
    client.post("/v1/settings", {"max_failed": "5%"})
    profile = client.post("/v1/import-profiles", WEEKLY).data

    done = client.run(FILE, profile="weekly", hold=False)
    assert (done["status"], counted(done)) == ("completed", {"total": 1, "created": 1})
    assert (done["profile"], done["max_failed"]) == ({"id": profile["id"], "version": 1}, "5%")

    key = f"drop/{client.tenant_id}/@weekly/june.csv"
    stack.aws.s3.put_object(Bucket=stack.outputs["BucketName"], Key=key, Body=FILE)
    import_id = dropped(client)
    assert client.wait_until(import_id, lambda shown: bool(shown["held"]))["profile"] == done["profile"]
    client.post(f"/v1/imports/{import_id}", {"status": "queued"})
    assert counted(client.wait(import_id)) == {"total": 1, "unchanged": 1}
    assert client.request("DELETE", "/v1/import-profiles/weekly").data["deleted"]


def dropped(client: PackageXClient) -> str:
    """Waits for the import of the dropped file, and returns its id."""
    while True:
        for one in client.get("/v1/imports").data:
            if one["created_by"] == "drop":
                return str(one["id"])
