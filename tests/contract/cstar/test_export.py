"""`POST /api/v1/teams/{teamId}/export`: several resources as JSON, one as CSV, with the filters of the lists."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from chalicelib.model.api_keys import KeyKind
from chalicelib.model.limits import DEFAULT_LIMITS
from tests.contract.cstar.clients import AT, JSON, CStarClient
from tests.world import OURS

TICKETS: list[object] = [
    {"id": "tkt_1", "title": "Cannot sign in", "status": "closed", "priority": "high", "assignedTo": "sam@example.com"},
    {"id": "tkt_2", "title": "Where is my order", "status": "open", "customerId": "cus_1", "notes": "Sign here"},
    {"id": "tkt_3", "title": "Thanks", "status": "closed", "response_deadline": "2025-03-01T12:00:00Z"},
]
CUSTOMERS: list[object] = [
    {
        "id": "cus_1",
        "external_id": "CRM-1",
        "name": "Jane",
        "email": "jane@example.com",
        "tags": ["vip", "eu"],
        "sentiment": "happy",
    },
    {"id": "cus_2", "name": "Bob", "email": "bob@example.com", "status": "inactive", "company": "Janeway Ltd"},
]
ARTICLES: list[object] = [
    {"id": "art_1", "title": "Reset", "category": "Account", "isPublic": True, "tags": ["password"], "status": "live"},
    {"id": "art_2", "title": "Internal", "category": "Account", "isPublic": False, "excerpt": "How we reset"},
]


@pytest.fixture
def client() -> CStarClient:
    client = CStarClient()
    client.imported(CUSTOMERS)
    client.imported(TICKETS, "tickets")
    client.imported(ARTICLES, "articles")
    return client


def ids(records: list[JSON]) -> list[str]:
    return sorted(str(one["id"]) for one in records)


def test_the_documented_request_is_answered_with_a_file(client: CStarClient) -> None:
    body = {"resources": [{"type": "tickets", "filters": {"status": "closed"}}], "format": "csv"}

    response = client.post("/export", body)

    header, *lines = response.body.decode().splitlines()
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv"
    assert response.headers["Content-Disposition"] == 'attachment; filename="tickets_export.csv"'
    assert header == (
        "id,externalId,title,status,priority,customerId,customerName,assignedTo,tags,notes,initialMessage,"
        "responseDeadline,resolutionDeadline,firstResponseAt,slaPaused,resolvedAt,closedAt,metadata,messageCount,"
        "createdAt,updatedAt"
    )
    assert sorted(lines) == [
        f"tkt_1,,Cannot sign in,closed,high,,,sam@example.com,,,,,,,,,,,,{AT},{AT}",
        f"tkt_3,,Thanks,closed,normal,,,,,,,2025-03-01T12:00:00Z,,,,,,,,{AT},{AT}",
    ]


@pytest.mark.parametrize(("wanted", "title"), [({}, "'=1+1\t"), ({"formulas": "raw"}, "=1+1")])
def test_formulas_in_csv_are_disarmed_unless_they_are_wanted_raw(
    client: CStarClient, wanted: dict[str, str], title: str
) -> None:
    client.imported([{"id": "tkt_9", "title": "=1+1", "status": "open", "priority": "low"}], "tickets")
    body = {"resources": [{"type": "tickets", "filters": {"priority": "low"}}], "format": "csv"}

    response = client.post("/export", body | wanted)

    assert response.body.decode().splitlines()[1].split(",")[:4] == ["tkt_9", "", title, "open"]


def test_the_documented_answer_is_that_of_a_json_request(client: CStarClient) -> None:
    body = {"resources": [{"type": "tickets", "filters": {"search": "order"}}]}

    response = client.post("/export", body)

    ticket = {
        "id": "tkt_2",
        "object": "ticket",
        "title": "Where is my order",
        "status": "open",
        "priority": "normal",
        "customerId": "cus_1",
        "notes": "Sign here",
        "createdAt": AT,
        "updatedAt": AT,
    }
    data = {"object": "export", "format": "json", "totalRows": 1, "resources": {"tickets": [ticket]}}
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.json_body == {"success": True, "data": data}


def test_several_resources_are_exported_at_once(client: CStarClient) -> None:
    body = {"resources": [{"type": "customers"}, {"type": "articles", "filters": None}], "format": "json"}

    data = client.post("/export", body).json_body["data"]

    assert data["totalRows"] == 4
    assert {name: ids(records) for name, records in data["resources"].items()} == {
        "customers": ["cus_1", "cus_2"],
        "articles": ["art_1", "art_2"],
    }


@pytest.mark.parametrize(
    ("resource", "filters", "found"),
    [
        ("tickets", {"status": "closed"}, ["tkt_1", "tkt_3"]),
        ("tickets", {"status": "closed", "priority": "high"}, ["tkt_1"]),
        ("tickets", {"priority": "critical"}, []),
        ("tickets", {"assignedTo": "sam@example.com"}, ["tkt_1"]),
        ("tickets", {"customerId": "cus_1"}, ["tkt_2"]),
        ("tickets", {"customerId": "JANE@example.com"}, ["tkt_2"]),
        ("tickets", {"customerId": "CRM-1"}, ["tkt_2"]),
        ("tickets", {"customerId": "bob@example.com"}, []),
        ("tickets", {"customerId": "nobody@example.com"}, []),
        ("tickets", {"search": "SIGN"}, ["tkt_1", "tkt_2"]),
        ("tickets", {"search": "", "status": None}, ["tkt_1", "tkt_2", "tkt_3"]),
        ("customers", {"status": "active"}, ["cus_1"]),
        ("customers", {"sentiment": "happy"}, ["cus_1"]),
        ("customers", {"search": "jane"}, ["cus_1", "cus_2"]),
        ("customers", {"tag": "vip"}, ["cus_1"]),
        ("customers", {"tag": "vi"}, []),
        ("articles", {"status": "published"}, ["art_1"]),
        ("articles", {"category": "Account"}, ["art_1", "art_2"]),
        ("articles", {"isPublic": True}, ["art_1"]),
        ("articles", {"isPublic": "false"}, ["art_2"]),
        ("articles", {"search": "reset"}, ["art_1", "art_2"]),
        ("articles", {"tag": "password"}, ["art_1"]),
    ],
)
def test_filters_are_those_of_the_lists_in_body_and_query(
    client: CStarClient, resource: str, filters: JSON, found: list[str]
) -> None:
    given = {"type": resource} | {name: word(value) for name, value in filters.items() if value is not None}

    by_query = client.get(f"/export?{urlencode(given)}").json_body["data"]["resources"][resource]

    assert ids(client.exported(resource, **filters)) == found
    assert ids(by_query) == found


def word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("format_", ["json", "csv"])
def test_an_export_by_query_is_answered_as_one_by_body(client: CStarClient, format_: str) -> None:
    body = {"resources": [{"type": "tickets", "filters": {"status": "closed"}}], "format": format_}

    by_query, by_body = client.get(f"/export?type=tickets&status=closed&format={format_}"), client.post("/export", body)

    assert (by_query.status_code, by_query.body) == (200, by_body.body)
    names = ("Content-Type", "Content-Disposition")
    assert [by_query.headers.get(name) for name in names] == [by_body.headers.get(name) for name in names]


def test_what_is_exported_imports_again_unchanged(client: CStarClient) -> None:
    for resource in ("customers", "tickets", "articles"):
        records = client.exported(resource)

        again = client.imported(list(records), resource, mergeStrategy="replace")

        assert (again["skipped"], again["errors"]) == (len(records), [])
        assert client.exported(resource) == records


def test_a_resource_without_records_is_an_empty_list() -> None:
    body = {"resources": [{"type": "tickets"}]}

    data = CStarClient().post("/export", body).json_body["data"]

    assert data == {"object": "export", "format": "json", "totalRows": 0, "resources": {"tickets": []}}


def test_what_is_beyond_the_limit_is_cut_and_told() -> None:
    client = CStarClient(replace(DEFAULT_LIMITS, sync_export_records=2))
    client.imported([{"name": f"N{number}"} for number in range(3)])

    response = client.post("/export", {"resources": [{"type": "customers"}, {"type": "tickets"}]})

    assert response.json_body["data"]["totalRows"] == 2
    assert response.headers["X-Truncated-Resources"] == "customers"


def test_several_resources_have_the_time_of_one(client: CStarClient) -> None:
    def clock() -> int:
        client.world.now += 4
        return client.world.now

    client.world.context = replace(client.context, clock=clock)
    every = [{"type": noun} for noun in ("customers", "tickets", "articles")]

    one, all_ = (client.post("/export", {"resources": resources}) for resources in (every[:1], every))

    assert one.status_code == 200
    assert (all_.status_code, all_.json_body["error"]["code"]) == (400, "export_too_large")


def test_a_response_that_does_not_fit_redirects_to_a_file(client: CStarClient) -> None:
    body = {"resources": [{"type": "customers"}]}
    whole = client.post("/export", body).body
    small = CStarClient(replace(DEFAULT_LIMITS, response_bytes=8 << 10))
    small.world.context = replace(small.context, stores=client.world.stores)

    response = small.post("/export", body)

    kept = client.world.stores.files.read_file(f"results/{OURS}/answers/ans_1")
    assert response.status_code == 303
    assert str(response.headers["Location"]).startswith(f"memory://GET/results/{OURS}/answers/ans_1")
    assert kept == whole


def test_test_keys_and_live_keys_do_not_see_each_other_s_data() -> None:
    client = CStarClient()
    test_key = client.secrets[KeyKind.SK_TEST]
    client.imported([{"name": "Live", "email": "same@example.com"}])
    created = client.imported([{"name": "Test", "email": "same@example.com"}], key=test_key)["created"]

    assert created == 1
    assert [one["name"] for one in client.exported()] == ["Live"]
    assert [one["name"] for one in client.exported(key=test_key)] == ["Test"]
