"""Mentioned identities stand in a source where no field reads them: rows go in, keys of what they may name come out.

An overwrite keeps the records that they name. They stand under unknown headers; in a second column for the same
identity, of which only the first is read; in a cell that holds the ends and beginnings of whole rows, which a pair of
stray quotes has swallowed; and in the header line, where the line end behind it was lost.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from chalicelib.model.resources import FieldType, Identity, Resource
from chalicelib.schema.column_mapping import ColumnMapping
from chalicelib.schema.identity import column_key_finder, identifying_fields
from chalicelib.schema.key_mapping import KeyMapping
from chalicelib.schema.types.text import is_certain_id
from chalicelib.schema.types.value_reader import InvalidValue, as_text

DELIMITERS = ",;\t|"
TEXT_CHARACTERS = 512
"""The longest text that may be an identity; longer ones are not looked up."""

_BETWEEN_CELLS = re.compile(f'[\r\n"{DELIMITERS}]+')
_LINE_END = re.compile(r"\r\n|\n|\r")


class MentionedIdentities:
    """Finds mentioned identities in the rows of one source; only identities of a single field can be found so."""

    def __init__(self, resource: Resource, mapping: ColumnMapping | KeyMapping) -> None:
        self._resource = resource
        self._finders = [(one, column_key_finder(one)) for one in resource.identities if len(one.fields) == 1]
        self._naming = identifying_fields(resource)
        self._mapping = mapping
        self._unread = mapping.unread_columns(self._naming) if isinstance(mapping, ColumnMapping) else []

    def in_rows(self, rows: Sequence[Sequence[str] | Mapping[str, object]]) -> set[str]:
        """Returns the keys of all identities that unread values of these rows may be."""
        if isinstance(self._mapping, KeyMapping):
            unread = (self._mapping.each_unread_value(row, self._naming) for row in rows if isinstance(row, Mapping))
            return self._keys_of(filter(None, map(_plain_text, chain.from_iterable(unread))))
        return self._keys_of(chain.from_iterable(map(self._each_text, rows)))

    def in_headers(self, headers: Iterable[str]) -> set[str]:
        """Returns the keys of all identities that headers may be."""
        return self._keys_of(headers)

    def _each_text(self, cells: Sequence[str] | Mapping[str, object]) -> Iterator[str]:
        if isinstance(cells, Mapping):
            return
        for index in self._unread:
            yield from cells[index : index + 1]
        joined = "".join(cells)
        if "\n" in joined or "\r" in joined or len(cells) == 1:
            yield from chain.from_iterable(_BETWEEN_CELLS.split(one) for one in cells if has_rows(one, len(cells)))

    def _keys_of(self, texts: Iterable[str]) -> set[str]:
        given = sorted({text.strip() for text in texts if len(text) <= TEXT_CHARACTERS} - {""})
        found = (find_keys(self._possible(one, given)) for one, find_keys in self._finders)
        return {key for keys in found for key in keys if key}

    def _possible(self, identity: Identity, texts: list[str]) -> list[str]:
        """Leaves out what cannot be an id, or an address: look-ups cost money, and stores take ids as given."""
        kind = self._resource.by_name[identity.fields[0]].type
        if kind is FieldType.EMAIL:
            return [one for one in texts if "@" in one]
        return [one for one in texts if is_certain_id(one)] if kind is FieldType.ID else texts


def _plain_text(value: object) -> str | None:
    """Returns the value as fields of text read it, None where they refuse it."""
    try:
        return as_text(value, "text")
    except InvalidValue:
        return None


def has_rows(cell: str, width: int) -> bool:
    """Returns whether a cell may hold what stood between two stray quotes some rows apart.

    Then the row is as wide as others just because the cell has the delimiters of one row for each of its line ends.
    Where there is but one column, the header line may have lost the others.
    """
    if width == 1:
        return any(one in cell for one in DELIMITERS)
    line_ends = len(_LINE_END.findall(cell))
    return line_ends > 0 and any(cell.count(one) == line_ends * (width - 1) for one in DELIMITERS)
