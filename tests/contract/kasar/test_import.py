"""`POST /api/v1/import/{object}`: Kasar's examples, whole answers."""

import json
from typing import Any

import pytest

from chalicelib.model.limits import Limits
from tests.contract.kasar.clients import ALICE, BOB, JSON, KasarClient, a_refusal
from tests.world import World


def a_result(name: str = "contacts", **counts: Any) -> JSON:
    return {"object_name": name, "created": 0, "duplicates": 0, "failed": 0, "errors": []} | counts


def test_the_documents_example() -> None:
    """Bob is there already."""
    client = KasarClient()
    client.load("contacts", BOB)

    response = client.load("contacts", ALICE, BOB)

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.json_body == {
        "object_name": "contacts",
        "created": 1,
        "duplicates": 1,
        "failed": 0,
        "errors": [],
    }


def test_the_documents_error_example() -> None:
    response = KasarClient().load("contacts", ALICE, BOB | {"email": "wrong"})

    assert response.status_code == 200
    assert response.json_body == {
        "object_name": "contacts",
        "created": 1,
        "duplicates": 0,
        "failed": 1,
        "errors": [{"index": 1, "code": "VALIDATION_ERROR", "message": "Field 'email' must be a valid email address"}],
    }


def test_the_documents_body_with_a_company_creates_the_company_once() -> None:
    client = KasarClient()

    first = client.load("contacts", ALICE | {"company_name": "Acme Corp"}, BOB)
    client.load("contacts", {"name": "Eve", "company_name": "ACME corp"})

    assert first.json_body == a_result(created=2)
    companies = client.exported("companies", fields="id,name")
    assert [one["name"] for one in companies] == ["Acme Corp"]
    contacts = client.exported("contacts", fields="name,company_id", sort_by="name", sort_dir="asc")
    acme = companies[0]["id"]
    assert contacts == [
        {"name": "Alice Martin", "company_id": acme},
        {"name": "Bob Dupont", "company_id": None},
        {"name": "Eve", "company_id": acme},
    ]


@pytest.mark.parametrize(
    "again",
    [
        pytest.param({"name": "Somebody Else", "email": "ALICE@Example.com"}, id="e-mail"),
        pytest.param({"name": "Somebody Else", "phone": "+1 555 123 4567"}, id="phone"),
        pytest.param({"name": "alice  MARTIN"}, id="name"),
        pytest.param({"name": "Alice-Martin."}, id="name with punctuation"),
        pytest.param({"first_name": "Alice", "last_name": "Martin", "email": "new@example.com"}, id="parts of a name"),
        pytest.param({"name": "Bob Dupont", "email": "alice@example.com"}, id="two records: never ambiguous"),
    ],
)
def test_whatever_matches_by_email_phone_or_name_is_a_duplicate(again: JSON) -> None:
    client = KasarClient()
    client.load("contacts", ALICE | {"phone": "+15551234567"}, BOB)

    assert client.load("contacts", again).json_body == a_result(duplicates=1)
    assert len(client.exported("contacts")) == 2


def test_the_first_of_several_in_a_request_is_created() -> None:
    response = KasarClient().load("contacts", ALICE, {"name": "Alice Martin"}, BOB, BOB)

    assert response.json_body == a_result(created=2, duplicates=2)


@pytest.mark.parametrize("name", ["contacts", "companies", "opportunities"])
def test_three_spellings_of_a_name_in_one_request_are_one(name: str) -> None:
    client = KasarClient()

    response = client.load(name, {"name": "Dr. Bob Ray"}, {"name": "Dr Bob Ray"}, {"name": "DR.  BOB-RAY"})

    assert response.json_body == a_result(name, created=1, duplicates=2)
    assert [one["name"] for one in client.exported(name)] == ["Dr. Bob Ray"]


@pytest.mark.parametrize(
    "again",
    [
        pytest.param({"name": "ACME, Corp."}, id="name"),
        pytest.param({"name": "X", "domain": "ACME.example"}, id="domain"),
        pytest.param({"name": "X", "email": "Office@Acme.example"}, id="e-mail"),
        pytest.param({"name": "X", "phone": "+1 555 123 4567"}, id="phone"),
    ],
)
def test_companies_are_matched_by_email_phone_name_and_domain(again: JSON) -> None:
    client = KasarClient()
    acme = {"name": "Acme Corp", "domain": "acme.example", "email": "office@acme.example", "phone": "+15551234567"}
    client.load("companies", acme)

    response = client.load("companies", again, {"name": "Y"})

    assert response.json_body == a_result("companies", created=1, duplicates=1)


def test_opportunities_are_matched_by_name() -> None:
    client = KasarClient()
    client.load("opportunities", {"name": "New website"})

    response = client.load("opportunities", {"name": "new web-site!", "stage": "won"}, {"name": "New shop"})

    assert response.json_body == a_result("opportunities", created=1, duplicates=1)


def test_a_contact_finds_its_company_however_that_is_punctuated() -> None:
    client = KasarClient()
    client.load("companies", {"name": "Acme Corp."})

    client.load("contacts", ALICE | {"company_name": "ACME Corp"})

    [company] = client.exported("companies")
    assert client.exported("contacts")[0]["company_id"] == company["id"]


def test_pipeline_defaults_are_applied() -> None:
    client = KasarClient()

    response = client.load("opportunities", {"name": "New website"}, {"name": "Shop", "stage": "proposal"})

    assert response.json_body == a_result("opportunities", created=2)
    assert client.exported("opportunities", fields="name,stage,pipeline", sort_by="name", sort_dir="asc") == [
        {"name": "New website", "stage": "new", "pipeline": "default"},
        {"name": "Shop", "stage": "proposal", "pipeline": "default"},
    ]


@pytest.mark.parametrize(
    ("name", "record", "message"),
    [
        pytest.param(
            "contacts",
            {"email": "x@example.com"},
            "Field 'name', 'first_name' or 'last_name' is required",
            id="required",
        ),
        pytest.param(
            "contacts", ALICE | {"shoe_size": 44}, "Field 'shoe_size' does not exist on contacts", id="unknown field"
        ),
        pytest.param(
            "opportunities",
            {"name": "X", "amount": "much", "probability": 200},
            "Field 'amount' must be a number, not 'much'; Field 'probability' must lie between 0 and 100, not '200'",
            id="two at once",
        ),
        pytest.param("contacts", "Alice", "Expected an object, found a text", id="no object"),
        pytest.param("contacts", None, "Expected an object, found null", id="null"),
    ],
)
def test_a_record_that_fails_says_why_and_the_others_are_created(name: str, record: object, message: str) -> None:
    response = KasarClient().load(name, {"name": "Good"}, record, {"name": "Better"})

    error = {"index": 1, "code": "VALIDATION_ERROR", "message": message}
    assert response.json_body == a_result(name, created=2, failed=1, errors=[error])


@pytest.mark.parametrize("name", ["customers", "contact", "Contacts", "spaceships", "contacts%2F1"])
def test_an_object_that_kasar_does_not_have_is_refused(name: str) -> None:
    response = KasarClient().load(name, ALICE)

    shown = name.replace("%2F", "/")
    assert response.status_code == 400
    assert response.json_body == a_refusal("INVALID_OBJECT", f"The object name '{shown}' does not exist.")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param({}, "records: Required.", id="no records"),
        pytest.param({"records": {}}, "records: Input should be a valid list.", id="no list"),
        pytest.param({"records": []}, "'records' must hold 1 to 50 records, not 0.", id="empty"),
        pytest.param(
            {"records": [{"name": "X"}] * 51}, "'records' must hold 1 to 50 records, not 51.", id="one too many"
        ),
        pytest.param({"records": [ALICE], "mode": "upsert"}, "mode: Unknown parameter.", id="unknown parameter"),
        pytest.param([ALICE], "The body must be a JSON object.", id="an array"),
    ],
)
def test_a_body_that_is_no_import_is_refused(body: object, message: str) -> None:
    client = KasarClient()

    response = client.request(
        "POST",
        "/api/v1/import/contacts",
        body=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )

    assert response.status_code == 400
    assert response.json_body == a_refusal("VALIDATION_ERROR", message)
    assert client.exported("contacts") == []


def test_fifty_records_are_taken() -> None:
    records = [{"name": f"Person {number}"} for number in range(50)]

    assert KasarClient().load("contacts", *records).json_body == a_result(created=50)


@pytest.mark.parametrize(
    ("body", "headers", "status", "code", "message"),
    [
        pytest.param(
            b'{"records": [',
            {"Content-Type": "application/json"},
            400,
            "VALIDATION_ERROR",
            "The body is not valid JSON: Expecting value, line 1, column 14.",
            id="broken JSON",
        ),
        pytest.param(
            b"records=1",
            {"Content-Type": "application/x-www-form-urlencoded"},
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "Send JSON, with Content-Type: application/json, not application/x-www-form-urlencoded.",
            id="no JSON",
        ),
        pytest.param(b"\xff", {"Content-Type": "application/json"}, 400, "VALIDATION_ERROR", None, id="not UTF-8"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    body: bytes, headers: dict[str, str], status: int, code: str, message: str | None
) -> None:
    response = KasarClient().request("POST", "/api/v1/import/contacts", body=body, headers=headers)

    assert (response.status_code, response.json_body["error"]["code"]) == (status, code)
    assert message in (None, response.json_body["error"]["message"])


def test_too_many_bytes_are_refused() -> None:
    response = KasarClient(World(Limits(inline_upload_bytes=100))).load("contacts", ALICE, BOB)

    message = "The source has 140 bytes, the limit is 100. Send fewer records, or smaller ones, at a time."
    assert response.status_code == 413
    assert response.json_body == a_refusal("PAYLOAD_TOO_LARGE", message)


def test_a_query_is_refused() -> None:
    response = KasarClient().request("POST", "/api/v1/import/contacts?dry_run=true", body=b"{}")

    assert response.json_body == a_refusal("VALIDATION_ERROR", "dry_run: Unknown parameter.")


def test_an_import_whose_time_is_over_writes_nothing() -> None:
    client = KasarClient(World(Limits(sync_import_time_s=0)))

    response = client.load("contacts", ALICE)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert response.json_body == a_refusal("SERVICE_UNAVAILABLE", "The service is busy. Try again in a moment.")
    assert client.exported("contacts") == []


def test_records_without_any_field_of_the_object_are_refused_as_a_whole() -> None:
    client = KasarClient()

    response = client.load("contacts", {"Vorname": "Ann"}, {"sku": "A", "Nachname": "Lee"})

    assert response.status_code == 400
    assert response.json_body["error"]["code"] == "VALIDATION_ERROR"
    assert "it has: Vorname, sku, Nachname. " in response.json_body["error"]["message"]
    assert client.exported("contacts") == []


def test_one_known_field_is_enough_for_errors_by_record() -> None:
    response = KasarClient().load("contacts", {"Vorname": "Ann"}, {"name": "Bob"})

    error = {"index": 0, "code": "VALIDATION_ERROR", "message": "Field 'Vorname' does not exist on contacts"}
    assert response.json_body == a_result("contacts", created=1, failed=1, errors=[error])
