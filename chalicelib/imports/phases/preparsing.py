"""Preparsing: rows of one source that have an identity in common are duplicates; some are left out.

In come the keyed rows of one sub-partition of keys, in file order; out go duplicates batch by batch, which transforming
leaves out.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby

from chalicelib.imports.phases.duplicates import DuplicateRow, KeyedRows, each_duplicate
from chalicelib.model.imports import DuplicateHandling


def preparse(
    read_keyed_rows: Callable[[], Iterable[KeyedRows]], handling: DuplicateHandling, match_by: Collection[str] = ()
) -> Iterator[tuple[int, list[DuplicateRow]]]:
    """Yields the number of each batch that has duplicates, once, with its duplicates, lazily.

    `read_keyed_rows` begins again at every call. Parsing follows the same rule; there the key is the id of the record
    that a row means.
    """
    for batch, duplicates in groupby(each_duplicate(read_keyed_rows, handling, match_by), lambda one: one.batch):
        yield batch, list(duplicates)
