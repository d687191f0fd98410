"""Preparsing: rows of one source that have an identity in common are duplicates; some are left out.

In come the namings of one share of a partition of keys, in file order; out go drops batch by batch, which transforming
applies.
"""

from collections.abc import Iterator
from itertools import groupby

from chalicelib.imports.phases.duplicates import DuplicateRow, Reread, each_duplicate
from chalicelib.model.imports import DuplicateHandling


def preparse(namings: Reread, handling: DuplicateHandling) -> Iterator[tuple[int, list[DuplicateRow]]]:
    """Lazy: each batch once, with its drops. The same rule serves parsing, where the key is the id of the record a row
    means."""
    for batch, drops in groupby(each_duplicate(namings, handling), lambda drop: drop.batch):
        yield batch, list(drops)
