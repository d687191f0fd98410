"""What a source is: content decides, names only mislead, strangers are named."""

import pytest

from chalicelib.formats.registry import OLE_MAGIC
from chalicelib.model.reading_options import ReadingOptions
from tests.reading import codes, opened, refusal_of
from tests.workbooks import packed, workbook


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xef\xbb\xbf\n\n"])
def test_nothing_is_an_empty_source(content: bytes) -> None:
    assert refusal_of(content).code == "empty_source"


def test_cells_without_any_content_are_an_empty_source() -> None:
    assert refusal_of(b",,,\n,,,\n").code == "empty_source"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        pytest.param(b"%PDF-1.7\n...", "a PDF document", id="pdf"),
        pytest.param(b"PAR1\x15\x04", "a Parquet file", id="parquet"),
        pytest.param(OLE_MAGIC + "WordDocument".encode("utf-16-le"), "a Word document", id="doc"),
        pytest.param(OLE_MAGIC + "PowerPoint Document".encode("utf-16-le"), "a PowerPoint presentation", id="ppt"),
        pytest.param(packed([("index/document.iwa", b"x")]), "a Numbers document", id="numbers"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "a PNG image", id="png"),
        pytest.param(b"<!DOCTYPE html>\n<html><table>", "an HTML page", id="html"),
        pytest.param(b'\xef\xbb\xbf  <html xmlns:x="urn:x">', "an HTML page", id="html_as_xls"),
        pytest.param(b'<?xml version="1.0"?><a/>', "XML", id="xml"),
        pytest.param(bytes(range(256)) * 8, "binary data", id="binary"),
        pytest.param(packed([]), "an empty ZIP archive", id="empty_zip"),
        pytest.param(
            packed([("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>")]),
            "an OpenDocument file that is no spreadsheet",
            id="odt",
        ),
        pytest.param(packed([("word/document.xml", b"<a/>")]), "a Word document", id="docx"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(content: bytes, what: str) -> None:
    refusal = refusal_of(content)

    assert refusal.code == "unreadable_format"
    assert f"The source is {what}" in refusal.message


@pytest.mark.parametrize(
    ("content", "filename", "actual"),
    [
        pytest.param(b"a,b\n1,2\n", "x.xlsx", "csv", id="csv_as_xlsx"),
        pytest.param(b"a,b\n1,2\n", "x.json", "csv", id="csv_as_json"),
        pytest.param(b'[{"a":1},\n{"a":2}]', "x.csv", "json", id="json_as_csv"),
        pytest.param(b'{"a":1}\n{"a":2}\n', "x.json", "ndjson", id="ndjson_as_json"),
        pytest.param(b'{"a":1}\n[\n', "x.json", "ndjson", id="broken_ndjson_as_json"),
        pytest.param(workbook({"S": [["a"], [1]]}), "x.csv", "xlsx", id="xlsx_as_csv"),
    ],
)
def test_content_counts_more_than_the_name(content: bytes, filename: str, actual: str) -> None:
    table = opened(content, filename=filename)

    assert table.format == actual
    assert codes(table.findings) == ["extension_misleads"]


@pytest.mark.parametrize("filename", ["x.csv", "X.CSV", "x.txt", "x", "", "x.tsv", "x.csv.gz"])
def test_a_fitting_name_is_not_mentioned(filename: str) -> None:
    assert opened(b"a,b\n1,2\n", filename=filename).findings == ()


@pytest.mark.parametrize(
    ("content", "format_", "headers"),
    [
        pytest.param(b"[1],b\n1,2\n", "csv", ("[1]", "b"), id="csv_with_brackets"),
        pytest.param(b"a,b\tc\n1,2\t3\n", "tsv", ("a,b", "c"), id="tsv_with_commas"),
        pytest.param(b'{"a":1}', "ndjson", (), id="one_line"),
    ],
)
def test_a_stated_format_is_obeyed(content: bytes, format_: str, headers: tuple[str, ...]) -> None:
    table = opened(content, format=format_)

    assert (table.format, table.headers) == (format_, headers)


def test_a_stated_format_does_not_turn_one_thing_into_another() -> None:
    assert refusal_of(b"a,b\n1,2\n", ReadingOptions(format="xlsx")).code == "unreadable_format"
    assert refusal_of(workbook({"S": [["a"]]}), ReadingOptions(format="csv")).code == "unreadable_format"
