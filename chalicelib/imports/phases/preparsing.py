"""Preparsing: rows of one source that have an identity in common are duplicates; some are left out.

In come the keyed rows of one sub-partition of keys, in file order; out go duplicates batch by batch, which transforming
leaves out.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import groupby

from chalicelib.imports.phases.duplicates import NOTHING_OUTSIDE, DuplicateRow, KeyedRows, each_duplicate
from chalicelib.model.imports import DuplicateHandling


def preparse(
    read_keyed_rows: Callable[[], Iterable[KeyedRows]],
    handling: DuplicateHandling,
    match_by: Collection[str] = (),
    *,
    outside: Mapping[str, int] = NOTHING_OUTSIDE,
) -> Iterator[tuple[int, list[DuplicateRow]]]:
    """Yields the number of each batch that has duplicates, once, with its duplicates, lazily.

    `read_keyed_rows` begins again at every call; `outside` are keys of other rows of the source, which stay. Parsing
    follows the same rule; there the key is the id of the record that a row means.
    """
    found = each_duplicate(read_keyed_rows, handling, match_by, outside=outside)
    for batch, duplicates in groupby(found, lambda one: one.batch):
        yield batch, list(duplicates)
