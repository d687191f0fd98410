"""The rectangle a worksheet spans, from the tags of its rows and cells.

Chunks of XML come in, the outermost filled cells come out, with how many hold shared texts or errors. Cells may say
where they are or leave it to their order, spaces and letters may be written in every way XML and calamine allow:
whatever is missed here could be used to make calamine reserve a whole sheet for two cells.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from zipfile import ZipInfo

_TAG = re.compile(rb"""<(?:\w+:)?(row|c)(?=[\s/>])((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")
_USUAL_CELL = re.compile(rb"""<c r="([A-Z]{1,3})([0-9]{1,7})"([^<>"]*+(?:"[^<>"]*+"[^<>"]*+)*+)>""")
"""As all common programs write it; a chunk of nothing else is measured as a whole, ten times as fast."""
PLACE = re.compile(rb"""(?<![\w:])r\s*=\s*["']\s*([A-Za-z]{1,7})([0-9]{1,20})""")
_ROW_NUMBER = re.compile(rb"""(?<![\w:])r\s*=\s*["']\s*([0-9]{1,20})""")


@dataclass(slots=True)
class SheetPart:
    """One worksheet's XML, measured."""

    entry: ZipInfo
    filled_cells: int = 0
    text_cells: int = 0
    """At most so many show a shared text."""
    error_cells: int = 0
    """At most so many hold an error."""
    first_row: int = 0
    last_row: int = 0
    first_column: int = 0
    last_column: int = 0
    _row: int = 0
    _column: int = 0

    @property
    def rectangle(self) -> int:
        """How many cells calamine will hold."""
        return (self.last_column - self.first_column + 1) * (self.last_row - self.first_row + 1)

    def measure(self, chunk: bytes) -> None:
        """The next piece of the XML; no tag may be cut in two."""
        usual = _USUAL_CELL.findall(chunk)
        if len(usual) == chunk.count(b"<c") - chunk.count(b"<co") + chunk.count(b":c"):
            self._measure_usual(usual)
            chunk = chunk[max(chunk.rfind(b"<c "), 0) :]  # from the last cell on, to know the place; it counts twice
        for name, attributes in _TAG.findall(chunk):
            if name == b"row":
                number = _ROW_NUMBER.search(attributes)
                self._row = int(number[1]) if number else self._row + 1
                self._column = 0
            else:
                self._measure_cell(attributes)

    def _measure_usual(self, cells: list[tuple[bytes, bytes, bytes]]) -> None:
        kinds = Counter(kind for _, _, kind in cells if not kind.endswith(b"/"))
        if not kinds:
            return
        rows = list(map(int, {row for _, row, kind in cells if not kind.endswith(b"/")}))
        columns = [column_number(one) for one in {column for column, _, kind in cells if not kind.endswith(b"/")}]
        self._include(min(rows), min(columns))
        self._include(max(rows), max(columns))
        for kind, count in kinds.items():
            self._count(kind, count)

    def _measure_cell(self, attributes: bytes) -> None:
        place = PLACE.search(attributes)
        self._row = int(place[2]) if place else self._row
        self._column = column_number(place[1]) if place else self._column + 1
        if attributes.endswith(b"/"):
            return
        self._include(self._row, self._column)
        self._count(attributes, 1)

    def _include(self, row: int, column: int) -> None:
        is_first = not self.last_row
        self.first_row = row if is_first else min(self.first_row, row)
        self.first_column = column if is_first else min(self.first_column, column)
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)

    def _count(self, attributes: bytes, cells: int) -> None:
        self.filled_cells += cells
        self.text_cells += cells * (b'"s"' in attributes or b"'s'" in attributes)
        self.error_cells += cells * (b'"e"' in attributes or b"'e'" in attributes)


@lru_cache(maxsize=2048)
def column_letters(number: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def column_number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
