"""Sources that come with the request: arrays and data URLs, mapped and read as the caller says."""

import gzip
from base64 import b64encode

import pytest

from tests.e2e.packagex_client import PackageXClient, counted
from tests.e2e.sources import JSON_OBJECTS, RECORDS, SOURCES

pytestmark = pytest.mark.e2e


def data_url(content: bytes, content_type: str = "text/csv") -> str:
    return f"data:{content_type};base64,{b64encode(content).decode()}"


def test_an_array_is_imported_to_its_end(client: PackageXClient) -> None:
    answer = client.create(upload_mode="sync", data=JSON_OBJECTS)

    import_ = client.wait(answer["id"])

    assert [(phase["name"], phase["mode"]) for phase in answer["phases"]][:3] == [
        ("prevalidation", "sync"),
        ("preparsing", "sync"),
        ("transforming", "async"),
    ]
    assert [phase["status"] for phase in answer["phases"]][:2] == ["completed", "completed"]
    assert (import_["status"], counted(import_)) == ("completed", {"total": 2, "created": 2})
    assert client.records() == RECORDS


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        ("csv", "text/csv"),
        ("semicolons in cp1252", "text/csv;charset=windows-1252"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("xls", "application/vnd.ms-excel"),
        ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("zip", "application/zip"),
    ],
    ids=["csv", "csv with a charset", "xlsx", "xls", "ods", "zip"],
)
def test_a_data_url_is_imported_to_its_end(client: PackageXClient, kind: str, content_type: str) -> None:
    _, content = SOURCES[kind]

    import_ = client.wait(client.create(upload_mode="sync", data=data_url(content, content_type))["id"])

    assert (import_["status"], counted(import_)) == ("completed", {"total": 2, "created": 2})
    assert client.records() == RECORDS


def test_a_gzipped_data_url_is_imported_to_its_end(client: PackageXClient) -> None:
    content = gzip.compress(SOURCES["ndjson"][1])

    import_ = client.wait(client.create(upload_mode="sync", data=data_url(content, "application/gzip"))["id"])

    assert counted(import_) == {"total": 2, "created": 2}
    assert client.records() == RECORDS


def test_columns_are_mapped_and_null_markers_clear_fields(client: PackageXClient) -> None:
    client.run_records([{"name": "Ann", "email": "ann@example.com", "company": "Acme", "phone": "+15551234567"}])
    content = b"Wer,Wohin,Firma,Tel\nAnn Arbor,ann@example.com,NULL,\n"

    answer = client.create(
        upload_mode="sync",
        data=data_url(content),
        column_mapping={"name": "Wer", "email": "Wohin", "company": "Firma"},
        reading={"null_marker": "NULL"},
    )

    assert answer["column_mapping"] == {"name": "Wer", "email": "Wohin", "company": "Firma"}
    assert counted(client.wait(answer["id"])) == {"total": 1, "updated": 1}
    assert client.records() == [
        {"name": "Ann Arbor", "email": "ann@example.com", "phone": "+15551234567", "status": "active"}
    ]


def test_a_source_that_cannot_be_read_is_refused_and_leaves_no_import(client: PackageXClient) -> None:
    asked = {"upload_mode": "sync", "resource": "customers", "action": "merge"}

    answer = client.post("/v1/imports", asked | {"data": data_url(b"%PDF-1.7\n%...", "text/csv")})

    assert answer.refusal[:2] == (400, "invalid_source")
    assert client.get("/v1/imports").data == []
