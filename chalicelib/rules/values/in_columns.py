"""Types whole columns of cells, many times faster than cell by cell: by the same readers, so that verdicts are equal.

    text                 all cells of a column are looked at in a few calls, and one by one only where one is odd
    e-mail, phone, id    a pattern recognises what is canonical already; anything else is read
    all others           a column holds few different cells: each is read once and remembered

Blank cells are not given (None). A cell that its field cannot take is UNREADABLE: its row is read again by `schema`,
which alone says what is wrong with it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from chalicelib.model.limits import Limits
from chalicelib.model.resources import Field, FieldType
from chalicelib.model.rows import Value
from chalicelib.rules.values import reader_of
from chalicelib.rules.values.emails import is_certain_email
from chalicelib.rules.values.phones import is_certain_phone
from chalicelib.rules.values.texts import is_certain_id
from chalicelib.rules.values.unreadable import Reader, Unreadable


class _Unreadable:
    """No value at all."""


UNREADABLE: Final = _Unreadable()

Column = list[Any]
"""Values, None and UNREADABLE, one for each cell."""

ColumnReader = Callable[[Sequence[str]], Column]

REMEMBERED_CELLS = 8_192
"""Different cells of a column that are remembered at a time; a column of longer cells than these few characters on
average is forgotten sooner."""
REMEMBERED_CHARACTERS = 500_000

_CERTAIN: Mapping[FieldType, Callable[[str], bool]] = {
    FieldType.EMAIL: is_certain_email,
    FieldType.PHONE: is_certain_phone,
    FieldType.ID: is_certain_id,
}
"""Whether a cell is canonical as it stands: then reading it gives the same text."""


def column_reader_of(field: Field, limits: Limits) -> ColumnReader:
    """Made once per column; remembers cells from one call to the next."""
    read = reader_of(field, limits)
    if field.type is FieldType.TEXT:
        return _texts(read, field.max_length or limits.text_characters)
    if is_certain := _CERTAIN.get(field.type):
        return _spelled(read, is_certain)
    return Remembered(read).read_column


def _texts(read: Reader, longest: int) -> ColumnReader:
    def read_column(cells: Sequence[str]) -> Column:
        texts = [*map(str.strip, cells)]
        if max(map(len, texts), default=0) > longest or not "".join(texts).isprintable():
            return [_value(read, cell) for cell in cells]
        return [text or None for text in texts] if "" in texts else texts

    return read_column


def _spelled(read: Reader, is_certain: Callable[[str], bool]) -> ColumnReader:
    def read_column(cells: Sequence[str]) -> Column:
        return [(cell if is_certain(cell) else _value(read, cell)) if cell else None for cell in cells]

    return read_column


class Remembered(dict[str, Any]):
    """What different cells of a column mean. Values are shared by all rows that have the same cell: nobody changes
    one."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read
        self._characters = 0

    def read_column(self, cells: Sequence[str]) -> Column:
        return [*map(self.__getitem__, cells)]

    def __missing__(self, cell: str) -> Any:
        value = _value(self._read, cell)
        self._characters += len(cell)
        if len(self) >= REMEMBERED_CELLS or self._characters > REMEMBERED_CHARACTERS:
            self.clear()
            self._characters = len(cell)
        self[cell] = value
        return value


def _value(read: Reader, cell: str) -> Value | _Unreadable:
    if not cell or cell.isspace():
        return None
    try:
        return read(cell)
    except Unreadable:
        return UNREADABLE
