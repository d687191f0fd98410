"""`GET /api/v1/teams/{teamId}/import`: what was imported, newest first."""

import pytest

from chalicelib.model.api_keys import KeyKind
from chalicelib.model.imports import Stats, Status
from tests.contract.cstar.clients import AT, JSON, CStarClient
from tests.world import NOW, THEIRS


def a_log(number: int, **given: object) -> JSON:
    log = {"id": f"imp_{number}", "resource": "customers", "status": "completed", "totalRecords": 1, "created": 1}
    return {**log, "createdAt": AT} | given


def test_the_documented_request_is_answered_with_logs() -> None:
    client = CStarClient()
    client.imported([{"name": "Jane"}])

    response = client.get("/import")

    assert response.status_code == 200
    assert response.json_body == {
        "success": True,
        "data": [a_log(1)],
        "meta": {"timestamp": AT, "pagination": {"page": 1, "pageSize": 20, "total": 1, "totalPages": 1}},
    }


def test_pages_come_newest_first() -> None:
    client = CStarClient()
    for number in range(5):
        client.world.add_import(Status.COMPLETED, f"imp_{number}", resource="tickets", created_at=NOW + number)

    body = client.get("/import?page=2&pageSize=2").json_body

    assert [log["id"] for log in body["data"]] == ["imp_2", "imp_1"]
    assert body["meta"]["pagination"] == {"page": 2, "pageSize": 2, "total": 5, "totalPages": 3}


def test_no_logs_are_no_pages() -> None:
    body = CStarClient().get("/import").json_body

    assert (body["data"], body["meta"]["pagination"]["totalPages"]) == ([], 0)


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (Status.REQUESTED, "processing"),
        (Status.QUEUED, "processing"),
        (Status.PROCESSING, "processing"),
        (Status.CANCELING, "processing"),
        (Status.COMPLETED, "completed"),
        (Status.FAILED, "failed"),
        (Status.CANCELED, "canceled"),
        (Status.TIMED_OUT, "failed"),
        (Status.EXPIRED, "failed"),
    ],
)
def test_imports_of_other_dialects_are_listed_in_cstar_s_words(status: Status, word: str) -> None:
    client = CStarClient()
    client.world.add_import(status, "imp_1", resource="articles", dialect="packagex", stats=Stats(total=9, created=7))

    assert client.get("/import").json_body["data"] == [
        a_log(1, resource="articles", status=word, totalRecords=9, created=7)
    ]


def test_resources_that_cstar_does_not_know_are_not_listed() -> None:
    client = CStarClient()
    client.world.add_import(Status.COMPLETED, "imp_1", resource="contacts")

    assert client.get("/import").json_body["data"] == []


def test_imports_of_other_tenants_are_not_listed() -> None:
    client = CStarClient()
    client.world.add_import(Status.COMPLETED, "imp_1", resource="customers", tenant_id=THEIRS)
    client.imported([{"name": "Test"}], key=client.secrets[KeyKind.SK_TEST])

    assert client.get("/import").json_body["data"] == []
    assert len(client.get("/import", key=client.secrets[KeyKind.SK_TEST]).json_body["data"]) == 1


@pytest.mark.parametrize("kind", [KeyKind.PK_LIVE, KeyKind.PK_TEST])
def test_publishable_keys_read_no_logs(kind: KeyKind) -> None:
    client = CStarClient()
    client.imported([{"name": "Jane"}])

    assert client.get("/import", key=client.secrets[kind]).status_code == 403
