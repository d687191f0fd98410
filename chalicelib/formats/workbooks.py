"""What is inside a workbook, measured part by part before calamine loads it: cells, text, errors.

calamine holds a sheet as a dense rectangle with every shared text copied into its cells, and leaves error cells
empty. So this module bounds the rectangle and the text beforehand, and finds where the errors are. XML is only
searched here, never parsed, save the short list of sheets.
"""

import posixpath
import re
from array import array
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree
from zipfile import ZipInfo

from chalicelib.errors import Refused
from chalicelib.formats.packages import Package, damaged, too_expansive
from chalicelib.formats.sheet_parts import PLACE, SheetPart, column_number
from chalicelib.model.limits import Limits

_CELL_BYTES = 32
"""What calamine spends on a cell, empty or not, without its text."""

_LARGEST_ELEMENT_BYTES = 32 << 20
"""A cell's text ends at 32,767 characters in Excel; with all its markup it is far smaller than this."""
_SMALL_PART_BYTES = 16 << 20

_SHEET, _TEXTS = _MEASURED = (b"worksheet", b"sst")
"""Root elements of the parts that are measured."""
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(\w[\w.-]*)[\s/>]")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY|--)", re.IGNORECASE)
_WIDE_XML = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_CELL = re.compile(rb"<(?:\w+:)?c\s")
_IS_TEXT = re.compile(rb"""\bt\s*=\s*["']s["']""")
_IS_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)<")
_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>]")
# Every class excludes "<", so that no search runs over more than one tag, however a file is made.

Errors = dict[int, dict[int, str]]
"""Error texts by row and column, both from 0."""


class Workbook:
    """The measured parts of a package."""

    def __init__(self, package: Package, limits: Limits) -> None:
        """Raises Refused where loading it would take more memory than the limits allow."""
        self._package = package
        self._limits = limits
        self._longest_text = 0
        self._texts: ZipInfo | None = None
        self.sheets: dict[str, SheetPart] = {}
        for entry in package.entries:
            self._measure(entry)
        for sheet in self.sheets.values():
            self._refuse_expansive(sheet)

    def errors_of(self, sheet_name: str) -> Errors:
        """Where cells of the sheet hold errors; empty too where the package does not say which part the sheet is."""
        sheet = self.sheets.get(self._part_of(sheet_name))
        errors: Errors = defaultdict(dict)
        if sheet is None or not sheet.error_cells:
            return errors
        for cell in self._each_cell(sheet.entry):
            place, value = PLACE.search(cell), _VALUE.search(cell)
            if place and value and _IS_ERROR.search(cell, 0, value.start()):
                row, column = int(place[2]) - 1, column_number(place[1]) - 1
                errors[row][column] = value[1].decode("utf-8", "replace")
        return errors

    def _part_of(self, sheet_name: str) -> str:
        try:
            main = _target(self._package.get("_rels/.rels"), "", "officeDocument")
            folder = posixpath.dirname(main)
            listed = ElementTree.fromstring(self._package.get(main))  # noqa: S314  declarations were refused
            relations = self._package.get(f"{folder}/_rels/{posixpath.basename(main)}.rels")
        except (KeyError, ElementTree.ParseError):
            return ""
        for sheet in listed.iterfind(".//{*}sheet"):
            if sheet.get("name") == sheet_name:
                relation = next((value for name, value in sheet.items() if name.endswith("}id")), "")
                return _target(relations, folder, relation)
        return ""

    def _measure(self, entry: ZipInfo) -> None:
        blocks = self._package.each_block(entry)
        kind = _kind_of(next(blocks, b""), entry.filename)
        if kind == _SHEET:
            self._measure_sheet(SheetPart(entry))
        elif kind == _TEXTS:
            self._texts = entry
            self._longest_text = max((len(text) for text in self._each_text()), default=0)
        else:
            deque(blocks, maxlen=0)

    def _measure_sheet(self, sheet: SheetPart) -> None:
        for chunk in self._each_chunk(sheet.entry):
            sheet.measure(chunk)
        self.sheets[_normalised(sheet.entry.filename)] = sheet

    def _refuse_expansive(self, sheet: SheetPart) -> None:
        limits = self._limits
        if sheet.last_row > limits.sheet_rows:
            message = f"The sheet has {sheet.last_row} rows, {limits.sheet_rows} are allowed. Split it, or send CSV."
            raise Refused("too_many_rows", message, rows=sheet.last_row, limit=limits.sheet_rows)
        if sheet.rectangle * _CELL_BYTES > limits.workbook_expanded_bytes:
            raise too_expansive(f"its cells span {sheet.rectangle} places", cells=sheet.rectangle)
        if sheet.text_cells * self._longest_text > limits.workbook_expanded_bytes:
            self._refuse_expansive_texts(sheet)

    def _refuse_expansive_texts(self, sheet: SheetPart) -> None:
        """Exactly: every cell with the length of the text it shows."""
        lengths = array("L", (len(text) for text in self._each_text()))
        size = 0
        for cell in self._each_cell(sheet.entry):
            value = _VALUE.search(cell)
            if value and _IS_TEXT.search(cell, 0, value.start()):
                size += _length(lengths, value[1])
            if size > self._limits.workbook_expanded_bytes:
                detail = f"its texts would take more than {self._limits.workbook_expanded_bytes} bytes"
                raise too_expansive(detail, limit=self._limits.workbook_expanded_bytes)

    def _each_text(self) -> Iterator[bytes]:
        """The shared texts with their markup, which is more than their length."""
        return self._each_element(self._texts, _TEXT) if self._texts else iter(())

    def _each_cell(self, entry: ZipInfo) -> Iterator[bytes]:
        return self._each_element(entry, _CELL)

    def _each_element(self, entry: ZipInfo, opening: re.Pattern[bytes]) -> Iterator[bytes]:
        """From one opening tag to the next; what stands before the first is left out."""
        is_first = True
        for chunk in _cut_before(self._package.each_block(entry), opening):
            before, *elements = opening.split(chunk)
            yield from elements if is_first or not before else [before, *elements]
            is_first = False

    def _each_chunk(self, entry: ZipInfo) -> Iterator[bytes]:
        return _cut_before(self._package.each_block(entry), _CELL)


def _cut_before(blocks: Iterator[bytes], opening: re.Pattern[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks that begin with an opening tag, so that no element is cut in two."""
    rest: list[bytes] = []
    size = 0
    for block in blocks:
        last = _last_start(opening, block)
        if last >= 0:
            yield b"".join((*rest, block[:last]))
            rest, size = [], 0
        rest.append(block[max(last, 0) :])
        size += len(rest[-1])
        if size > _LARGEST_ELEMENT_BYTES:
            raise too_expansive(f"one of its parts is larger than {_LARGEST_ELEMENT_BYTES} bytes")
    yield b"".join(rest)


def _last_start(opening: re.Pattern[bytes], block: bytes) -> int:
    """Where the last opening tag starts, -1 without one; it nearly always stands near the end."""
    for begin in (max(0, len(block) - 4096), 0):
        starts = [found.start() for found in opening.finditer(block, begin)]
        if starts:
            return starts[-1]
    return -1


def _kind_of(head: bytes, name: str) -> bytes:
    """The name of the XML root element; nothing where the part is no XML. Raises Refused where XML hides what it is."""
    if head.startswith(_WIDE_XML):
        return _kind_of_wide(head, name)
    if not head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return b""
    prolog = _COMMENT.sub(b"", head)
    root = _ROOT.search(prolog)
    if root is None or _DECLARATION.search(prolog, 0, root.start()):
        raise damaged(f"its part {name[:80]!r} declares entities or has no content")
    return root[1]


def _kind_of_wide(head: bytes, name: str) -> bytes:
    """XML in UTF-16 is common in attachments, and suspicious in what is to be measured."""
    kind = _kind_of(head.replace(b"\0", b"").lstrip(b"\xff\xfe"), name)
    if kind in _MEASURED:
        raise damaged(f"its part {name[:80]!r} is not in UTF-8")
    return kind


def _length(lengths: Sequence[int], index: bytes) -> int:
    position = int(index) if index.strip().isdigit() else len(lengths)
    return lengths[position] if position < len(lengths) else 0


def _target(relations: bytes, folder: str, wanted: str) -> str:
    """The part that a relation leads to, by its id or the end of its type."""
    for relation in ElementTree.fromstring(relations).iterfind(".//{*}Relationship"):  # noqa: S314
        if relation.get("Id") == wanted or relation.get("Type", "").endswith("/" + wanted):
            target = relation.get("Target", "")
            return _normalised(target if target.startswith("/") else posixpath.join(folder, target))
    return ""


def _normalised(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/").lstrip("/")).lower()
