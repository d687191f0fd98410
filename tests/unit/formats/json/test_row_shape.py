"""Elements of a list that are no rows, and what the document is called then."""

import io
import json

import pytest

from chalicelib.errors import Refused
from chalicelib.formats import RecordNames, Table, open_table
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.limits import Limits
from chalicelib.model.reading_options import ReadingOptions
from tests.reading import given, rows_of

ROWS: list[object] = [{"email": "a@x.org", "name": "Ann"}, {"email": "b@x.org", "name": "Bob"}]


def opened(document: object, *, resource: str = "contacts", limits: Limits | None = None, **mapping: str) -> Table:
    content = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    record_names = RecordNames.of(RESOURCES[resource], mapping)
    return open_table(
        io.BytesIO(content), ReadingOptions(), limits or Limits(), filename="x.json", record_names=record_names
    )


def refusal_of(document: object, *, resource: str = "contacts", limits: Limits | None = None) -> Refused:
    with pytest.raises(Refused) as refusal:
        list(opened(document, resource=resource, limits=limits).rows)
    return refusal.value


def test_a_row_of_our_errors_file_is_a_row_whatever_its_headers_are() -> None:
    row = {"Postfach": "b@x.org", "_problems": [{"code": "invalid_email"}], "_row_number": 2}

    assert given(opened([row]).rows) == [row]


@pytest.mark.parametrize(
    ("document", "what"),
    [
        pytest.param([["name"], ["Ann"]], "rows are lists of values", id="list_of_lists"),
        pytest.param({"columns": ["name"], "data": [["Ann"]]}, "rows are lists of values, under data", id="split"),
        pytest.param({"email": ["a@x.org"], "name": ["A"]}, "a table by columns", id="columns"),
        pytest.param({"email": {"0": "a@x.org"}, "name": {"0": "A"}}, "a table by columns", id="columns_by_index"),
        pytest.param(
            {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"x": 1}, "geometry": {}}]},
            "'properties'",
            id="geojson",
        ),
        pytest.param(
            {"data": [{"type": "contacts", "id": "1", "attributes": {"email": "a@x.org"}}], "included": [{"id": "2"}]},
            "'attributes'",
            id="json_api",
        ),
        pytest.param({"hits": {"hits": [{"_id": "1", "_source": {"x": 1}}]}}, "'_source'", id="elasticsearch"),
        pytest.param({"data": {"people": {"edges": [{"node": {"x": 1}}]}}}, "'node'", id="edges"),
        pytest.param({"records": [{"id": "r", "fields": {"Name": "A"}}]}, "'fields'", id="airtable"),
        pytest.param({"results": [{"id": "1", "contact": 1, "person": {"email": "a"}}]}, None, id="a_known_field"),
        pytest.param([{"data": ROWS}], "hold lists of rows themselves, under 'data'", id="list_of_pages"),
        pytest.param([{"name": "export 2024", "contacts": ROWS}], "under 'contacts'", id="list_of_a_wrapper"),
        pytest.param(
            [{"type": "header", "comment": "Export to JSON plugin for PHPMyAdmin"}, {"type": "database"}],
            "phpMyAdmin",
            id="phpmyadmin",
        ),
        pytest.param({"data": [ROWS]}, "rows are lists of values, under data", id="list_of_lists_of_objects"),
    ],
)
def test_tables_of_other_shapes_are_refused_by_name(document: object, what: str | None) -> None:
    if what is None:
        assert len(list(opened(document).rows)) == 1
        return
    refusal = refusal_of(document)

    assert refusal.code == "unreadable_format"
    assert what in refusal.message


def test_records_of_salesforce_are_read_with_what_it_says_of_them() -> None:
    record = {"attributes": {"type": "Contact", "url": "/x"}, "Id": "1", "Name": "Ann"}

    assert given(opened({"totalSize": 1, "done": True, "records": [record]}).rows) == [record]


def test_ndjson_lines_that_hold_rows_are_refused() -> None:
    with pytest.raises(Refused, match=r"under 'contacts'"):
        rows_of('{"name":"e","contacts":[{"email":"a"}]}\n' * 2, format="ndjson")
