"""XLS: values as their number formats show them, dates, errors, what else is kept in such files."""

import io
from datetime import date, datetime

import pytest
import xlwt

from chalicelib.formats.registry import OLE_MAGIC
from chalicelib.model.limits import Limits
from tests.other_workbooks import Failed, xls
from tests.reading import codes, found, given, opened, refusal_of, rows_of


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        pytest.param("Ä text", "General", "Ä text", id="text"),
        pytest.param("00123", "General", "00123", id="text_of_digits"),
        pytest.param(7, "General", "7", id="whole"),
        pytest.param(2.5, "General", "2.5", id="fraction"),
        pytest.param(0.1 + 0.2, "General", "0.3", id="fifteen_digits"),
        pytest.param(-1e-7, "General", "-0.0000001", id="small"),
        pytest.param(9007199254740991, "0", "9007199254740991", id="largest_exact"),
        pytest.param(7, "00000", "00007", id="zeros"),
        pytest.param(5551234567, "(000) 000-0000", "(555) 123-4567", id="phone"),
        pytest.param(0.5, "0%", "50%", id="percent"),
        pytest.param(12.5, '"EUR" 0.00', "12.5", id="currency"),
        pytest.param(date(2024, 2, 29), "dd.mm.yyyy", "2024-02-29", id="date"),
        pytest.param(datetime(2024, 2, 29, 13, 5), "yyyy-mm-dd hh:mm", "2024-02-29T13:05:00", id="date_and_time"),
        pytest.param(0.5, "h:mm", "12:00:00", id="time"),
        pytest.param(1.5, "[h]:mm", "36:00:00", id="duration"),
        pytest.param(True, "General", "true", id="true"),
        pytest.param(False, "General", "false", id="false"),
    ],
)
def test_a_cell_is_what_a_person_sees(value: object, code: str, text: str) -> None:
    rows = rows_of(xls({"S": [["a", "b"], [value, "x"]]}, {(1, 0): code}))

    assert given(rows) == [[text, "x"]]


def test_errors_fail_their_row_and_lost_digits_too() -> None:
    rows = rows_of(xls({"S": [["a", "b"], [Failed(7), 1], [1234567890123456789, 2], [3, Failed(42)]]}))

    assert found(rows) == [(1, 2, ["cell_error"]), (2, 3, ["inexact_number"]), (3, 4, ["cell_error"])]
    assert [row.problems[0].value for row in rows] == ["#DIV/0!", "1.2345678901234568e+18", "#N/A"]


def test_dates_may_count_from_1904() -> None:
    content = xls({"S": [["a", "b"], [43889, "x"]]}, {(1, 0): "yyyy-mm-dd"}, is_1904=True)

    assert given(rows_of(content)) == [["2024-02-29", "x"]]


def test_merged_cells_and_hidden_sheets_are_known() -> None:
    book = xlwt.Workbook()
    book.add_sheet("Hidden").write(0, 0, "x")
    book.get_sheet(0).visibility = 1
    sheet = book.add_sheet("Shown")
    for column, header in enumerate(["a", "b"]):
        sheet.write(0, column, header)
    sheet.write_merge(1, 2, 0, 0, "both")
    book.set_active_sheet(1)
    buffer = io.BytesIO()
    book.save(buffer)

    table = opened(buffer.getvalue())

    assert (table.sheet, codes(table.findings)) == ("Shown", ["more_sheets", "merged_cells"])
    assert table.findings[1].value == "A2:A3"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(OLE_MAGIC, "damaged_workbook", id="nothing_else"),
        pytest.param(OLE_MAGIC + bytes(600), "damaged_workbook", id="noughts"),
        pytest.param(xls({"S": [["a"]]})[:3_000], "damaged_workbook", id="cut_short"),
        pytest.param(
            OLE_MAGIC + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "encrypted_workbook", id="password"
        ),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, code: str) -> None:
    assert refusal_of(content).code == code


def test_the_cells_of_all_sheets_together_are_limited() -> None:
    content = xls({f"S{number}": [["a", "b"], *([1, 2] for _ in range(500))] for number in range(10)})

    assert len(rows_of(content, limits=Limits(workbook_expanded_bytes=1_000_000))) == 500
    assert refusal_of(content, limits=Limits(workbook_expanded_bytes=100_000)).code == "expansion_refused"


def test_a_workbook_under_a_password_is_refused() -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(100)

    assert refusal_of(content).code == "encrypted_workbook"
