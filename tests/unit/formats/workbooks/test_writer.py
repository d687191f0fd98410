"""Workbooks that are written: by other programs read as they were meant, and by us."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any

import openpyxl
import pytest

from chalicelib.errors import Refused
from chalicelib.formats.cells import WriteRequest
from chalicelib.formats.registry import Format
from chalicelib.formats.workbooks.writer import CELL_CHARACTERS, WorkbookWriter, sheet_name
from chalicelib.formats.write import render
from chalicelib.model.write_options import Rendering
from tests.reading import given, opened, rows_of

XLSX = Rendering(format=Format.XLSX, sheet="People")


def workbook_of(values: Iterable[Any]) -> bytes:
    return b"".join(render(({"a": one} for one in values), ["a"], XLSX))


def seen_by_others(file: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(file))["People"]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_values_have_the_types_a_person_expects() -> None:
    file = workbook_of(["00123", 7, -5, True, 12345678901234567, "2025-03-01", ["a", "b"], "=1+1"])

    assert seen_by_others(file)[1:] == [
        ["00123"], [7], [-5], [True], ["12345678901234567"], ["2025-03-01"], ["a,b"], ["'=1+1\t"]
    ]  # fmt: skip


def test_texts_are_no_formulas_and_no_links() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of(["https://example.com/" + "x" * 3000, "=1+1"])))["People"]

    assert [sheet[place].data_type for place in ("A2", "A3")] == ["s", "s"]
    assert [sheet[place].number_format for place in ("A2", "A3")] == ["@", "@"]
    assert sheet["A2"].hyperlink is None


@pytest.mark.parametrize(
    "text",
    [
        "a\x01b",
        "a\x0bb",
        "a\rb",
        "a\r\nb",
        "a\nb\tc",
        "_x0041_",
        "_x005F_x000d_",
        "a\ufffeb",
        "\uffff",
        "<&>\"']]>",
        "😀",
        " a",
    ],
)
def test_every_character_is_read_back(text: str) -> None:
    assert given(rows_of(workbook_of([text]))) == [[text]]


def test_characters_that_xml_cannot_hold_are_escaped() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_of(["\x01_x0041_"]))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")

    assert b">_x0001__x005F_x0041_<" in sheet


def test_a_full_sheet_is_followed_by_another_with_the_same_header() -> None:
    records = ({"a": number} for number in range(5))
    writer = WorkbookWriter(WriteRequest(["a"], XLSX), sheet_rows=3)

    file = b"".join(writer.each_chunk(records))

    book = openpyxl.load_workbook(io.BytesIO(file))
    assert {sheet.title: [cell.value for cell in sheet["A"]] for sheet in book} == {
        "People": ["a", 0, 1],
        "People 2": ["a", 2, 3],
        "People 3": ["a", 4],
    }
    assert [given(rows_of(file, sheet=name)) for name in ("People", "People 3")] == [[["0"], ["1"]], [["4"]]]


def test_a_workbook_without_records_has_its_header() -> None:
    assert opened(workbook_of([])).headers == ("a",)


def test_equal_records_make_equal_bytes() -> None:
    assert workbook_of(["a", 1]) == workbook_of(["a", 1])


def test_a_text_longer_than_a_cell_is_refused_with_its_place() -> None:
    assert len(seen_by_others(workbook_of(["x" * CELL_CHARACTERS]))) == 2

    with pytest.raises(Refused, match="A2") as refusal:
        workbook_of(["😀" * (CELL_CHARACTERS // 2 + 1)])
    assert refusal.value.code == "selection_too_large"


@pytest.mark.parametrize(
    ("wanted", "number", "name"),
    [
        ("Customers", 1, "Customers"),
        ("Customers", 12, "Customers 12"),
        ("a/b:c*?[]\\", 1, "a_b_c_____"),
        ("'quoted'", 1, "quoted"),
        ("=1+1", 1, "_=1+1"),
        ("", 1, "Records"),
        ("x" * 40, 2, "x" * 29 + " 2"),
    ],
)
def test_sheets_have_names_that_excel_takes(wanted: str, number: int, name: str) -> None:
    assert sheet_name(wanted, number) == name
