"""The table of formats is whole, and says of each what callers, readers and writers were promised."""

import re

import pytest

from chalicelib.formats.registry import (
    FORMATS,
    OLE_MAGIC,
    WRITABLE,
    ZIP_MAGIC,
    Format,
    find_extension,
    find_format_of_delimiter,
    find_format_of_magic,
    find_format_of_members,
    find_format_of_name,
)
from local.paths import ROOT


def test_every_format_has_one_entry() -> None:
    assert set(FORMATS) == set(Format)
    assert all(FORMATS[name].name == name for name in Format)


def test_no_extension_and_no_media_type_stands_for_two_formats() -> None:
    extensions = [extension for one in FORMATS.values() for extension in one.extensions]
    media_types = [media_type for one in FORMATS.values() for media_type in one.media_types]

    assert len(set(extensions)) == len(extensions)
    assert len(set(media_types)) == len(media_types)


@pytest.mark.parametrize("name", Format)
def test_every_format_is_read_as_text_or_as_a_workbook(name: Format) -> None:
    one = FORMATS[name]

    assert (one.read is None) != (one.open_book is None)
    assert not (one.is_workbook and one.is_splittable)


def test_what_is_written_is_what_has_a_writer() -> None:
    assert set(WRITABLE) == {name for name, one in FORMATS.items() if one.write}


def test_the_page_about_formats_lists_each_and_says_whether_it_is_written() -> None:
    page = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| (yes|no)[^|]* \|$", page, flags=re.MULTILINE)
    told = {word.lower(): written for names, written in rows for word in re.findall(r"\b[A-Z]+\b", names)}

    assert {name: told.get(name) for name in FORMATS} == {n: "yes" if n in WRITABLE else "no" for n in FORMATS}


@pytest.mark.parametrize("name", Format)
def test_the_code_that_is_named_exists(name: Format) -> None:
    one = FORMATS[name]

    for named in filter(None, (one.read, one.open_book, one.read_split, one.write)):
        with pytest.raises(TypeError, match=r"missing .* required positional argument"):
            named()


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("a.csv", Format.CSV),
        ("A.TAB", Format.TSV),
        ("a.xlsm", Format.XLSX),
        ("a.xlt", Format.XLS),
        ("a.ots", Format.ODS),
        ("a.jsonl.gz", Format.NDJSON),
        ("a.csv.zip", Format.CSV),
        ("a.pdf", None),
        ("", None),
    ],
)
def test_the_extension_tells_the_format(filename: str, expected: Format | None) -> None:
    assert find_format_of_name(filename) == expected


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("text/csv; charset=latin-1", ".csv"),
        ("Application/JSONL", ".ndjson"),
        ("application/vnd.ms-excel.sheet.macroEnabled.12", ".xlsm"),
        ("application/x-zip-compressed", ".zip"),
        ("application/gzip", ".gz"),
        ("application/vnd.ms-excel", ""),
        ("", ""),
    ],
)
def test_the_media_type_tells_the_extension(media_type: str, expected: str) -> None:
    assert find_extension(media_type) == expected


@pytest.mark.parametrize(("delimiter", "expected"), [(",", Format.CSV), ("\t", Format.TSV), (";", Format.CSV)])
def test_the_delimiter_tells_the_format(delimiter: str, expected: Format) -> None:
    assert find_format_of_delimiter(delimiter) is expected


def test_the_beginning_of_a_file_tells_an_ole_workbook_and_nothing_of_a_zip_file() -> None:
    assert find_format_of_magic(OLE_MAGIC + b"...") is Format.XLS
    assert find_format_of_magic(ZIP_MAGIC + b"...") is None
    assert find_format_of_magic(b"") is None


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"[content_types].xml", "xl/workbook.bin"}, Format.XLSB),
        ({"[content_types].xml"}, Format.XLSX),
        ({"xl/workbook.xml", "a.csv"}, Format.XLSX),
        ({"mimetype", "content.xml"}, Format.ODS),
        ({"mimetype", "a.csv"}, None),
    ],
)
def test_the_members_of_a_zip_file_tell_the_workbook(members: set[str], expected: Format | None) -> None:
    assert find_format_of_members(members) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (Format.CSV, "text/csv; charset=utf-8"),
        (Format.TSV, "text/tab-separated-values; charset=utf-8"),
        (Format.JSON, "application/json"),
        (Format.NDJSON, "application/x-ndjson"),
        (Format.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_files_are_sent_with_the_media_type_of_their_format(name: Format, expected: str) -> None:
    assert FORMATS[name].content_type == expected
