"""One end-to-end test per action, and for what modifies them: duplicate handling, null, location."""

from base64 import b64encode

import pytest

from tests.e2e.packagex_client import JSON, PackageXClient, counted

pytestmark = pytest.mark.e2e

ANN = {"name": "Ann", "email": "ann@example.com", "company": "Acme", "status": "active"}
BEN = {"name": "Ben", "email": "ben@example.com", "external_id": "B-1", "status": "active"}


def test_merge_creates_updates_and_leaves(client: PackageXClient) -> None:
    client.run_records([ANN, BEN])

    import_ = client.run_records(
        [
            {"email": "ANN@example.com", "company": None, "phone": "+15551234567"},
            {"email": "ben@example.com", "name": "Ben", "phone": ""},
            {"email": "cleo@example.com", "name": "Cleo"},
        ]
    )

    assert counted(import_) == {"total": 3, "created": 1, "updated": 1, "unchanged": 1}
    assert client.records() == [
        {"name": "Ann", "email": "ANN@example.com", "phone": "+15551234567", "status": "active"},
        BEN,
        {"name": "Cleo", "email": "cleo@example.com", "status": "active"},
    ]


def test_create_fails_rows_whose_record_exists(client: PackageXClient) -> None:
    client.run_records([ANN])

    import_ = client.run_records([{"email": "ann@example.com", "name": "Anna"}, BEN], action="create")

    assert counted(import_) == {"total": 2, "created": 1, "failed": 1}
    assert client.codes(import_["id"]) == {1: ["already_exists"]}
    assert client.records() == [ANN, BEN]


def test_update_fails_rows_whose_record_does_not_exist(client: PackageXClient) -> None:
    client.run_records([ANN])

    import_ = client.run_records([{"email": "ann@example.com", "name": "Anna"}, BEN], action="update")

    assert counted(import_) == {"total": 2, "updated": 1, "failed": 1}
    assert client.codes(import_["id"]) == {2: ["not_found"]}
    assert client.records() == [ANN | {"name": "Anna"}]


def test_delete_deletes_what_its_rows_name_and_nothing_else(client: PackageXClient) -> None:
    client.run_records([ANN, BEN])
    ann = client.get("/v1/records/customers", name="Ann").data[0]

    import_ = client.run_records([{"email": "Ann@Example.com"}, {"email": "nobody@example.com"}], action="delete")

    assert counted(import_) == {"total": 2, "deleted": 1, "failed": 1}
    assert client.codes(import_["id"]) == {2: ["not_found"]}
    assert client.records() == [BEN]
    assert client.get(f"/v1/records/customers/{ann['id']}").refusal == (404, "record_not_found", [])


def test_overwrite_removes_what_no_row_names_and_only_that(client: PackageXClient) -> None:
    """A bad row, skipped copies and an ambiguous row name records, too."""
    names = ("Ann", "Ben", "Cleo", "Dora", "Emil", "Fay", "Gus")
    old = [{"name": one, "email": f"{one.lower()}@example.com", "external_id": f"{one}-1"} for one in names]
    client.run_records(old)

    import_ = client.run_records(
        [
            {"name": "Ann", "email": "ann@example.com"},
            {"name": "Benno", "email": "ben@example.com"},
            {"name": "Cleo", "email": "cleo@example.com", "customer_since": "never"},
            {"name": "Dora", "email": "dora@example.com"},
            {"name": "Dora again", "email": "dora@example.com"},
            {"name": "Both", "email": "emil@example.com", "external_id": "Fay-1"},
            {"name": "Hal", "email": "hal@example.com"},
        ],
        action="overwrite",
        duplicate_handling="ignore_all",
    )

    assert counted(import_) == {
        **{"total": 7, "created": 1, "updated": 1, "unchanged": 1, "skipped": 2, "failed": 2},
        "overwritten": 1,
    }
    assert client.codes(import_["id"]) == {
        3: ["invalid_date"],
        4: ["duplicate_in_source"],
        5: ["duplicate_in_source"],
        6: ["ambiguous_match"],
    }
    assert [record["name"] for record in client.records()] == ["Ann", "Benno", "Cleo", "Dora", "Emil", "Fay", "Hal"]


def test_overwrite_deletes_nothing_when_a_row_might_mean_any_record(client: PackageXClient) -> None:
    client.run_records([ANN, BEN])

    import_ = client.run_records([{"name": "Ann", "email": "not an address"}], action="overwrite")

    assert import_["status"] == "completed"
    assert import_["reason"].startswith("cleanup_not_done: ")
    assert counted(import_) == {"total": 1, "failed": 1}
    assert client.records() == [ANN, BEN]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"sku,quantity,price\nA,1,2\n", "no_known_header"),
        (b'{"error":"timeout"}', "no_known_header"),
        (b"Kundennummer,name\nB-1,Ben\n", "no_identity_column"),
    ],
    ids=["another file", "an error in place of data", "key header unknown"],
)
def test_an_overwrite_with_a_wrong_file_deletes_nothing(client: PackageXClient, source: bytes, code: str) -> None:
    client.run_records([ANN, BEN])
    url = "data:text/csv;base64," + b64encode(source).decode()

    sent = client.run(source, action="overwrite")
    inline = client.post(
        "/v1/imports", {"upload_mode": "sync", "resource": "customer", "action": "overwrite", "data": url}
    )

    assert (sent["status"], sent["reason"].partition(":")[0]) == ("failed", code)
    assert inline.refusal == (400, code, [])
    assert client.records() == [ANN, BEN]


def test_an_overwrite_of_a_location_keeps_who_belongs_to_another(client: PackageXClient) -> None:
    both = {"external_id": "m", "name": "M", "locations": ["Berlin", "Paris"]}
    client.run_records([both, {"external_id": "b", "name": "B", "locations": ["Berlin"]}], resource="contact")

    import_ = client.run_records(
        [{"external_id": "z", "name": "Z"}], resource="contact", location_id="Berlin", action="overwrite"
    )

    assert counted(import_) == {"total": 1, "created": 1, "overwritten": 1}
    assert {one["external_id"]: one["locations"] for one in client.records("contacts")} == {
        "m": ["Paris"],
        "z": ["Berlin"],
    }


def test_a_location_limits_an_overwrite_and_is_given_to_rows_without_one(client: PackageXClient) -> None:
    client.run_records(
        [{"sku": "A", "name": "Axe"}, {"sku": "B", "name": "Bolt"}], resource="item", location_id="North"
    )
    client.run_records([{"sku": "C", "name": "Clamp"}], resource="item", location_id="South")

    import_ = client.run_records(
        [{"sku": "B", "name": "Bolt"}], resource="item", location_id="North", action="overwrite"
    )

    assert counted(import_) == {"total": 1, "unchanged": 1, "overwritten": 1}
    assert client.records("items") == [
        {"sku": "B", "name": "Bolt", "location": "North"},
        {"sku": "C", "name": "Clamp", "location": "South"},
    ]


COPIES = [
    {"name": "Ann", "email": "ann@example.com"},
    {"name": "Ben", "email": "ben@example.com"},
    {"name": "Anna", "email": "ANN@example.com"},
]


def test_use_first_keeps_the_first_copy(client: PackageXClient) -> None:
    import_ = client.run_records(COPIES, duplicate_handling="use_first")

    assert counted(import_) == {"total": 3, "created": 2, "skipped": 1}
    assert client.codes(import_["id"]) == {3: ["duplicate_in_source"]}
    assert [record["name"] for record in client.records()] == ["Ann", "Ben"]


def test_ignore_all_keeps_no_copy(client: PackageXClient) -> None:
    import_ = client.run_records(COPIES, duplicate_handling="ignore_all")

    assert counted(import_) == {"total": 3, "created": 1, "skipped": 2}
    assert client.codes(import_["id"]) == {1: ["duplicate_in_source"], 3: ["duplicate_in_source"]}
    assert [record["name"] for record in client.records()] == ["Ben"]


def test_references_find_their_records_and_dead_ones_are_left_out(client: PackageXClient) -> None:
    client.run_records([{"name": "Acme", "domain": "acme.example"}], resource="company")
    company_id = client.each_record("companies")[0]["id"]

    import_ = client.run_records(
        [
            {"external_id": "D-1", "name": "Chairs", "company_name": "Acme"},
            {"external_id": "D-2", "name": "Tables", "company_name": "Nobody Ltd"},
        ],
        resource="opportunity",
    )

    chairs, tables = client.records("opportunities")
    assert counted(import_) == {"total": 2, "created": 2}
    assert import_["problems"] == {"reference_dead": 1}
    assert (chairs["company_id"], tables.get("company_id")) == (company_id, None)


def test_rows_are_matched_and_merged_as_the_caller_states(client: PackageXClient) -> None:
    noted: JSON = ANN | {"external_id": "A-1", "tags": ["press"], "notes": "Called in May"}
    client.run_records([noted, BEN])

    options = {
        "match_by": ["external_id", "email"],
        "merge_rules": {"tags": "append", "notes": "append_line", "status": "if_empty", "name": "never"},
    }
    rows: list[JSON] = [
        {
            "external_id": "A-1",
            "email": "ann@new.com",
            "tags": ["vip"],
            "notes": "Met at the fair",
            "status": "inactive",
        },
        {"external_id": "B-2", "email": "ben@example.com", "name": "Somebody"},
        {"external_id": "C-1", "email": "cleo@example.com", "name": "Cleo"},
    ]
    first, second = client.run_records(rows, **options), client.run_records(rows, **options)

    assert counted(first) == {"total": 3, "created": 1, "updated": 1, "failed": 1}
    assert client.codes(first["id"]) == {2: ["ambiguous_match"]}
    assert counted(second) == {"total": 3, "unchanged": 2, "failed": 1}
    assert client.records()[:2] == [
        noted | {"email": "ann@new.com", "tags": ["press", "vip"], "notes": "Called in May\nMet at the fair"},
        BEN,
    ]


def test_companies_that_are_missing_are_created_where_the_caller_wants_it(client: PackageXClient) -> None:
    rows: list[JSON] = [
        {"name": name, "email": f"{name}@example.com", "company_name": "Acme"} for name in ("Ann", "Ben")
    ]

    import_ = client.run_records(rows, resource="contacts", create_missing=["company_name"])
    again = client.run_records(rows, resource="contacts", create_missing=["company_name"])

    [company] = client.each_record("companies")
    assert counted(import_) == {"total": 2, "created": 2, "created_references": {"companies": 1}}
    assert counted(again) == {"total": 2, "unchanged": 2}
    assert [one["company_id"] for one in client.records("contacts")] == [company["id"]] * 2
