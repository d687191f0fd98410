"""Reads XLSX and its variants with macros as a book: sheets, shared texts, number formats, rows.

Rows are read from the package while they are taken, so that memory holds the shared texts and one block of rows,
however many there are (ADR 12). Formulas give the values that were computed when the workbook was saved.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from chalicelib.formats.registry import Format
from chalicelib.formats.workbooks.cell_text import unescaped
from chalicelib.formats.workbooks.held_memory import HeldMemory
from chalicelib.formats.workbooks.number_formats import NumberFormat
from chalicelib.formats.workbooks.relations import STYLES, TEXTS, find_part, main_part, relations_of, sheet_parts
from chalicelib.formats.workbooks.sheet_xml import SharedParts, each_merged, each_sheet_row
from chalicelib.formats.workbooks.sheets import MergedCells, RowBounds, SheetName, SheetRow
from chalicelib.formats.workbooks.style_formats import StyleFormats
from chalicelib.formats.workbooks.xml_parser import DEEPEST, Attributes, each_parsed, each_tag, local_name, too_deep
from chalicelib.formats.zip_package import ZipPackage
from chalicelib.model.limits import Limits

_USUAL_MAIN = "xl/workbook.xml"
_TRUE = ("1", "true", "on")


@dataclass(frozen=True, slots=True)
class _SheetPart:
    name: SheetName
    part: str


class XlsxBook:
    """A package whose main part is a workbook in XML."""

    format = Format.XLSX

    def __init__(self, package: ZipPackage, limits: Limits) -> None:
        """Raises Refused `damaged_workbook` where the package does not say what its sheets are."""
        self._package = package
        self._limits = limits
        self._held = HeldMemory(package.size_bytes, limits)
        main = main_part(package, _USUAL_MAIN, self._held)
        relations = relations_of(package, main, self._held)
        self._sheets: dict[str, _SheetPart] = {}
        self._is_1904 = self._is_uncalculated = False
        targets = sheet_parts(relations)
        for parent, name, attributes in each_tag(package.blocks_of(main), main):
            self._add(parent, name, attributes, targets)
        self._texts_part = find_part(TEXTS, relations)
        self._styles_part = find_part(STYLES, relations)

    def sheets(self) -> Sequence[SheetName]:
        """Returns the sheets in the order of the workbook."""
        return [one.name for one in self._sheets.values()]

    def each_row(self, name: str) -> Iterator[SheetRow]:
        """Yields the rows of a sheet that have content; lazy."""
        part = self._sheets[name].part
        blocks, bounds = self._package.blocks_of(part), RowBounds(self._limits)
        return each_sheet_row(blocks, part, self._shared_parts, bounds, self._held)

    def merged(self, name: str) -> Sequence[MergedCells]:
        """Returns the merged cells of a sheet, at most a thousand ranges."""
        return list(each_merged(self._package.blocks_of(self._sheets[name].part)))

    def _add(self, parent: str, name: str, attributes: Attributes, targets: Mapping[str, str]) -> None:
        if name == "workbookPr":
            self._is_1904 = attributes.get("date1904", "").lower() in _TRUE
        elif name == "calcPr":
            self._is_uncalculated = attributes.get("fullCalcOnLoad", "").lower() in _TRUE
        elif name == "sheet" and parent == "sheets":
            relation = next((value for key, value in attributes.items() if local_name(key) == "id"), "")
            if relation in targets:
                shown = SheetName(attributes.get("name", ""), attributes.get("state", "visible") == "visible")
                self._held.add_object(shown.name)
                self._sheets[shown.name] = _SheetPart(shown, targets[relation])

    @cached_property
    def _shared_parts(self) -> SharedParts:
        texts = self._read_texts() if self._texts_part else []
        formats = self._read_formats() if self._package.has(self._styles_part) else []
        return SharedParts(texts, formats, self._is_1904, self._is_uncalculated)

    def _read_texts(self) -> list[str]:
        texts = _SharedTextHandler()
        charged = 0
        for _ in each_parsed(self._package.blocks_of(self._texts_part), texts, self._texts_part):
            self._held.check_text(texts.runs)
            self._held.add_texts(texts.found[charged:])
            charged = len(texts.found)
        return texts.found

    def _read_formats(self) -> list[NumberFormat | None]:
        """Returns the number formats by style; None for those that change nothing."""
        found = StyleFormats(self._held)
        for parent, name, attributes in each_tag(self._package.blocks_of(self._styles_part), self._styles_part):
            if name == "numFmt" and parent == "numFmts":
                found.add_code(attributes.get("numFmtId", ""), attributes.get("formatCode", ""))
            elif name == "xf" and parent == "cellXfs":
                number = attributes.get("numFmtId", "0")
                found.add_style(number, _whole(number))
        return [None if one.is_plain else one for one in found.formats]


class _SharedTextHandler:
    """Gathers the shared texts. How East Asian words are pronounced stands among them and is left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.runs: list[str] = []
        self._is_read = False
        self._is_phonetic = False
        self._depth = 0

    def start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise too_deep()
        name = local_name(name)
        if name == "t":
            self._is_read = not self._is_phonetic
        elif name == "si":
            self.runs = []
        elif name == "rPh":
            self._is_phonetic = True

    def text(self, text: str) -> None:
        if self._is_read:
            self.runs.append(text)

    def end(self, name: str) -> None:
        self._depth -= 1
        name = local_name(name)
        if name == "t":
            self._is_read = False
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "si":
            self.found.append(unescaped("".join(self.runs)))


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
