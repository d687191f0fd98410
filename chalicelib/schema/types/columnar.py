"""Reads whole columns of cells, many times faster than cell by cell, by the same readers: cells go in, values come out.

    text                 all cells of a column are checked in a few calls, and one by one only where one is unusual
    e-mail, phone, id    a pattern recognises what is canonical already; anything else is read
    all others           a column holds few different cells: each is read once and remembered

Blank cells, and cells of separators only, are not given (None). An invalid cell becomes the `InvalidValue` that its
reader raised.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib.model.invisible_characters import SEEMINGLY_PRINTABLE, is_blank
from chalicelib.model.limits import Limits
from chalicelib.model.notations import AS_WRITTEN, Notation
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.model.rows import NumberText
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.emails import is_certain_email
from chalicelib.schema.types.phones import is_certain_phone
from chalicelib.schema.types.text import is_certain_id
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader

ColumnValues = list[Any]
"""One value for each cell: what it means, None where it is blank, or an InvalidValue."""

REMEMBERED_CELLS = 8_192
"""Different cells of a column that are remembered at most."""
REMEMBERED_CHARACTERS = 500_000
"""Characters that these cells may have together."""

_CERTAIN: Mapping[FieldType, Callable[[str], bool]] = {
    FieldType.EMAIL: is_certain_email,
    FieldType.PHONE: is_certain_phone,
    FieldType.ID: is_certain_id,
}
"""By type, whether a cell is canonical as it stands: then reading it gives the same text."""


def column_reader_of(field: Field, limits: Limits, notation: Notation = AS_WRITTEN) -> "ColumnReader":
    """Returns the reader of one column; it remembers cells from one block to the next."""
    read = reader_of(field, limits, notation)
    if field.type is FieldType.TEXT:
        return _TextReader(
            read, field.max_length or limits.text_characters, _is_plain_code if field.is_code else _is_plain
        )
    is_certain = _CERTAIN.get(field.type)
    if is_certain:
        return _PatternReader(read, is_certain)
    return _NumberReader(read) if field.type in (FieldType.INTEGER, FieldType.DECIMAL) else _RememberingReader(read)


class ColumnReader:
    """Reads the cells of one column, block by block."""

    def __init__(self, read: ValueReader) -> None:
        self._read = read
        self._has_invalid = False

    def read(self, cells: Sequence[str]) -> tuple[ColumnValues, bool]:
        """Returns one value for each cell, and whether any of them is an InvalidValue."""
        self._has_invalid = False
        return self._values(cells), self._has_invalid

    def _values(self, cells: Sequence[str]) -> ColumnValues:
        raise NotImplementedError

    def _value(self, cell: str) -> Any:
        if not cell or cell.isspace():
            return None
        try:
            return self._read(cell)
        except InvalidValue as invalid:
            if invalid.code is ProblemCode.REQUIRED or is_blank(cell):
                return None
            self._has_invalid = True
            return invalid.without_traceback()


class _TextReader(ColumnReader):
    def __init__(self, read: ValueReader, longest: int, is_plain: Callable[[str], bool]) -> None:
        super().__init__(read)
        self._longest = longest
        self._is_plain = is_plain

    def _values(self, cells: Sequence[str]) -> ColumnValues:
        texts = [*map(str.strip, cells)]
        if max(map(len, texts), default=0) > self._longest or not self._is_plain("".join(texts)):
            return [*map(self._value, cells)]
        return [text or None for text in texts] if "" in texts else texts


def _is_plain(text: str) -> bool:
    """Whether the text can be stored as it is: it has no invisible or control character."""
    if not text.isprintable():
        return False
    return text.isascii() or not any(one in text for one in SEEMINGLY_PRINTABLE)


def _is_plain_code(text: str) -> bool:
    return text.isascii() and text.isprintable()


class _PatternReader(ColumnReader):
    def __init__(self, read: ValueReader, is_certain: Callable[[str], bool]) -> None:
        super().__init__(read)
        self._is_certain = is_certain

    def _values(self, cells: Sequence[str]) -> ColumnValues:
        is_certain, value = self._is_certain, self._value
        return [(cell if is_certain(cell) else value(cell)) if cell else None for cell in cells]


class _RememberingReader(ColumnReader):
    """Shares a value between all rows that have the same cell, so values must not be changed."""

    def __init__(self, read: ValueReader) -> None:
        super().__init__(read)
        self._known = _RememberedCells(self._value)

    def _values(self, cells: Sequence[str]) -> ColumnValues:
        return [*map(self._known.__getitem__, cells)]


class _NumberReader(_RememberingReader):
    """Reads number cells of workbooks apart, since the same characters as text may mean another number."""

    def _values(self, cells: Sequence[str]) -> ColumnValues:
        if NumberText not in {*map(type, cells)}:
            return super()._values(cells)
        return [self._value(cell) if type(cell) is NumberText else self._known[cell] for cell in cells]


class _RememberedCells(dict[str, Any]):
    """Values by cell. Invalid cells are not remembered, so that each of them is noticed."""

    def __init__(self, value_of: Callable[[str], Any]) -> None:
        super().__init__()
        self._value_of = value_of
        self._characters = 0

    def __missing__(self, cell: str) -> Any:
        value = self._value_of(cell)
        if type(value) is not InvalidValue:
            self._remember(cell, value)
        return value

    def _remember(self, cell: str, value: Any) -> None:
        self._characters += len(cell)
        if len(self) >= REMEMBERED_CELLS or self._characters > REMEMBERED_CHARACTERS:
            self.clear()
            self._characters = len(cell)
        self[cell] = value
