"""Imports and records are listed, page by page, as the dialect's clients ask for them."""

import pytest

from tests.e2e.packagex_client import JSON, PackageXClient
from tests.e2e.tenants import Tenants

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def owner(tenants: Tenants) -> PackageXClient:
    return tenants.client()


@pytest.fixture(scope="module")
def ids(owner: PackageXClient) -> list[str]:
    """Of four imports, oldest first: two completed, of customers and of contacts, one canceled, one requested."""
    people = [{"name": f"Person {n}", "email": f"p{n}@example.com", "company": f"Co {n % 2}"} for n in range(7)]
    customers = owner.run_records(people)
    contacts = owner.run_records(
        [{"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"}], resource="contact"
    )
    canceled = owner.create(name="by mistake")
    owner.post(f"/v1/imports/{canceled['id']}", {"status": "canceled"})
    return [customers["id"], contacts["id"], canceled["id"], owner.create(action="delete")["id"]]


def test_imports_are_listed_newest_first_page_by_page(owner: PackageXClient, ids: list[str]) -> None:
    pages = [owner.get("/v1/imports", limit=3, page=page) for page in (1, 2)]

    seen = [one["id"] for page in pages for one in page.data]
    assert sorted(seen) == sorted(ids)
    assert [page.body["pagination"] for page in pages] == [
        {"limit": 3, "page": 1, "has_more": True, "total_count": 4},
        {"limit": 3, "page": 2, "has_more": False, "total_count": 4},
    ]
    assert owner.get("/v1/imports").body["pagination"]["limit"] == 10
    times = [one["created_at"] for page in pages for one in page.data]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "failed"}, [2]),
        ({"status": "completed", "resource": "contacts"}, [1]),
        ({"upload_mode": "sync"}, [0, 1]),
        ({"action": "delete"}, [3]),
        ({"status": "expired"}, []),
    ],
    ids=["status", "status and resource", "upload mode", "action", "none"],
)
def test_imports_are_filtered(owner: PackageXClient, ids: list[str], query: JSON, found: list[int]) -> None:
    shown = owner.get("/v1/imports", **query)

    assert sorted(one["id"] for one in shown.data) == sorted(ids[n] for n in found)
    assert shown.body["pagination"]["total_count"] == len(found)


def test_an_import_is_renamed_and_its_name_taken_away(owner: PackageXClient, ids: list[str]) -> None:
    path = f"/v1/imports/{ids[0]}"

    names = [owner.post(path, {"name": name}).data["name"] for name in ("Spring list", None)]

    assert names == ["Spring list", None]
    assert owner.post(path, {"name": "ab"}).refusal[:2] == (400, "validation_failed")


def test_records_are_listed_page_by_page_filtered_and_shown_one_by_one(owner: PackageXClient, ids: list[str]) -> None:
    first = owner.get("/v1/records/customers", limit=5)
    rest = owner.get("/v1/records/customers", limit=5, cursor=first.body["pagination"]["cursor"])

    names = [record["name"] for page in (first, rest) for record in page.data]
    assert sorted(names) == [f"Person {n}" for n in range(7)]
    assert (first.body["pagination"]["has_more"], rest.body["pagination"]["cursor"]) == (True, None)
    one = first.data[0]
    assert owner.get(f"/v1/records/customers/{one['id']}").data == one
    filtered = owner.get("/v1/records/customers", company="Co 1").data
    assert sorted(record["name"] for record in filtered) == ["Person 1", "Person 3", "Person 5"]
    assert [record["name"] for record in owner.records("contacts")] == ["Ann Lee"]
