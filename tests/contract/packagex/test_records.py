"""Records as PackageX clients see them."""

import pytest

from tests.contract.packagex.clients import PackageXClient
from tests.world import NOW, THEIRS


def test_a_record_is_returned_with_its_fields() -> None:
    client = PackageXClient()
    client.world.record("con_1", {"name": "Ann", "tags": ["vip"], "is_primary": True, "object": "spoof"})

    response = client.get("/v1/records/contact/con_1")

    assert response.status_code == 200
    assert response.json_body == {
        "message": "Record retrieved.",
        "data": {
            "name": "Ann",
            "tags": ["vip"],
            "is_primary": True,
            "object": "contact",
            "id": "con_1",
            "version": 1,
            "created_at": NOW,
            "updated_at": NOW,
        },
        "status": 200,
        "errors": [],
        "code": None,
        "events": [],
        "pagination": None,
        "endpoint": "/v1/records/contact/con_1",
    }


def test_an_id_of_the_customers_own_is_decoded() -> None:
    client = PackageXClient()
    client.world.record("shop:7", {"name": "Ann"})

    assert client.get("/v1/records/contacts/shop%3A7").json_body["data"]["id"] == "shop:7"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/records/contacts/con_2", "record_not_found"),
        ("/v1/records/contacts/con_theirs", "record_not_found"),
        ("/v1/records/contacts/%20", "record_not_found"),
        ("/v1/records/spaceships/con_1", "resource_not_found"),
        ("/v1/records/spaceships", "resource_not_found"),
        ("/v1/records", "not_found"),
    ],
)
def test_what_is_not_there_is_not_found(path: str, code: str) -> None:
    client = PackageXClient()
    client.world.record("con_1", {"name": "Ann"})
    client.world.record("con_theirs", {"name": "Eve"}, tenant_id=THEIRS)

    response = client.get(path)

    assert (response.status_code, response.json_body["code"], response.json_body["data"]) == (404, code, {})


def test_cursors_lead_through_all_records_of_ours() -> None:
    client = PackageXClient()
    for number in range(30):
        client.world.record(f"con_{number}", {"name": f"N{number}"})
    client.world.record("con_theirs", {"name": "Eve"}, tenant_id=THEIRS)

    first = client.get("/v1/records/contacts").json_body
    rest = client.get(f"/v1/records/contacts?cursor={first['pagination']['cursor']}").json_body

    cursor = first["pagination"].pop("cursor")
    assert cursor
    assert first["pagination"] == {"limit": 25, "page": None, "has_more": True, "total_count": None}
    assert rest["pagination"] == {"limit": 25, "page": None, "has_more": False, "total_count": None, "cursor": None}
    assert {one["id"] for one in first["data"] + rest["data"]} == {f"con_{number}" for number in range(30)}
    assert (len(first["data"]), len(rest["data"])) == (25, 5)


def test_records_are_filtered_by_field() -> None:
    client = PackageXClient()
    client.world.record("con_1", {"name": "Ann", "email": "ann+a@example.com"})
    client.world.record("con_2", {"name": "Bob"})

    data = client.get("/v1/records/contacts?email=ann%2Ba@example.com&limit=5").json_body["data"]

    assert [one["id"] for one in data] == ["con_1"]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("limit=0", "limit: Input should be greater than or equal to 1."),
        ("limit=101", "limit: Input should be less than or equal to 100."),
        ("shoe_size=44", "shoe_size: 'shoe_size' is no field of contacts."),
        ("cursor=nonsense", "cursor: The cursor 'nonsense' does not belong to this listing; start again without one."),
        ("name=Ann&name=Bob", "name: Given more than once."),
    ],
)
def test_a_bad_query_is_refused(query: str, error: str) -> None:
    body = PackageXClient().get(f"/v1/records/contacts?{query}").json_body

    assert (body["status"], body["code"], body["errors"]) == (400, "validation_failed", [error])
