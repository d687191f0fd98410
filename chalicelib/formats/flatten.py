"""Gives the entries of lists and maps columns of their own: `tags.0`, `address.city`. The records are walked through
twice: the first walk finds the columns, the second writes them. Several tasks may find columns side by side, each in
its share of the records."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.errors import Refused


class FlatColumns:
    """The columns that records need. Raises Refused `too_many_columns` when they are more than allowed."""

    def __init__(self, columns: Sequence[str], limit: int) -> None:
        self._found: dict[str, dict[str, None]] = {name: {} for name in columns}
        self._limit = limit
        self._count = 0

    def see(self, record: Mapping[str, Any]) -> None:
        """Adds the columns that one record needs."""
        for name, paths in self._found.items():
            value = record.get(name)
            self._add(paths, _paths(name, value) if isinstance(value, (list, dict)) else [name])

    def join(self, other: "FlatColumns") -> None:
        """Adds the columns that were found in another share of the same records."""
        for name, paths in self._found.items():
            self._add(paths, other._found[name])

    @property
    def names(self) -> list[str]:
        """Returns the columns in their order; a list or map that was empty in every record stays one column."""
        return [path for name, paths in self._found.items() for path in _without_empty_self(name, paths)]

    def _add(self, known: dict[str, None], paths: Iterable[str]) -> None:
        for path in paths:
            if path not in known:
                known[path] = None
                self._count += 1
        if self._count > self._limit and len(self.names) > self._limit:
            message = f"Flattened, the records have more than {self._limit} columns. Leave fields out, or merge them."
            raise Refused("too_many_columns", message, param="nesting", limit=self._limit)


def _without_empty_self(name: str, paths: Mapping[str, None]) -> list[str]:
    nested = [path for path in paths if path != name]
    return nested or [name]


def flattened(record: Mapping[str, Any]) -> dict[str, Any]:
    """Returns every entry of every list and map in the record, by its path."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, (list, dict)):
            found.update(_entries(name, value))
    return found


def find_entry(record: Mapping[str, Any], entries: Mapping[str, Any], name: str) -> Any:
    """Returns the value under a column: an entry of `entries`, which are those of the record, or a plain value. Returns
    None if there is neither."""
    value = record.get(name)
    return entries.get(name) if isinstance(value, (list, dict, type(None))) else value


def _paths(name: str, value: list[Any] | dict[str, Any]) -> list[str]:
    return list(_entries(name, value)) or [name]


def _entries(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, (list, dict)):
        return {name: value}
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    return {path: leaf for key, inner in pairs for path, leaf in _entries(f"{name}.{key}", inner).items()}
