"""`GET /api/v1/export/{object}`: Kasar's examples, whole answers."""

import gzip
import json
from urllib.parse import quote

import pytest

from chalicelib.model.limits import Limits
from tests.contract.kasar.clients import ALICE, BOB, JSON, KasarClient, a_refusal
from tests.world import OURS, World

BLANK = {"field": "status", "operator": "is_null"}


def a_client() -> KasarClient:
    """Alice came after Bob; Carol came last, and is qualified as Alice is."""
    client = KasarClient()
    client.load("contacts", BOB | {"status": "lead"})
    client.world.now += 60
    client.load("contacts", ALICE | {"status": "qualified"})
    return client


def with_carol(client: KasarClient) -> KasarClient:
    client.world.now += 60
    client.load("contacts", {"name": "Carol Abel", "status": "qualified", "tags": ["vip", "press"]})
    return client


def test_the_documents_json_example() -> None:
    response = a_client().request(
        "GET", "/api/v1/export/contacts?format=json&fields=first_name,last_name,email&limit=500"
    )

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Total-Matching"] == "2"
    assert response.json_body == {"format": "json", "records": [ALICE, BOB], "total": 2}


def test_the_documents_csv_example() -> None:
    response = a_client().request("GET", "/api/v1/export/contacts?format=csv&fields=first_name,last_name,email")

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv"
    assert response.headers["Content-Disposition"] == 'attachment; filename="contacts_export.csv"'
    assert response.headers["X-Total-Matching"] == "2"
    assert response.body == (
        b"first_name,last_name,email\r\nAlice,Martin,alice@example.com\r\nBob,Dupont,bob@startup.io\r\n"
    )


def test_the_documents_simple_filter() -> None:
    response = with_carol(a_client()).request(
        "GET",
        "/api/v1/export/contacts?format=json&filter_field=status&filter_operator=eq&filter_value=qualified"
        "&sort_by=last_name&sort_dir=asc",
    )

    body = response.json_body
    assert (body["format"], body["total"]) == ("json", 2)
    assert [one["name"] for one in body["records"]] == ["Carol Abel", "Alice Martin"]


def test_the_documents_filter_group() -> None:
    """Records of this world were made in 2023."""
    filters = (
        '{"operator":"and","conditions":[{"field":"status","operator":"eq","value":"qualified"},'
        '{"field":"created_at","operator":"gte","value":"%s"}]}'
    )
    client = with_carol(a_client())

    later = client.request("GET", f"/api/v1/export/contacts?format=json&filters={quote(filters % '2025-01-01')}")
    earlier = client.request("GET", f"/api/v1/export/contacts?format=json&filters={quote(filters % '2023-01-01')}")

    assert later.json_body == {"format": "json", "records": [], "total": 0}
    assert [one["first_name"] for one in earlier.json_body["records"]] == ["Carol", "Alice"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param(
            {
                "type": "OR",
                "conditions": [
                    {"field": "status", "operator": "equals", "value": "lead"},
                    {"field": "last_name", "operator": "CONTAINS", "value": "AB"},
                ],
            },
            ["Carol", "Bob"],
            id="the other shape",
        ),
        pytest.param(
            {"operator": "not", "conditions": [{"field": "email", "operator": "is_null"}]}, ["Alice", "Bob"], id="not"
        ),
        pytest.param({"field": "first_name", "operator": "in", "value": "Bob,Carol"}, ["Carol", "Bob"], id="in"),
        pytest.param({"conditions": []}, ["Carol", "Alice", "Bob"], id="no conditions"),
    ],
)
def test_filter_groups_select(filters: JSON, expected: list[str]) -> None:
    records = with_carol(a_client()).exported("contacts", filters=json.dumps(filters), fields="first_name")

    assert [one["first_name"] for one in records] == expected


def test_all_fields_are_exported_where_none_are_named() -> None:
    client = KasarClient()
    client.load("companies", {"name": "Acme Corp", "domain": "acme.example", "tags": ["partner"]})

    record = client.exported("companies")[0]

    given = {name: value for name, value in record.items() if value is not None}
    assert given == {
        "id": record["id"],
        "domain": "acme.example",
        "name": "Acme Corp",
        "tags": ["partner"],
        "created_at": "2023-11-14T22:13:20Z",
        "updated_at": "2023-11-14T22:13:20Z",
    }
    assert set(record) - set(given) == {
        "external_id", "website", "phone", "email", "industry", "size", "address", "address_line2", "city", "state",
        "postal_code", "country", "status", "linkedin", "owner", "notes", "metadata",
    }  # fmt: skip


def test_csv_has_a_header_even_without_records() -> None:
    response = KasarClient().export("contacts", format="csv", fields="first_name,email")

    assert response.body == b"first_name,email\r\n"


@pytest.mark.parametrize(
    ("wanted", "name"), [({}, "'=1+1\t"), ({"formulas": "disarm"}, "'=1+1\t"), ({"formulas": "raw"}, "=1+1")]
)
def test_csv_can_be_read_again(wanted: dict[str, str], name: str) -> None:
    """Formulas are disarmed unless they are wanted raw."""
    client = KasarClient()
    client.load(
        "contacts",
        {
            "name": "=1+1",
            "notes": 'a "quote",\na line',
            "tags": ["vip", "press"],
            "metadata": {"a": 1},
            "is_primary": False,
        },
    )

    response = client.export("contacts", format="csv", fields="name,notes,tags,metadata,is_primary,email", **wanted)

    assert response.body.decode() == (
        "name,notes,tags,metadata,is_primary,email\r\n"
        f'{name},"a ""quote"",\na line","vip,press","{{""a"":1}}",false,\r\n'
    )


def test_the_limit_cuts_and_the_header_tells_how_many_matched() -> None:
    response = with_carol(a_client()).export("contacts", limit="1", fields="first_name", sort_by="first_name")

    assert response.json_body == {"format": "json", "records": [{"first_name": "Carol"}], "total": 1}
    assert response.headers["X-Total-Matching"] == "3"


def test_parameters_without_a_value_count_as_not_given() -> None:
    response = a_client().request(
        "GET", "/api/v1/export/contacts?format=&fields=&filter_field=&filter_operator=&filter_value=&sort_dir=&limit="
    )

    assert response.json_body["total"] == 2


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"format": "xml"}, "format: Input should be 'json' or 'csv'."),
        ({"fields": "first_name,shoe_size"}, "'shoe_size' is no field of contacts."),
        ({"sort_by": "shoe_size"}, "'shoe_size' is no field of contacts."),
        ({"sort_dir": "up"}, "sort_dir: Input should be 'asc' or 'desc'."),
        ({"limit": "0"}, "limit: Input should be greater than or equal to 1."),
        (
            {"limit": "10001"},
            "limit: Must lie between 1 and 10000. An asynchronous export, POST /v1/exports, has no such bound.",
        ),
        ({"offset": "5"}, "offset: Unknown parameter."),
        ({"filter_field": "status"}, "filter_operator: Required for a simple filter."),
        ({"filter_value": "x"}, "filter_field: Required for a simple filter."),
        (
            {"filter_field": "status", "filter_operator": "eq"},
            "'status' needs a value; whether it has none is asked with is_null.",
        ),
        (
            {"filter_field": "status", "filter_operator": "like", "filter_value": "x"},
            "There is no operator 'like'; there are eq, ne, in, contains, starts_with, gt, gte, lt, "
            "lte, is_null, is_not_null, date_before, date_after.",
        ),
        (
            {"filter_field": "shoe_size", "filter_operator": "eq", "filter_value": "44"},
            "'shoe_size' is no field of contacts.",
        ),
        (
            {"filter_field": "created_at", "filter_operator": "gte", "filter_value": "soon"},
            "'created_at' is no time: 'soon'.",
        ),
        ({"filters": "{"}, "filters: Must be a FilterGroup as JSON."),
        ({"filters": "[" * 5000}, "filters: Must be a FilterGroup as JSON."),
        (
            {"filters": "[]"},
            "filters: A filter is a group of conditions, or a condition with field, operator and value.",
        ),
        (
            {"filters": json.dumps({"conditions": [{"conditions": [BLANK] * 60}, {"conditions": [BLANK] * 41}]})},
            "filters: A filter has at most 100 conditions, those of all groups counted together.",
        ),
        (
            {"filters": '{"conditions": []}', "filter_field": "status"},
            "Give either filters or filter_field, not both.",
        ),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(query: dict[str, str], message: str) -> None:
    response = KasarClient().export("contacts", **query)

    assert response.status_code == 400
    assert response.json_body == a_refusal("VALIDATION_ERROR", message)


def test_an_object_that_kasar_does_not_have_is_refused() -> None:
    response = KasarClient().export("customers")

    assert response.status_code == 400
    assert response.json_body == a_refusal("INVALID_OBJECT", "The object name 'customers' does not exist.")


def test_reading_that_takes_too_long_points_to_the_asynchronous_export() -> None:
    client = KasarClient(World(Limits(sync_export_time_s=0)))
    client.load("contacts", ALICE)

    response = client.export("contacts")

    message = "Reading takes longer than 0 seconds. An asynchronous export, POST /v1/exports, has no such bound."
    assert response.status_code == 400
    assert response.json_body == a_refusal("EXPORT_TOO_LARGE", message)


def a_large_export(**headers: str) -> tuple[KasarClient, JSON]:
    """More than fits: a little over 20,000 bytes."""
    client = KasarClient(World(Limits(response_bytes=20_000)))
    client.load("contacts", *({"name": f"Person {number}", "notes": "x" * 1000} for number in range(20)))
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    response = client.request("GET", "/api/v1/export/contacts", headers=given)
    return client, {"status": response.status_code, "headers": response.headers, "body": response.body}


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no gzip"),
        pytest.param({"Accept_Encoding": "gzip", "Accept": "*/*"}, id="gzip that API Gateway would not deliver"),
        pytest.param({"Accept_Encoding": "gzip;q=0", "Accept": "application/octet-stream"}, id="gzip refused"),
    ],
)
def test_an_answer_that_does_not_fit_is_to_be_fetched(headers: dict[str, str]) -> None:
    client, answer = a_large_export(**headers)

    key = next(iter(answer["headers"]["Location"].removeprefix("memory://GET/").split("?")))
    assert (answer["status"], answer["body"]) == (303, b"")
    assert answer["headers"]["X-Total-Matching"] == "20"
    assert "filename=contacts_export.json" in answer["headers"]["Location"]
    assert key.startswith(f"results/{OURS}/answers/ans_")
    stored = client.world.stores.files.find_file(key)
    assert stored is not None
    assert stored.content_type == "application/json"
    assert json.loads(client.world.stores.files.read_file(key))["total"] == 20


def test_an_answer_that_fits_gzipped_is_gzipped() -> None:
    _, answer = a_large_export(Accept_Encoding="br, gzip", Accept="application/octet-stream, */*")

    assert answer["status"] == 200
    assert answer["headers"]["Content-Encoding"] == "gzip"
    assert answer["headers"]["Content-Type"] == "application/json"
    assert json.loads(gzip.decompress(answer["body"]))["total"] == 20
