"""XLSX: a workbook in, the rows of one sheet out, as the texts a person sees in its cells.

The whole file is needed, so it is copied to a temporary file first, within the limits. The first sheet that has
anything in it is read, or the one the caller names; formulas give the values that were computed when the workbook
was saved.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Protocol, cast

from chalicelib.errors import Refused
from chalicelib.formats.blocks import in_blocks
from chalicelib.formats.cell_text import text_of
from chalicelib.formats.cells import RowMaker
from chalicelib.formats.formulas import all_armed
from chalicelib.formats.habits import has_content
from chalicelib.formats.headers import header_findings, read_headers
from chalicelib.formats.packages import Package, damaged, encrypted
from chalicelib.formats.signatures import OLE_MAGIC, unreadable
from chalicelib.formats.streams import BLOCK_BYTES, Broken, Peekable
from chalicelib.formats.tables import Format, Table
from chalicelib.formats.workbooks import Errors, Workbook
from chalicelib.model.imports import ReadingOptions
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.rows import Row

_IN_MEMORY_BYTES = 16 << 20
_ENCRYPTION = "EncryptedPackage".encode("utf-16-le")


class Sheet(Protocol):
    """What is used of calamine's sheet."""

    name: str
    start: tuple[int, int] | None
    """Row and column of the first filled cell, from 0. Rows come from the sheet's first on, cells from this column."""

    def iter_rows(self) -> Iterator[list[object]]: ...


class Sheets(Protocol):
    """What is used of calamine's workbook."""

    sheets_metadata: list[Any]

    def get_sheet_by_name(self, name: str) -> Sheet: ...


def open_workbook(source: Peekable, options: ReadingOptions, limits: Limits) -> Table:
    """Raises Refused for what is no workbook, or none that may be unpacked. A workbook without any content is a table
    without headers and rows, with the finding `empty_source`."""
    if options.format not in (None, Format.XLSX):
        raise unreadable(f"a workbook or an archive, not {options.format}")
    with SpooledTemporaryFile(_IN_MEMORY_BYTES) as spooled:
        file = cast(BinaryIO, spooled)
        size_bytes = _spool(source, file, limits)
        _refuse_old_formats(file)
        workbook = Workbook(Package(file, size_bytes, limits), limits)
        with _calamine_refusals():
            loaded = _load(file)
            if options.sheet:
                return _table_of(_named_sheet(loaded, options.sheet), workbook, limits)
            return _first_filled_table(loaded, workbook, limits)


def _spool(source: Peekable, file: BinaryIO, limits: Limits) -> int:
    size = 0
    try:
        while block := source.read(BLOCK_BYTES):
            size += file.write(block)
            if size > limits.workbook_bytes:
                message = f"The workbook is larger than {limits.workbook_bytes} bytes. Split it, or save it as CSV."
                raise Refused("too_large", message, limit=limits.workbook_bytes)
    except Broken as broken:
        raise damaged(str(broken)) from broken
    return size


def _refuse_old_formats(file: BinaryIO) -> None:
    file.seek(0)
    if file.read(len(OLE_MAGIC)) != OLE_MAGIC:
        return
    rest = file.read()
    raise encrypted() if _ENCRYPTION in rest else unreadable("an old Excel workbook (.xls) or another Office document")


def _load(file: BinaryIO) -> Sheets:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415  17 ms of cold start that only workbooks should pay

    file.seek(0)
    return cast(Sheets, CalamineWorkbook.from_filelike(file))


@contextmanager
def _calamine_refusals() -> Iterator[None]:
    """calamine's own errors, and the panics of the Rust below it, which derive from BaseException alone."""
    try:
        yield
    except BaseException as error:
        kind = type(error)
        if kind.__module__.startswith(("python_calamine", "pyo3_runtime")):
            raise damaged(quoted(str(error).rstrip(".")) or kind.__name__) from error
        raise


def _worksheets(loaded: Sheets) -> list[str]:
    """Names of the sheets that hold cells, the visible ones first."""
    sheets = [one for one in loaded.sheets_metadata if str(one.typ).endswith("WorkSheet")]
    return [one.name for one in sorted(sheets, key=lambda one: not str(one.visible).endswith(".Visible"))]


def _named_sheet(loaded: Sheets, name: str) -> Sheet:
    names = _worksheets(loaded)
    if name not in names:
        listed = ", ".join(repr(one) for one in names[:20])
        message = f"The workbook has no sheet {name[:40]!r}. It has: {listed}. Name one of them, or none."
        raise Refused("sheet_not_found", message, param="sheet", sheet=name[:40])
    return loaded.get_sheet_by_name(name)


def _first_filled_table(loaded: Sheets, workbook: Workbook, limits: Limits) -> Table:
    names = _worksheets(loaded)
    if not names:
        raise damaged("it has no sheets")
    for name in names:
        table = _table_of(loaded.get_sheet_by_name(name), workbook, limits)
        if table.headers:
            return _with_more_sheets(table, workbook)
    return Table(format=Format.XLSX, blocks=iter(()), findings=(Problem(ProblemCode.EMPTY_SOURCE),))


def _with_more_sheets(table: Table, workbook: Workbook) -> Table:
    filled = sum(1 for one in workbook.sheets.values() if one.filled_cells)
    if filled < 2:
        return table
    finding = Problem(ProblemCode.MORE_SHEETS, value=quoted(table.sheet), facts={"sheets": filled})
    return replace(table, findings=(finding, *table.findings))


def _table_of(sheet: Sheet, workbook: Workbook, limits: Limits) -> Table:
    """Without headers where the sheet has no content."""
    cells = _each_filled_row(sheet, workbook.errors_of(sheet.name))
    _, header, _ = next(cells, (0, [], {}))
    headers = read_headers(header, limits)
    findings = header_findings(headers) if headers else [Problem(ProblemCode.EMPTY_SOURCE)]
    blocks = in_blocks(_each_row(cells, headers))
    return Table(format=Format.XLSX, sheet=sheet.name, headers=headers, findings=tuple(findings), blocks=blocks)


def _each_filled_row(sheet: Sheet, errors: Errors) -> Iterator[tuple[int, list[str], dict[int, str]]]:
    """Number in the sheet, texts, and the errors among them by position in the row; rows without content left out."""
    first_column = sheet.start[1] if sheet.start else 0
    for index, values in enumerate(sheet.iter_rows()):
        cells = all_armed(list(map(text_of, values)))
        places = ((column - first_column, text) for column, text in errors.get(index, {}).items())
        wrong = {position: text for position, text in places if 0 <= position < len(cells)}
        for position, text in wrong.items():
            cells[position] = text
        if has_content(cells):
            yield index + 1, cells, wrong


def _each_row(filled: Iterator[tuple[int, list[str], dict[int, str]]], headers: tuple[str, ...]) -> Iterator[Row]:
    """Lazy. The line of a row is its number in the sheet."""
    maker = RowMaker(headers)
    for line, cells, wrong in filled:
        if not wrong and len(cells) == len(headers):
            maker.number += 1
            yield Row(maker.number, line, cells)
            continue
        problems = [
            Problem(ProblemCode.CELL_ERROR, field=headers[position], value=text)
            for position, text in sorted(wrong.items())
            if position < len(headers)
        ]
        row = maker.odd_row(line, cells, problems)
        if row is not None:
            yield row
