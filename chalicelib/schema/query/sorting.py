"""Keeps the first records of an order, out of any number, in bounded memory.

Sort keys go in with what is to be kept of their records; the last in order is given up whenever one before it comes.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.model.records import Record
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Value
from chalicelib.schema.query.comparison import order_key
from chalicelib.schema.query.record_values import get_output_field, getter_of, is_empty

SortKey = tuple[bool, Any, str]
"""Whether the record has no value, the value's key, the record's id: no two records have equal sort keys."""


def ranker_of(resource: Resource, name: str, *, is_descending: bool) -> Callable[[Record], SortKey]:
    """Returns what makes the sort key of a record: by the field, up or down, empty values last, equal ones by id.

    Raises Refused `unknown_field`.
    """
    rank, get = value_ranker_of(resource, name, is_descending=is_descending), getter_of(name)
    return lambda record: rank(get(record), record.record_id)


def value_ranker_of(resource: Resource, name: str, *, is_descending: bool) -> Callable[[Value, str], SortKey]:
    """Returns what makes sort keys as `ranker_of` does, from a field's value and the record's id alone."""
    key = order_key(get_output_field(resource, name))
    directed: Callable[[Any], Any] = Descending if is_descending else _as_it_is

    def rank(value: Value, record_id: str) -> SortKey:
        return (True, 0, record_id) if is_empty(value) else (False, directed(key(value)), record_id)

    return rank


@dataclass(frozen=True, slots=True)
class Descending:
    """A key that sorts the other way round."""

    key: Any

    def __lt__(self, other: "Descending") -> bool:
        return bool(other.key < self.key)


class TopRecords:
    """Keeps the `limit` documents with the lowest sort keys, and knows how many bytes they have together."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._worst_first: list[tuple[Descending, bytes]] = []
        self.size_bytes = 0

    def has_room_for(self, rank: SortKey) -> bool:
        """Returns whether a document with this sort key would be kept, so that it is worth making."""
        return len(self._worst_first) < self._limit or rank < self._worst_first[0][0].key

    def keep(self, rank: SortKey, document: bytes) -> None:
        """Keeps a document; only for a sort key that there is room for."""
        entry = (Descending(rank), document)
        self.size_bytes += len(document)
        if len(self._worst_first) < self._limit:
            heapq.heappush(self._worst_first, entry)
        else:
            _, given_up = heapq.heapreplace(self._worst_first, entry)
            self.size_bytes -= len(given_up)

    def in_order(self) -> list[bytes]:
        """Returns the documents that were kept, in order."""
        return [document for _, document in sorted(self._worst_first, reverse=True)]


def _as_it_is(key: Any) -> Any:
    return key
