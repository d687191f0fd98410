"""`Idempotency-Key` on the deployed stack: its table, its policy, its bucket, and requests that race."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from chalicelib.model.api_keys import KeyKind
from local.keys import add_key, new_key
from local.stack import Stack
from tests.e2e.packagex_client import JSON, ApiResponse, PackageXClient, counted, put, send

pytestmark = pytest.mark.e2e

ASYNC = {"upload_mode": "async", "resource": "customers", "action": "merge"}
ROWS = [{"name": f"Customer {number}", "email": f"c{number}@example.com"} for number in range(50)]
SYNC = {"upload_mode": "sync", "resource": "customers", "action": "create", "data": ROWS}


def listed(client: PackageXClient) -> list[str]:
    return [one["id"] for one in client.get("/v1/imports").data]


def test_an_import_is_created_once_and_its_file_imported_once(client: PackageXClient) -> None:
    first = client.post("/v1/imports", ASYNC, once="one")
    again = client.post("/v1/imports", ASYNC, once="one")
    put(again.data["_upload_url"], b"name,email\nAnn,ann@example.com\n")
    import_ = client.wait(first.data["id"])

    later = client.post("/v1/imports", ASYNC, once="one")

    assert (again.status, again.content) == (first.status, first.content) == (later.status, later.content)
    assert (again.headers["Idempotent-Replayed"], "Idempotent-Replayed" in first.headers) == ("true", False)
    assert counted(import_) == {"total": 1, "created": 1}
    assert listed(client) == [first.data["id"]]


def test_of_requests_that_race_one_is_done_and_the_others_are_told_to_wait(client: PackageXClient) -> None:
    barrier = Barrier(4)

    def ask(_: int) -> ApiResponse:
        barrier.wait()
        return client.post("/v1/imports", SYNC, once="race")

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(ask, range(4)))

    done = [one for one in answers if one.status == 201]
    told = [one for one in answers if one.status != 201]
    assert len({one.content for one in done}) == 1
    assert all(one.refusal[:2] == (409, "idempotency_key_in_use") for one in told)
    assert all(one.headers["Retry-After"] == "1" for one in told)
    assert listed(client) == [done[0].data["id"]]
    assert counted(client.wait(done[0].data["id"])) == {"total": 50, "created": 50}
    assert client.post("/v1/imports", SYNC, once="race").content == done[0].content


def test_another_body_and_a_key_that_cannot_be_one_are_refused(client: PackageXClient) -> None:
    client.post("/v1/imports", ASYNC, once="one")

    assert client.post("/v1/imports", SYNC, once="one").refusal[:2] == (422, "idempotency_key_reused")
    assert client.post("/v1/imports", ASYNC, once="k" * 256).refusal[:2] == (400, "validation_failed")
    assert client.post("/v1/imports", ASYNC, once="k" * 255).status == 201


def test_a_refusal_before_work_began_is_not_kept(client: PackageXClient) -> None:
    wrong = client.post("/v1/imports", ASYNC | {"resource": "moon"}, once="one")
    right = client.post("/v1/imports", ASYNC, once="one")

    assert (wrong.status, right.status) == (400, 201)


def ask_export(stack: Stack, root: str, secret: str) -> ApiResponse:
    headers = {
        "Authorization": f"Bearer {secret}",
        "Content-Type": "application/json",
        "Idempotency-Key": "export",
    }
    body = json.dumps({"resources": [{"type": "customers"}]}).encode()
    return send("POST", f"{root}/export", body, headers)


def test_cstar_s_large_answer_comes_back_whole_from_the_bucket(stack: Stack) -> None:
    key = new_key(KeyKind.SK_LIVE)
    add_key(stack, key)
    root = f"{stack.base_url}/api/v1/teams/{key.tenant_id}"
    headers = {"Authorization": f"Bearer {key.secret}", "Content-Type": "application/json"}
    records: list[JSON] = [
        {"name": "Ann", "notes": "é" * 900, "email": f"c{number}@example.com"} for number in range(200)
    ]
    loaded = send("POST", f"{root}/import", json.dumps({"resource": "customers", "records": records}).encode(), headers)
    assert json.loads(loaded.content)["data"]["created"] == 200, loaded.content

    first, again = (ask_export(stack, root, key.secret) for _ in range(2))

    assert len(first.content) > 300 << 10
    assert (again.status, again.content) == (200, first.content)
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert again.headers["Idempotent-Replayed"] == "true"


def test_kasar_s_import_is_done_once(stack: Stack) -> None:
    key = new_key(KeyKind.KSR_ADMIN)
    add_key(stack, key)
    headers = {
        "Authorization": f"Bearer {key.secret}",
        "Content-Type": "application/json",
        "Idempotency-Key": "one",
    }
    body = json.dumps({"records": [{"first_name": "Alice"}]}).encode()

    first, again = (send("POST", f"{stack.base_url}/api/v1/import/contacts", body, headers) for _ in range(2))

    told: dict[str, Any] = first.body
    assert (first.status, told["created"]) == (200, 1)
    assert again.content == first.content
