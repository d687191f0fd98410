"""`POST /api/v1/teams/{teamId}/import`: requests of the document, and what becomes of rows under each strategy."""

import pytest

from tests.contract.cstar.clients import JSON, CStarClient

JANE = {"name": "Jane", "email": "jane@example.com"}


def result(**given: object) -> JSON:
    counts = {"total": 1, "created": 0, "updated": 0, "skipped": 0}
    return {"object": "import_result", "resource": "customers", **counts, "errors": []} | given


def test_the_documented_request_is_answered_as_documented() -> None:
    body = {"resource": "customers", "records": [JANE], "mergeStrategy": "skip"}

    response = CStarClient().post("/import", body)

    assert response.status_code == 200
    assert response.json_body == {"success": True, "data": result(created=1)}


def test_what_was_imported_is_skipped_by_default() -> None:
    client = CStarClient()
    client.imported([JANE])

    again = client.imported([{**JANE, "company": "Acme"}])

    assert again == result(skipped=1)
    assert "company" not in client.exported()[0]


@pytest.mark.parametrize(
    ("strategy", "counted", "afterwards"),
    [
        ("skip", {"skipped": 1}, {"name": "Jane", "phone": "+15551234567"}),
        ("update", {"updated": 1}, {"name": "Jane Doe", "phone": "+15551234567", "company": "Acme"}),
        ("fill", {"updated": 1}, {"name": "Jane", "phone": "+15551234567", "company": "Acme"}),
        ("replace", {"updated": 1}, {"name": "Jane Doe", "company": "Acme"}),
    ],
)
def test_the_strategy_says_what_becomes_of_a_match(strategy: str, counted: JSON, afterwards: JSON) -> None:
    client = CStarClient()
    client.imported([{**JANE, "phone": "+15551234567"}])

    imported = client.imported(
        [{"name": "Jane Doe", "email": "JANE@example.com", "company": "Acme"}], mergeStrategy=strategy
    )

    [stored] = client.exported()
    assert imported == result(**counted)
    assert {name: stored[name] for name in ("name", "phone", "company") if name in stored} == afterwards


def test_a_row_that_changes_nothing_counts_as_skipped() -> None:
    client = CStarClient()
    client.imported([JANE])

    assert client.imported([JANE], mergeStrategy="update") == result(skipped=1)


def test_of_copies_the_first_is_taken_and_the_rest_skipped() -> None:
    client = CStarClient()

    imported = client.imported([{**JANE, "name": "First"}, {**JANE, "name": "Second"}, {"name": "Ann"}])

    assert imported == result(total=3, created=2, skipped=1)
    assert sorted(str(one["name"]) for one in client.exported()) == ["Ann", "First"]


def test_each_failed_row_is_told_with_its_index() -> None:
    imported = CStarClient().imported(
        [JANE, {"name": "Bob", "email": "bob@"}, "no object", {"name": "Cat", "status": "blue"}]
    )

    assert imported == result(
        total=4,
        created=1,
        errors=[
            {
                "index": 1,
                "field": "email",
                "code": "invalid_email",
                "message": "'email' must be a valid email address, not 'bob@'.",
                "value": "bob@",
            },
            {
                "index": 2,
                "field": None,
                "code": "not_an_object",
                "message": "Expected an object, found a text.",
                "value": '"no object"',
            },
            {
                "index": 3,
                "field": "status",
                "code": "not_a_choice",
                "message": "'status' must be one of active, inactive, not 'blue'.",
                "value": "blue",
            },
        ],
    )


def test_what_is_no_field_is_told_once_for_all_records_and_what_is_left_out_for_each() -> None:
    client = CStarClient()
    client.imported([JANE])
    told = {"title": "A", "external_id": "T1", "Mood": "calm", "customerId": "nobody@example.com"}

    imported = client.imported([told, {**told, "external_id": "T2", "createdAt": "2024-01-01T00:00:00Z"}], "tickets")

    dead = {
        "field": "customerId",
        "code": "reference_dead",
        "message": "'customerId' names a record that does not exist: 'nobody@example.com'; it was left out.",
        "value": "nobody@example.com",
    }
    assert imported == {
        "object": "import_result",
        "resource": "tickets",
        "total": 2,
        "created": 2,
        "updated": 0,
        "skipped": 0,
        "errors": [],
        "warnings": [
            {
                "index": None,
                "field": "Mood",
                "code": "header_unknown",
                "message": "'Mood' is no field of tickets and was not read.",
                "value": "Mood",
            },
            {
                "index": None,
                "field": "createdAt",
                "code": "protected_field",
                "message": "'createdAt' is set by the service and was not read.",
                "value": "createdAt",
            },
            {"index": 0, **dead},
            {"index": 1, **dead},
        ],
    }


def test_errors_name_fields_as_cstar_does() -> None:
    [error] = CStarClient().imported([{"title": "A", "responseDeadline": "soon"}], "tickets")["errors"]

    assert (error["field"], error["code"]) == ("responseDeadline", "invalid_datetime")
    assert error["message"] == "'responseDeadline' is no time: 'soon'."


def test_a_ticket_finds_its_customer_and_an_article_its_slug() -> None:
    client = CStarClient()
    client.imported([JANE])
    [customer] = client.exported()

    client.imported([{"title": "Help", "customerId": "jane@example.com", "external_id": "T1"}], "tickets")
    client.imported([{"title": "How", "slug": "how", "isPublic": True}], "articles")
    again = client.imported([{"title": "How?", "slug": "HOW"}], "articles", mergeStrategy="update")

    assert client.exported("tickets")[0]["customerId"] == customer["id"]
    assert (again["updated"], again["errors"]) == (1, [])


def test_ids_bear_the_prefix_of_their_resource() -> None:
    client = CStarClient()
    for resource, record in (("customers", JANE), ("tickets", {"title": "A"}), ("articles", {"title": "B"})):
        client.imported([record], resource)

    prefixes = {resource: client.exported(resource)[0]["id"][:4] for resource in ("customers", "tickets", "articles")}
    assert prefixes == {"customers": "cus_", "tickets": "tkt_", "articles": "art_"}


def test_500_records_are_taken() -> None:
    records: list[object] = [{"name": f"N{number}", "email": f"n{number}@example.com"} for number in range(500)]

    assert CStarClient().imported(records) == result(total=500, created=500)


@pytest.mark.parametrize(
    "value", [2**64, "half a \ud83d", ["\udc00"], {"a": -(2**70)}], ids=["number", "text", "list", "map"]
)
def test_what_no_store_can_hold_fails_or_is_left_out_by_record(value: object) -> None:
    client = CStarClient()
    in_a_field, in_none = {"name": "Ann", "tags": value}, {"name": "Bob", "unheard_of": value}

    imported = client.imported([in_a_field, in_none, JANE])

    assert imported["total"] == 3
    assert imported["created"] == 3 - len({error["index"] for error in imported["errors"]})
    assert {"Bob", "Jane"} <= {record["name"] for record in client.exported()}


def test_records_without_any_field_of_the_resource_are_refused_as_a_whole() -> None:
    client = CStarClient()

    response = client.post("/import", {"resource": "customers", "records": [{"Vorname": "Ann"}, {"sku": "A"}]})

    error = response.json_body["error"]
    assert (response.status_code, error["type"], error["code"]) == (400, "invalid_request_error", "parameter_unknown")
    assert "it has: Vorname, sku. " in error["message"]
    assert client.get("/import").json_body["data"] == []


def test_that_most_keys_are_unknown_is_told_before_what_is_missing() -> None:
    imported = CStarClient().imported([{"Vorname": "A", "Nachname": "B", "email": "a@example.com"}] * 2)

    unknown = "2 of the 3 headers are no fields of customers and are not read: Vorname, Nachname. "
    assert [one["message"] for one in imported["errors"]] == [f"{unknown}'name' is required."]
