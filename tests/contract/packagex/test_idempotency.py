"""`Idempotency-Key` where only PackageX can show it: several endpoints, conflicts, imports that go on alone."""

import json
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Status
from tests.contract.packagex.bodies import enveloped, import_body
from tests.contract.packagex.clients import JSON, PackageXClient
from tests.import_world import run_import
from tests.real_pipeline import connect_pipeline
from tests.world import OURS, THEIRS

ASYNC = {"upload_mode": "async", "resource": "contact", "action": "merge"}
SYNC = {"upload_mode": "sync", "resource": "contact", "action": "merge", "data": [{"name": "Ann"}]}


def post(client: PackageXClient, path: str = "/v1/imports", body: JSON | None = None, key: str = "") -> HTTPResponse:
    sent = {"Content-Type": "application/json", "Idempotency-Key": "one"}
    sent |= {"PX-API-KEY": key} if key else {}
    return client.request("POST", path, body=json.dumps(body or ASYNC).encode(), headers=sent)


def imports_of(client: PackageXClient, tenant_id: TenantId = OURS) -> int:
    return client.world.stores.imports.list_page(tenant_id, page=1, per_page=10).total


def test_an_async_import_is_created_once_with_one_upload_url() -> None:
    client = PackageXClient()

    first, again = post(client), post(client)

    import_id = first.json_body["data"]["id"]
    url = f"memory://PUT/uploads/{OURS}/{import_id}/source?expires_at=1700003600"
    assert again.json_body == enveloped(
        import_body(id=import_id, _upload_url=url), "Import created. PUT the file to _upload_url.", "/v1/imports", 201
    )
    assert first.json_body == again.json_body
    assert imports_of(client) == 1


def test_a_replay_shows_the_import_as_it_was_first_however_far_it_has_come() -> None:
    client = PackageXClient()
    machine = connect_pipeline(client.world)
    first = post(client, body=SYNC)
    import_ = client.world.stores.imports.find(OURS, ImportId(first.json_body["data"]["id"]))
    assert import_ is not None
    running = post(client, body=SYNC)
    run_import(machine, import_)

    ended = post(client, body=SYNC)

    assert first.json_body["data"]["status"] == "processing"
    assert running.json_body == ended.json_body == first.json_body
    assert client.get(f"/v1/imports/{import_.import_id}").json_body["data"]["status"] == "completed"


def test_a_conflict_is_given_again_as_it_was() -> None:
    client = PackageXClient()
    client.world.add_import(Status.COMPLETED, import_id="imp_1")

    first, again = (post(client, "/v1/imports/imp_1", {"status": "canceled"}) for _ in range(2))

    assert first.status_code == again.status_code == 409
    assert again.json_body == first.json_body
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_source_that_failed_in_the_request_is_not_imported_again() -> None:
    client = PackageXClient()
    connect_pipeline(client.world)
    body = SYNC | {"data": [{"email": "no address"}]}

    first, again = post(client, body=body), post(client, body=body)

    assert again.json_body == first.json_body
    assert imports_of(client) == 1


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        pytest.param("/v1/imports", {"upload_mode": "later"}, 400, id="a body that cannot be"),
        pytest.param("/v1/imports", ASYNC | {"resource": "moon"}, 400, id="a resource that is not"),
        pytest.param("/v1/imports", ASYNC | {"size_bytes": 6 << 30}, 413, id="too large"),
        pytest.param("/v1/imports?a=b", ASYNC, 400, id="an unknown parameter"),
    ],
)
def test_what_is_refused_before_work_began_is_judged_anew(path: str, body: JSON, status: int) -> None:
    client = PackageXClient()

    answers = [post(client, path, body) for _ in range(2)]

    assert [one.status_code for one in answers] == [status, status]
    assert all("Idempotent-Replayed" not in one.headers for one in answers)
    assert post(client).status_code == 201


def test_a_key_without_the_scope_learns_nothing_of_what_another_was_answered() -> None:
    client = PackageXClient()
    post(client)
    weak = client.world.key("px_weak", scopes=frozenset(), key_id="key_weak")

    assert post(client, key=weak).status_code == 403


def test_two_api_keys_of_a_tenant_share_their_idempotency_keys() -> None:
    client = PackageXClient()
    first = post(client)
    other = client.world.key("px_other", key_id="key_other")

    assert post(client, key=other).json_body == first.json_body


def test_another_tenant_has_idempotency_keys_of_its_own() -> None:
    client = PackageXClient()
    first = post(client)
    theirs = client.world.key("px_theirs", tenant_id=THEIRS)

    answer = post(client, key=theirs)

    assert answer.json_body["data"]["organization_id"] == THEIRS
    assert answer.json_body["data"]["id"] != first.json_body["data"]["id"]
    assert (imports_of(client), imports_of(client, THEIRS)) == (1, 1)


def test_another_endpoint_has_idempotency_keys_of_its_own() -> None:
    client = PackageXClient()
    import_id = post(client).json_body["data"]["id"]

    renamed = post(client, f"/v1/imports/{import_id}", {"name": "Spring"})

    assert (renamed.status_code, renamed.json_body["data"]["name"]) == (200, "Spring")


def test_another_path_of_the_same_endpoint_is_another_request() -> None:
    client = PackageXClient()
    for import_id in ("imp_1", "imp_2"):
        client.world.add_import(Status.REQUESTED, import_id=import_id)
    post(client, "/v1/imports/imp_1", {"name": "Spring"})

    response = post(client, "/v1/imports/imp_2", {"name": "Spring"})

    assert (response.status_code, response.json_body["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("key", ["one", "", "k" * 256])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_reading_and_deleting_take_no_idempotency_key(method: str, key: str) -> None:
    client = PackageXClient()
    client.world.add_import(Status.COMPLETED, import_id="imp_1")

    answers = [client.request(method, "/v1/imports/imp_1", headers={"Idempotency-Key": key}) for _ in range(2)]

    expected: dict[str, Any] = {"GET": [200, 200], "DELETE": [200, 404]}
    assert [one.status_code for one in answers] == expected[method]
    assert all("Idempotent-Replayed" not in one.headers for one in answers)
