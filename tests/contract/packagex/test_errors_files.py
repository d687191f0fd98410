"""The errors files of an import: aligned, complete, and fit to be uploaded again, as they are or corrected."""

import csv
import io
import json
from typing import Any

import pytest

from tests.contract.packagex.clients import JSON
from tests.contract.packagex.pipeline import PipelineClient, counted, data_url

MAPPED = b"Wer,Postfach\nAnn,a@x.org\nBob,wrong\nCid,wrong too\n"
MAPPING = {"name": "Wer", "email": "Postfach"}


def lines_of(content: bytes) -> list[dict[str, Any]]:
    """As a client reads them that goes by the header."""
    return [*csv.DictReader(io.StringIO(content.decode(), newline=""))]


def again(pipeline: PipelineClient, content: bytes, way: str, content_type: str = "text/csv") -> JSON:
    if way == "async":
        return pipeline.upload(content)
    return pipeline.run(upload_mode="sync", data=data_url(content, content_type))


def test_a_row_that_is_too_long_leaves_the_errors_where_the_header_says() -> None:
    pipeline = PipelineClient()
    shown = pipeline.upload(b"email,name\nbad,Roe, Bob\nwrong,Ann\n")

    rows = lines_of(pipeline.file(shown, "errors.csv"))

    assert [(row["_row_number"], row["column 3"], row["_codes"]) for row in rows] == [
        ("1", " Bob", "row_too_long"),
        ("2", "", "invalid_email"),
    ]
    assert json.loads(pipeline.file(shown, "errors.json"))[0]["column 3"] == " Bob"


def test_cells_beyond_all_bounds_are_kept_in_the_last_column() -> None:
    pipeline = PipelineClient()
    shown = pipeline.upload(b"email,name\nbad,Roe," + b",".join(b"%d" % n for n in range(100)) + b"\n")

    (row,) = lines_of(pipeline.file(shown, "errors.csv"))

    assert (row["column 3"], row["column 33"], row["_row_number"]) == ("0", "30", "1")
    assert row["column 34"] == " | ".join(str(n) for n in range(31, 100))


@pytest.mark.parametrize("file", ["errors.csv", "errors.json"])
def test_a_row_that_is_too_long_fails_again_until_it_is_corrected(file: str) -> None:
    pipeline = PipelineClient()
    shown = pipeline.upload(b"email,name\na@x.org,Roe, Bob\n")

    shown = pipeline.upload(pipeline.file(shown, file))

    assert counted(shown) == {"total": 1, "failed": 1}
    assert shown["problems"] == {"row_too_long": 1}
    assert shown["findings"] == []


@pytest.mark.parametrize(("file", "content_type"), [("errors.csv", "text/csv"), ("errors.json", "application/json")])
@pytest.mark.parametrize("way", ["async", "sync"])
def test_both_of_two_equal_headers_are_kept_and_the_same_is_read_again(file: str, content_type: str, way: str) -> None:
    pipeline = PipelineClient()
    shown = pipeline.upload(b"email,name,name\nbad,Ann,Second\n")

    errors = pipeline.file(shown, file).replace(b"bad", b"ann@x.org", 1)
    shown = again(pipeline, errors, way, content_type)

    assert counted(shown) == {"total": 1, "created": 1}
    assert [one["code"] for one in shown["findings"]] == (["header_duplicate"] if file == "errors.csv" else [])
    (record,) = pipeline.client.get("/v1/records/contacts").json_body["data"]
    assert (record["name"], record["email"]) == ("Ann", "ann@x.org")


def test_equal_headers_have_different_names_in_json() -> None:
    pipeline = PipelineClient()
    shown = pipeline.upload(b"email,name,name,\nbad,Ann,Second,x\n")

    (row,) = json.loads(pipeline.file(shown, "errors.json"))
    (given,) = json.loads(pipeline.file(shown, "upload.json"))

    assert given == {"email": "bad", "name": "Ann", "name (column 3)": "Second", "(column 4)": "x"}
    assert given.items() <= row.items()


@pytest.mark.parametrize("second", ["async", "sync"])
@pytest.mark.parametrize(("file", "content_type"), [("errors.csv", "text/csv"), ("errors.json", "application/json")])
@pytest.mark.parametrize("first", ["async", "sync"])
def test_the_errors_of_a_mapped_import_are_mapped_again(first: str, second: str, file: str, content_type: str) -> None:
    pipeline = PipelineClient()
    body: dict[str, Any] = {"column_mapping": MAPPING}
    url = data_url(MAPPED)
    shown = pipeline.upload(MAPPED, **body) if first == "async" else pipeline.run(upload_mode="sync", data=url, **body)
    assert counted(shown) == {"total": 3, "created": 1, "failed": 2}

    errors = pipeline.file(shown, file).replace(b"wrong", b"b@x.org", 1)
    shown = again(pipeline, errors, second, content_type)
    assert counted(shown) == {"total": 2, "created": 1, "failed": 1}
    assert shown["findings"] == []

    shown = again(pipeline, pipeline.file(shown, file).replace(b"wrong too", b"c@x.org", 1), second, content_type)
    assert counted(shown) == {"total": 1, "created": 1}
    names = {one["name"] for one in pipeline.client.get("/v1/records/contacts").json_body["data"]}
    assert names == {"Ann", "Bob", "Cid"}


def test_a_mapping_of_its_own_wins() -> None:
    pipeline = PipelineClient()
    shown = pipeline.upload(MAPPED, column_mapping=MAPPING)

    shown = pipeline.upload(pipeline.file(shown, "errors.csv"), column_mapping={"name": "Postfach"})

    assert counted(shown) == {"total": 2, "created": 2}


@pytest.mark.parametrize("named", ["", "imp_unknown", "x" * 500, "../../etc"])
def test_an_import_that_is_not_there_maps_nothing(named: str) -> None:
    pipeline = PipelineClient()

    shown = pipeline.upload(f"Wer,name,_row_number,_import\nx,Ann,1,{named}\n".encode())

    assert counted(shown) == {"total": 1, "created": 1}
    assert [finding["code"] for finding in shown["findings"]] == ["header_unknown"]


def test_an_import_of_another_resource_maps_nothing() -> None:
    pipeline = PipelineClient()
    shown = pipeline.upload(MAPPED, column_mapping=MAPPING)

    shown = pipeline.upload(pipeline.file(shown, "errors.csv"), resource="company")

    assert shown["reason"].startswith("no_known_header")


def test_other_columns_with_names_like_ours_are_read_as_ever() -> None:
    pipeline = PipelineClient()

    shown = pipeline.upload(b"name,column 2,_line\nAnn,x,1\n")

    assert counted(shown) == {"total": 1, "created": 1}
    assert [finding["value"] for finding in shown["findings"]] == ["column 2"]


@pytest.mark.parametrize("file", ["errors.csv", "errors.json"])
@pytest.mark.parametrize(
    ("reading", "last"),
    [
        pytest.param({}, "05/04/2024", id="alone they prove nothing"),
        pytest.param({"date_order": "day_first"}, "12/25/2024", id="alone they prove the contrary of what was stated"),
    ],
)
def test_dates_are_read_as_in_the_import_whose_errors_these_are(file: str, reading: JSON, last: str) -> None:
    pipeline = PipelineClient()
    dates = ("23/01/2024", "03/04/2024", last)
    source = "".join(f"C-{n},Ann,{'wrong' if n else 'a@x.org'},{date}\n" for n, date in enumerate(dates))
    content = f"external_id,name,email,customer_since\n{source}".encode()
    shown = pipeline.upload(content, resource="customer", reading=reading)
    assert counted(shown) == {"total": 3, "created": 1, "failed": 2}

    errors = pipeline.file(shown, file).replace(b"wrong", b"b@x.org", 1)
    shown = pipeline.upload(errors, resource="customer")

    assert counted(shown) == {"total": 2, "created": 1, "failed": 1}
    records = pipeline.client.get("/v1/records/customers").json_body["data"]
    assert {one["external_id"]: one["customer_since"][:10] for one in records} == {
        "C-0": "2024-01-23",
        "C-1": "2024-04-03",
    }


BEFORE = {"external_id": "C-1", "name": "Bob", "email": "b@x.org", "company": "Acme", "notes": "full note"}
UNREADABLE = [
    pytest.param("email,name,company,notes\nb@x.org,Bob,Paris\n", id="too short"),
    pytest.param('email,name,notes,company\nb@x.org,"Bob "Roe,Paris, x\n', id="misplaced quote"),
    pytest.param("email,name,notes\nb@x.org,Bob,first part\nof note\n", id="line end in row"),
    pytest.param('name,email\n"Ann,a@x.org\n', id="unclosed quote"),
    pytest.param("email,name,notes\nb@x.org,Ro,e, Bob\n", id="too long"),
    pytest.param('[{"name":"Ann","email":"bad"},null,5,"Some text"]', id="no objects"),
]


@pytest.mark.parametrize("file", ["errors.csv", "errors.json"])
@pytest.mark.parametrize("source", UNREADABLE)
def test_rows_that_could_not_be_read_fail_again_while_they_are_the_same(source: str, file: str) -> None:
    pipeline = PipelineClient()
    pipeline.run(upload_mode="sync", resource="customer", data=[BEFORE])
    records = pipeline.client.get("/v1/records/customers").json_body["data"]

    shown = pipeline.upload(source.encode(), resource="customer")
    for _ in range(3):
        shown = pipeline.upload(pipeline.file(shown, file), resource="customer")
        assert counted(shown) == {"total": shown["stats"]["total"], "failed": shown["stats"]["total"]}
        assert shown["findings"] == []

    assert pipeline.client.get("/v1/records/customers").json_body["data"] == records


def test_a_row_that_was_corrected_or_confirmed_is_read() -> None:
    pipeline = PipelineClient()
    shown = pipeline.upload(b"email,name,notes\na@x.org,Ann\nb@x.org,Bob\nc@x.org,Cid\n")
    rows = lines_of(pipeline.file(shown, "errors.csv"))
    rows[0]["notes"] = "a note"
    rows[1]["_digest"] = ""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)

    shown = pipeline.upload(text.getvalue().encode())

    assert counted(shown) == {"total": 3, "created": 2, "failed": 1}
    assert shown["problems"] == {"not_corrected": 1}
