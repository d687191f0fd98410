"""Files that are not what their import takes them for, and overwrites with rows that name no record: through PackageX's
API, asynchronous and in the request. Five customers, s0 to s4, are stored before.
"""

import gzip
import json
from typing import Any

import pytest

from chalicelib.stores.interfaces import Stores
from tests.contract.packagex.clients import JSON
from tests.contract.packagex.pipeline import PipelineClient, counted, data_url
from tests.workbooks import workbook

IDS = ["s0", "s1", "s2", "s3", "s4"]
BEFORE = [{"external_id": one, "name": one.upper(), "email": f"{one}@example.com"} for one in IDS]


def a_pipeline(records: list[JSON] = BEFORE, resource: str = "customer") -> PipelineClient:
    pipeline = PipelineClient()
    pipeline.run(upload_mode="sync", resource=resource, data=records)
    pipeline.client.world.now += 1
    return pipeline


def ids(pipeline: PipelineClient, resource: str = "customers") -> list[str]:
    records = pipeline.client.get(f"/v1/records/{resource}?limit=100").json_body["data"]
    return sorted(record.get("external_id", "?") for record in records)


def to_ndjson(*rows: object) -> bytes:
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def to_xlsx(*rows: list[object]) -> bytes:
    return workbook({"Sheet1": rows})


UNKNOWN = [
    pytest.param(b"sku,quantity,price\nA,1,2\nB,2,3\n", "sku, quantity, price", id="another file"),
    pytest.param(b"\xef\xbb\xbfsku,quantity\nA,1\n", "sku, quantity", id="another file with a mark"),
    pytest.param(b"Kundennummer,Firma2\ns0,S0\n", "Kundennummer, Firma2", id="German headers"),
    pytest.param(b'"sku";"quantity"\n"A";"1"\n', "sku, quantity", id="semicolons and quotes"),
    pytest.param(b"sku\tquantity\nA\t1\n", "sku, quantity", id="tabs"),
    pytest.param("Größe,Menge\n1,2\n".encode("utf-16"), "Größe, Menge", id="UTF-16"),
    pytest.param(b"sku,quantity\n", "sku, quantity", id="no rows"),
    pytest.param(b"object,createdAt\ncustomer,2024-01-01\n", "object, createdAt", id="fields of the service alone"),
    pytest.param(gzip.compress(b"sku,quantity\nA,1\n"), "sku, quantity", id="gzipped"),
    pytest.param(to_xlsx(["sku", "quantity"], ["A", 1]), "sku, quantity", id="workbook"),
    pytest.param(b'{"error":"timeout"}', "error", id="error in place of data"),
    pytest.param(b'{"error":{"code":500,"email":"ops@example.com"}}', "error", id="nested error"),
    pytest.param(b'[{"sku":"A"},{"sku":"B","quantity":2}]', "sku, quantity", id="JSON"),
    pytest.param(to_ndjson({"sku": "A"}, {"price": 1}), "sku, price", id="NDJSON"),
    pytest.param(gzip.compress(to_ndjson({"sku": "A"})), "sku", id="gzipped NDJSON"),
]


@pytest.mark.parametrize("action", ["merge", "overwrite", "update", "delete"])
@pytest.mark.parametrize(("source", "headers"), UNKNOWN)
def test_a_file_whose_headers_match_nothing_fails_its_import(source: bytes, headers: str, action: str) -> None:
    pipeline = a_pipeline()

    shown = pipeline.upload(source, resource="customer", action=action)

    assert shown["status"] == "failed"
    assert shown["reason"].startswith("no_known_header: No header of the source is a field of customers; it has: ")
    assert f"it has: {headers}. " in shown["reason"]
    assert ids(pipeline) == IDS
    assert all(shown["stats"][one] == 0 for one in ("created", "updated", "deleted", "overwritten"))


@pytest.mark.parametrize(("source", "headers"), UNKNOWN)
def test_a_request_with_such_a_file_is_refused(source: bytes, headers: str) -> None:
    pipeline = a_pipeline()
    body = {"upload_mode": "sync", "resource": "customer", "action": "overwrite", "data": data_url(source)}

    answer = pipeline.client.post("/v1/imports", body)

    assert (answer.status_code, answer.json_body["code"]) == (400, "no_known_header")
    assert f"it has: {headers}. " in answer.json_body["message"]
    assert pipeline.client.get("/v1/imports").json_body["pagination"]["total_count"] == 1
    assert ids(pipeline) == IDS


NAMELESS = [
    pytest.param(b"Kundennummer,name\ns0,S0\ns1,S1\n", {}, "Kundennummer, name", id="key header unknown"),
    pytest.param(b"\xef\xbb\xbfKundennummer,name\ns0,S0\n", {}, "Kundennummer, name", id="and a mark"),
    pytest.param(b'"Kundennummer","name"\n"s0","S0"\n', {}, "Kundennummer, name", id="quoted"),
    pytest.param(b"Kundennummer;name\r\ns0;S0\r\n", {}, "Kundennummer, name", id="semicolons"),
    pytest.param(b"Kundennummer,name\n", {}, "Kundennummer, name", id="no rows"),
    pytest.param(
        b"external_id,name\ns0,S0\n", {"notes": "external_id"}, "external_id, name", id="its header mapped elsewhere"
    ),
    pytest.param(b"name,phone,phone\nS0,+15551234567,\n", {}, "name, phone, phone", id="an equal header left out"),
    pytest.param(gzip.compress(b"Kundennummer,name\ns0,S0\n"), {}, "Kundennummer, name", id="gzipped"),
    pytest.param(to_xlsx(["Kundennummer", "name"], ["s0", "S0"]), {}, "Kundennummer, name", id="workbook"),
    pytest.param(b'[{"name":"S0"},{"name":"S1","Kundennummer":"s1"}]', {}, "name, Kundennummer", id="JSON"),
    pytest.param(
        b'[{"external_id":"s0","name":"S0"}]', {"notes": "external_id"}, "external_id, name", id="JSON mapped"
    ),
    pytest.param(b"[{},{}]", {}, "none", id="JSON without keys"),
    pytest.param(b'{"status":"failed","company":"Acme"}', {}, "status, company", id="error that has a field's name"),
    pytest.param(to_ndjson({"name": "S0"}, {"name": "S1"}), {}, "name", id="NDJSON"),
    pytest.param(gzip.compress(to_ndjson({"name": "S0"})), {}, "name", id="gzipped NDJSON"),
]


@pytest.mark.parametrize("action", ["overwrite", "update", "delete"])
@pytest.mark.parametrize(("source", "mapping", "headers"), NAMELESS)
def test_a_file_without_any_identity_fails_an_import_that_needs_one(
    source: bytes, mapping: dict[str, str], headers: str, action: str
) -> None:
    pipeline = a_pipeline()

    shown = pipeline.upload(source, resource="customer", action=action, column_mapping=mapping)

    assert shown["status"] == "failed"
    assert shown["reason"].startswith(
        f"no_identity_column: To {action} customers, rows must say which record they mean"
    )
    assert "by one of: id, external_id, email. " in shown["reason"]
    assert f"it has: {headers}. " in shown["reason"]
    assert ids(pipeline) == IDS


@pytest.mark.parametrize("action", ["overwrite", "update", "delete"])
@pytest.mark.parametrize(("source", "mapping", "headers"), NAMELESS)
def test_a_request_with_a_file_without_any_identity_is_refused(
    source: bytes, mapping: dict[str, str], headers: str, action: str
) -> None:
    pipeline = a_pipeline()
    body = {"upload_mode": "sync", "resource": "customer", "action": action, "data": data_url(source)}

    answer = pipeline.client.post("/v1/imports", body | {"column_mapping": mapping})

    assert (answer.status_code, answer.json_body["code"]) == (400, "no_identity_column")
    assert f"it has: {headers}. " in answer.json_body["message"]
    assert ids(pipeline) == IDS


def test_a_merge_needs_no_identity() -> None:
    pipeline = a_pipeline()

    shown = pipeline.upload(b"Kundennummer,name\ns9,S9\n", resource="customer")

    assert (shown["status"], counted(shown)) == ("completed", {"total": 1, "created": 1})


@pytest.mark.parametrize(
    ("source", "mapping"),
    [
        pytest.param(b"Kundennummer,name\ns0,S0\n", {"external_id": "Kundennummer"}, id="mapped"),
        pytest.param(b"External ID,name\ns0,S0\n", {}, id="alias"),
        pytest.param(b"\xef\xbb\xbfexternal_id,name\ns0,S0\n", {}, id="a mark before the key"),
        pytest.param(b"name,E-Mail\nS0,s0@example.com\n", {}, id="another identity"),
        pytest.param(b'[{"external_id":"s0","name":"S0"}]', {}, id="JSON"),
        pytest.param(b'{"external_id":"s0","name":"S0"}', {}, id="one object"),
        pytest.param(to_ndjson({"external_id": "s0"}), {}, id="NDJSON"),
        pytest.param(b'[{"Kundennummer":"s0"}]', {"external_id": "Kundennummer"}, id="JSON mapped"),
        pytest.param(to_xlsx(["external_id", "name"], ["s0", "S0"]), {}, id="workbook"),
    ],
)
def test_a_file_with_an_identity_overwrites(source: bytes, mapping: dict[str, str]) -> None:
    pipeline = a_pipeline()

    shown = pipeline.upload(source, resource="customer", action="overwrite", column_mapping=mapping)

    assert (shown["status"], shown["reason"]) == ("completed", None)
    assert counted(shown) == {"total": 1, "unchanged": 1, "overwritten": 4}
    assert ids(pipeline) == ["s0"]


ONE, TWO = "1 row carries", "2 rows carry"

SPARED = [
    pytest.param(b"external_id,name,phone\ns0,S0,\n,S1,notaphone\n", ONE, 4, id="failed without identity"),
    pytest.param(b"external_id,name\ns0,S0\n,New\n", ONE, 4, id="created without identity"),
    pytest.param(b"external_id,name\n,S0\n,S1\n", TWO, 5, id="a key column whose cells are blank"),
    pytest.param(b"external_id,name\n  ,S0\n\t,S1\n", TWO, 5, id="a key column of space"),
    pytest.param("external_id,name\n\u200b,S0\n\u2060\ufeff,S1\n".encode(), TWO, 5, id="invisible keys"),
    pytest.param(b"external_id,name,email\ns0,S0,\ns1,S1,not an address\n", ONE, 3, id="one of two unreadable"),
    pytest.param(b"external_id,email,name\ns0,,S0\n,no address,S1\n", ONE, 4, id="identity that cannot be read"),
    pytest.param(b"external_id,name\ns0,S0\ns1,S\xff1,x,y\n", ONE, 4, id="row of another width"),
    pytest.param(b'external_id,name\ns0,S0\ns1,"S1\ns2,S2\n', ONE, 3, id="quote that never closes"),
    pytest.param(b'[{"external_id":"s0"},{"name":"New"}]', ONE, 4, id="JSON without the key"),
    pytest.param(b'[{"external_id":"s0"},{"external_id":null,"name":"New"}]', ONE, 4, id="JSON null"),
    pytest.param(b'[{"external_id":"s0"},"s1"]', ONE, 4, id="JSON text in place of an object"),
    pytest.param(b'[{"external_id":"s0"},{"external_id":["s1"],"name":"S1"}]', ONE, 4, id="JSON list as identity"),
    pytest.param(b'[{"external_id":"s0"},{"external_id":"s1","na', ONE, 4, id="JSON that breaks off"),
    pytest.param(b'{"external_id":"s0"}\n{"external_id":"s1",\n', ONE, 4, id="NDJSON that breaks off"),
    pytest.param(b'{"external_id":"s0"}\n\xff\xfe\n', ONE, 4, id="NDJSON with other bytes"),
    pytest.param(gzip.compress(b'{"external_id":"s0"}\n{"name":"New"}\n'), ONE, 4, id="gzipped NDJSON"),
    pytest.param(gzip.compress(b"external_id,name\ns0,S0\n,New\n"), ONE, 4, id="gzipped"),
    pytest.param(to_xlsx(["external_id", "name"], ["s0", "S0"], ["", "New"]), ONE, 4, id="workbook"),
    pytest.param(b"external_id,name,Kunde\ns0,S0,s1\n,New,\n", ONE, 3, id="one that would be kept anyway"),
]


@pytest.mark.parametrize(("source", "rows", "spared"), SPARED)
def test_a_row_that_names_no_record_spares_them_all(source: bytes, rows: str, spared: int) -> None:
    pipeline = a_pipeline()

    shown = pipeline.upload(source, resource="customer", action="overwrite")

    assert shown["status"] == "completed"
    assert shown["reason"] == (
        f"cleanup_not_done: {rows} no identity that can be read and might name any record; "
        f"{spared} records that no row names were not deleted"
    )
    assert shown["stats"]["overwritten"] == 0
    assert shown["phases"][-1] | {"started_at": None, "ended_at": None} == {
        **{"name": "cleanup", "mode": "async", "status": "skipped"},
        **{"total": 0, "processed": 0, "success": 0, "error": 0, "started_at": None, "ended_at": None},
    }
    assert set(ids(pipeline)) >= set(IDS)


def test_without_any_row_an_overwrite_deletes_nothing() -> None:
    pipeline = a_pipeline()

    shown = pipeline.upload(b"external_id,name\n", resource="customer", action="overwrite")

    assert shown["status"] == "completed"
    assert shown["reason"] == "cleanup_not_done: there are no rows; 5 records that no row names were not deleted"
    assert ids(pipeline) == IDS


@pytest.mark.parametrize(
    "source",
    [b"id,total\nA1,12.50\nA2,3.00\n", b'[{"id":"A1","total":12.5}]', b"external_id,customer_since\nx,never\n"],
    ids=["orders, which have an id", "as JSON", "values that cannot be read"],
)
def test_where_every_row_failed_an_overwrite_deletes_nothing(source: bytes) -> None:
    pipeline = a_pipeline()

    shown = pipeline.upload(source, resource="customer", action="overwrite")

    assert shown["status"] == "completed"
    assert shown["reason"] == "cleanup_not_done: every row failed; 5 records that no row names were not deleted"
    assert ids(pipeline) == IDS


def test_one_spared_record_is_told_as_one() -> None:
    pipeline = a_pipeline(BEFORE[:2])

    shown = pipeline.upload(b"external_id,name\ns0,S0\n,New\n", resource="customer", action="overwrite")

    assert shown["reason"].endswith("; 1 record that no row names was not deleted")


MENTIONED_RECORDS = (
    "Records that no row names were kept because an identity of theirs stands in the source where no field reads it: "
)
MENTIONED = [
    pytest.param(b"external_id,name,External ID\ns0,S0,s1\n", ["s0", "s1"], id="second column of an identity"),
    pytest.param(b'[{"external_id":"s0","External ID":"s1"}]', ["s0", "s1"], id="second key of an identity"),
    pytest.param(b'external_id,name,notes\ns0,"S0,x\ns1,S1",y\n', ["s0", "s1"], id="rows within quotes"),
    pytest.param(b'external_id,name,notes\r\ns0,"S0,x\r\ns1,S1,\r\ns2,S2",\r\n', ["s0", "s1", "s2"], id="three rows"),
    pytest.param(b"external_id,name,s1@example.com\ns0,S0,\n", ["s0", "s1"], id="the header line"),
    pytest.param(b"external_id,name,Kundennummer\ns0,S0,s1\n", ["s0", "s1"], id="a column nobody knows"),
    pytest.param(b"external_id,name,,x\ns0,S0,S1@Example.com,\n", ["s0", "s1"], id="a column without a header"),
    pytest.param(b'[{"external_id":"s0","Kunde":"s1","x":["s2"]}]', ["s0", "s1"], id="a key nobody knows"),
    pytest.param(b"external_id,name,_row_number\ns0,S0,s1\n", ["s0"], id="a column of an errors file"),
    pytest.param(b"external_id,name,company\ns0,S0,s1\n", ["s0"], id="a column that is read"),
    pytest.param(b'external_id,name,notes\ns0,S0,"Call\ns1 today"\n', ["s0"], id="a note is no row"),
]


@pytest.mark.parametrize(("source", "left"), MENTIONED)
def test_what_stands_where_no_field_reads_it_is_spared(source: bytes, left: list[str]) -> None:
    pipeline = a_pipeline()

    shown = pipeline.upload(source, resource="customer", action="overwrite")

    assert (shown["status"], shown["reason"]) == ("completed", None)
    assert ids(pipeline) == left
    kept = [one["message"] for one in shown["findings"] if one["code"] == "records_mentioned"]
    assert kept == [f"{MENTIONED_RECORDS}{len(left) - 1}."] * (len(left) > 1)


AT_LOCATIONS: list[JSON] = [
    {"external_id": "m", "name": "M", "email": "m@example.com", "locations": ["Berlin", "Paris"]},
    {"external_id": "b", "name": "B", "locations": ["Berlin"]},
    {"external_id": "bb", "name": "BB", "locations": ["Berlin", "Berlin"]},
    {"external_id": "p", "name": "P", "locations": ["Paris"]},
    {"external_id": "n", "name": "N"},
]


def by_id(pipeline: PipelineClient) -> dict[str, JSON]:
    return {one.get("external_id", "?"): one for one in pipeline.client.get("/v1/records/contacts").json_body["data"]}


def overwrite_berlin(pipeline: PipelineClient, *rows: JSON) -> JSON:
    return pipeline.run(upload_mode="sync", resource="contact", action="overwrite", location_id="Berlin", data=[*rows])


def test_a_record_of_further_locations_loses_this_one_and_is_kept() -> None:
    pipeline = a_pipeline(AT_LOCATIONS, "contact")

    shown = overwrite_berlin(pipeline, {"external_id": "z", "name": "Z"})

    assert counted(shown) == {"total": 1, "created": 1, "overwritten": 2}
    locations = {name: one.get("locations") for name, one in by_id(pipeline).items()}
    assert locations == {"m": ["Paris"], "p": ["Paris"], "n": None, "z": ["Berlin"]}
    assert [one["code"] for one in shown["findings"]] == ["location_left"]
    assert shown["findings"][0]["message"] == (
        "Records that no row names and that belong to further locations beside 'Berlin' only lost this one: 1."
    )


def test_it_is_found_by_its_identities_afterwards() -> None:
    pipeline = a_pipeline(AT_LOCATIONS, "contact")
    overwrite_berlin(pipeline, {"external_id": "z", "name": "Z"})

    shown = pipeline.run(upload_mode="sync", data=[{"email": "m@example.com", "notes": "found"}])

    assert counted(shown) == {"total": 1, "updated": 1}
    assert by_id(pipeline)["m"]["notes"] == "found"


def test_a_second_overwrite_of_the_location_leaves_it_alone() -> None:
    pipeline = a_pipeline(AT_LOCATIONS, "contact")
    overwrite_berlin(pipeline, {"external_id": "z", "name": "Z"})
    pipeline.client.world.now += 1

    shown = overwrite_berlin(pipeline, {"external_id": "z", "name": "Z"})

    assert (counted(shown), shown["findings"]) == ({"total": 1, "unchanged": 1}, [])
    assert by_id(pipeline)["m"]["locations"] == ["Paris"]


def test_a_row_that_names_it_keeps_its_locations() -> None:
    pipeline = a_pipeline(AT_LOCATIONS, "contact")

    overwrite_berlin(pipeline, {"external_id": "m", "name": "M", "locations": ["Berlin", "Paris"]})

    assert by_id(pipeline)["m"]["locations"] == ["Berlin", "Paris"]


def test_of_a_location_only_what_would_be_deleted_is_told_as_spared() -> None:
    pipeline = a_pipeline(AT_LOCATIONS, "contact")

    shown = overwrite_berlin(pipeline, {"external_id": "z", "name": "Z"}, {"name": "Nobody"})

    assert shown["reason"].endswith("; 2 records that no row names were not deleted")
    assert by_id(pipeline)["m"]["locations"] == ["Berlin", "Paris"]


def test_where_most_headers_are_unknown_that_is_told_first() -> None:
    pipeline = a_pipeline()

    shown = pipeline.upload(b"Vorname,Nachname,Firma2,email\nA,B,C,new@example.com\n", resource="customer")

    assert [one["code"] for one in shown["findings"]] == ["headers_mostly_unknown", *["header_unknown"] * 3]
    assert shown["findings"][0]["message"] == (
        "3 of the 4 headers are no fields of customers and are not read: Vorname, Nachname, Firma2."
    )
    assert shown["problems"] == {"required": 1}


ANY_NAME = "'name', 'first_name' or 'last_name' is required."


@pytest.mark.parametrize(
    ("resource", "row", "message"),
    [
        pytest.param("contact", {"email": "x@example.com"}, ANY_NAME, id="any"),
        pytest.param("contact", {"name": None, "first_name": None, "last_name": None}, ANY_NAME, id="all cleared"),
        pytest.param("customer", {"email": "x@example.com"}, "'name' is required.", id="one"),
    ],
)
def test_what_is_asked_for_is_what_would_do(resource: str, row: JSON, message: str) -> None:
    pipeline = PipelineClient()

    shown = pipeline.run(upload_mode="sync", resource=resource, data=[row])

    assert {one["message"] for one in problems(pipeline.client.world.stores, shown)} == {message}


def problems(stores: Stores, shown: JSON) -> list[dict[str, Any]]:
    path = shown["_errors_json_url"].partition("?")[0]
    key = path[path.index("results/") :]
    rows: list[dict[str, Any]] = json.loads(stores.files.read_file(key))
    return [problem for row in rows for problem in row["_problems"]]
