"""Preparsing: rows of one source that have an identity in common are duplicates; some are left out.

In come the namings of one partition of keys, in file order; out go drops by batch, which transforming applies.
"""

from collections import defaultdict
from collections.abc import Iterable

from chalicelib.model.imports import DuplicateHandling
from chalicelib.rules.duplicates import Drop, Naming, each_drop


def preparse(namings: Iterable[Naming], handling: DuplicateHandling) -> dict[int, list[Drop]]:
    """Drops by batch. The same rule serves parsing, where the key is the id of the record a row means."""
    drops: dict[int, list[Drop]] = defaultdict(list)
    for drop in each_drop(namings, handling):
        drops[drop.batch].append(drop)
    return dict(drops)
