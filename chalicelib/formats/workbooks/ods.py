"""Reads OpenDocument spreadsheets (.ods) as a book: sheets, and their rows, which are read while they are taken.

The whole workbook is one part, so a sheet is found by reading what stands before it. Cells and rows that repeat are
written once with a number, which may be made as large as one likes: the bounds are looked at before anything repeats.

Source: OpenDocument 1.3 part 3, 9.1.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from chalicelib.formats.detect import unreadable
from chalicelib.formats.registry import Format
from chalicelib.formats.workbooks.cell_references import MOST_COLUMNS
from chalicelib.formats.workbooks.held_memory import HeldMemory
from chalicelib.formats.workbooks.ods_cells import OdsCell, read_cell
from chalicelib.formats.workbooks.sheets import MergedCells, RowBounds, SheetName, SheetRow
from chalicelib.formats.workbooks.xml_parser import DEEPEST, Attributes, each_parsed, each_tag, local_name, too_deep
from chalicelib.formats.zip_package import ZipPackage, damaged, encrypted
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode

_CONTENT, _MANIFEST, _TYPE = "content.xml", "META-INF/manifest.xml", "mimetype"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_CELLS = ("table-cell", "covered-table-cell")
_GAPS = {"tab": "\t", "line-break": "\n"}
_SPANS = (b"number-columns-spanned", b"number-rows-spanned")
_MOST_MERGED = 1_000


class OdsBook:
    """A package whose content is an OpenDocument spreadsheet."""

    format = Format.ODS

    def __init__(self, package: ZipPackage, limits: Limits) -> None:
        """Raises Refused `unreadable_format`, `encrypted_workbook` and `damaged_workbook`."""
        self._package = package
        self._limits = limits
        self._held = HeldMemory(package.size_bytes, limits)
        if not next(package.blocks_of(_TYPE), b"").startswith(_SPREADSHEET):
            raise unreadable("an OpenDocument file that is no spreadsheet")
        if package.has(_MANIFEST):
            tags = each_tag(package.blocks_of(_MANIFEST), _MANIFEST)
            if any(name == "encryption-data" for _, name, _ in tags):
                raise encrypted()

    def sheets(self) -> Sequence[SheetName]:
        """Returns the sheets in the order of the workbook."""
        return self._listed.sheets()

    def each_row(self, name: str) -> Iterator[SheetRow]:
        """Yields the rows of a sheet that have content; lazy."""
        return self._each_row(_RowHandler(name, RowBounds(self._limits)))

    def merged(self, name: str) -> Sequence[MergedCells]:
        """Returns the merged cells of a sheet, at most a thousand ranges."""
        if not any(word in block for block in self._blocks() for word in _SPANS):
            return []
        rows = _RowHandler(name, RowBounds(self._limits))
        for _ in self._each_row(rows):
            pass
        return rows.merged

    @cached_property
    def _listed(self) -> "_SheetListHandler":
        listed = _SheetListHandler(self._held)
        for _ in each_parsed(self._blocks(), listed, _CONTENT):
            pass
        return listed

    def _blocks(self) -> Iterator[bytes]:
        return self._package.blocks_of(_CONTENT)

    def _each_row(self, rows: "_RowHandler") -> Iterator[SheetRow]:
        for _ in each_parsed(self._blocks(), rows, _CONTENT):
            for row, times in rows.done:
                yield row
                for line in range(row.line + 1, row.line + times):
                    yield SheetRow(line, list(row.cells), dict(row.flaws))
            rows.done.clear()
            rows.check(self._held)
            if rows.is_behind:
                return


class _SheetListHandler:
    """Gathers the names of the sheets, and which styles hide them."""

    def __init__(self, held: HeldMemory) -> None:
        self._held = held
        self._styles: dict[str, str] = {}
        self._hidden: set[str] = set()
        self._style = ""
        self._parents: list[str] = [""]

    def sheets(self) -> list[SheetName]:
        return [SheetName(name, style not in self._hidden) for name, style in self._styles.items()]

    def start(self, name: str, attributes: Attributes) -> None:
        name = local_name(name)
        if name == "table" and self._parents[-1] == "spreadsheet":
            shown, style = attributes.get("table:name", ""), attributes.get("table:style-name", "")
            self._held.add_object(shown, style)
            self._styles[shown] = style
        elif name == "style":
            self._style = attributes.get("style:name", "")
        elif name == "table-properties" and attributes.get("table:display") == "false":
            self._held.add_object(self._style)
            self._hidden.add(self._style)
        self._parents.append(name)
        if len(self._parents) > DEEPEST:
            raise too_deep()

    def end(self, name: str) -> None:
        self._parents.pop()

    def text(self, text: str) -> None:
        """Does nothing, because only names are wanted."""


class _RowHandler:
    """Gathers the rows of one sheet."""

    def __init__(self, sheet: str, bounds: RowBounds) -> None:
        self.done: list[tuple[SheetRow, int]] = []
        """Rows with content, and how often each stands there."""
        self.merged: list[MergedCells] = []
        self.is_behind = False
        """The sheet has ended."""
        self._sheet = sheet
        self._bounds = bounds
        self._depth = self._table_depth = self._cell_depth = self._silent_depth = 0
        self._row = SheetRow(0, [])
        self._line = 0
        self._repeated = 1
        self._column = 0
        self._cell = OdsCell({})
        self._paragraph: list[str] | None = None
        self._reported_columns: set[int] = set()
        self._blanks = 0
        """Cells without content that were not counted yet."""

    def check(self, held: HeldMemory) -> None:
        """Raises Refused where what was begun, or was passed over, is too much already."""
        self._bounds.add_blank(self._blanks)
        self._blanks = 0
        self._bounds.check_width(self._row)
        held.check_paragraphs(self._cell.paragraphs)
        if self._paragraph is not None:
            held.check_text(self._paragraph)

    def start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise too_deep()
        name = local_name(name)
        if name == "table" and not self._table_depth and attributes.get("table:name") == self._sheet:
            self._table_depth = self._depth
        if not self._table_depth or self.is_behind:
            return
        if name == "table-row":
            self._row, self._column = SheetRow(self._line + 1, []), 0
            self._repeated = _times(attributes.get("table:number-rows-repeated"))
        elif name in _CELLS:
            self._cell, self._cell_depth = OdsCell(attributes), self._depth
        elif self._cell_depth:
            self._start_text(name, attributes)

    def _start_text(self, name: str, attributes: Attributes) -> None:
        """Notes an element within a cell. Paragraphs right below the cell are its text; those of comments and drawings
        lie deeper."""
        if name == "p" and self._depth == self._cell_depth + 1:
            self._paragraph = []
        elif self._paragraph is not None and name == "ruby-text":
            self._silent_depth = self._depth
        elif self._paragraph is not None and name == "s":
            self._paragraph.append(" " * min(_times(attributes.get("text:c")), 1_000))
        elif self._paragraph is not None:
            self._paragraph.append(_GAPS.get(name, ""))

    def text(self, text: str) -> None:
        if self._paragraph is not None and not self._silent_depth:
            self._paragraph.append(text)

    def end(self, name: str) -> None:
        depth, self._depth = self._depth, self._depth - 1
        if depth == self._silent_depth:
            self._silent_depth = 0
        elif self._paragraph is not None and depth == self._cell_depth + 1:
            self._cell.paragraphs.append("".join(self._paragraph))
            self._paragraph = None
        elif depth == self._cell_depth:
            self._cell_depth = 0
            self._close_cell()
        elif self._table_depth and depth == self._table_depth:
            self.is_behind, self._table_depth = True, 0
        elif self._table_depth and local_name(name) == "table-row":
            self._close_row()

    def _close_cell(self) -> None:
        times = _times(self._cell.attributes.get("table:number-columns-repeated"))
        self._add_merged()
        text, flaw = read_cell(self._cell)
        position, self._column = self._column, self._column + times
        if not text and flaw is None:
            self._blanks += 1
            return
        if self._column > MOST_COLUMNS:
            raise damaged(f"its row {self._row.line} has more than {MOST_COLUMNS} cells")
        cells = self._row.cells
        cells.extend([""] * (position - len(cells)))
        cells.extend([text] * times)
        if flaw is not None and not (flaw.code is ProblemCode.SHOWN_OTHERWISE and position in self._reported_columns):
            self._reported_columns.add(position)
            self._row.flaws |= dict.fromkeys(range(position, position + times), flaw)

    def _add_merged(self) -> None:
        attributes = self._cell.attributes
        rows, columns = (_times(attributes.get(f"table:number-{one}-spanned")) for one in ("rows", "columns"))
        if (rows > 1 or columns > 1) and len(self.merged) < _MOST_MERGED:
            first_row, first_column = self._row.line, self._column + 1
            self.merged.append(MergedCells(first_row, first_column, first_row + rows - 1, first_column + columns - 1))

    def _close_row(self) -> None:
        self._line += self._repeated
        if self._row.has_content:
            self._bounds.add(self._row, times=self._repeated)
            self.done.append((self._row, self._repeated))


def _times(text: str | None) -> int:
    """Returns how often something repeats; once where nothing sensible is said."""
    return max(int(text), 1) if text and text.isdecimal() and len(text) < 10 else 1
