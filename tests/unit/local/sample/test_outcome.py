"""The sample travels the road, with stores in memory: what becomes of its rows is what an independent count expects."""

from collections import Counter

import pytest

from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from local.paths import SAMPLE
from tests.import_world import ImportWorld
from tests.independent_count import count

SMALL_BATCHES = Limits(batch_rows=500, small_source_bytes=100_000)


def codes_of(world: ImportWorld, import_: Import) -> Counter[str]:
    """In how many rejected rows each code stands."""
    return Counter(code for codes in world.codes(import_).values() for code in set(codes))


@pytest.mark.parametrize(
    ("limits", "handling"),
    [(Limits(), "use_first"), (SMALL_BATCHES, "ignore_all")],
    ids=["in one task", "in many tasks"],
)
def test_every_row_ends_as_the_independent_count_expects(limits: Limits, handling: str) -> None:
    world, expected = ImportWorld(limits=limits), count(SAMPLE.read_bytes(), handling)

    import_ = world.run(SAMPLE.read_bytes(), duplicate_handling=handling)

    stats = import_.stats
    assert (stats.total, stats.created, stats.skipped, stats.failed) == (
        expected.total,
        expected.created,
        expected.skipped,
        expected.failed,
    )
    assert codes_of(world, import_) == expected.codes
    assert stats.accounted == stats.total


def test_a_second_import_changes_nothing() -> None:
    world, expected = ImportWorld(), count(SAMPLE.read_bytes(), "use_first")
    world.run(SAMPLE.read_bytes())

    stats = world.run(SAMPLE.read_bytes()).stats

    assert (stats.created, stats.updated) == (expected.without_identity, 0)
    assert stats.unchanged == expected.created - expected.without_identity
