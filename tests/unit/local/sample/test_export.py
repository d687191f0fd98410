"""The sample is what its script makes, and what its README says."""

import re
from collections.abc import Iterable

import pytest

from local.paths import SAMPLE
from local.sample.dirt import ACCEPTED, COPIES, REFUSED, SKIPPED, SPOILED, Copied, Spoiled
from local.sample.export import CUSTOMERS, sample_bytes
from tests.independent_count import count

README_ROW = re.compile(r"^\| ([^|]+) \| ([\d,]+) \| (\w+)", re.MULTILINE)


def rows_of(kinds: Iterable[Spoiled | Copied]) -> int:
    return sum(kind.count for kind in kinds)


def test_the_committed_file_is_what_the_script_makes() -> None:
    assert SAMPLE.read_bytes() == sample_bytes()


def test_the_file_stays_small_enough_for_a_repository() -> None:
    assert SAMPLE.stat().st_size < 2_000_000


def test_the_readme_lists_every_kind_of_dirt_with_its_rows() -> None:
    listed = README_ROW.findall((SAMPLE.parent / "README.md").read_text())

    assert {kind: int(rows) for kind, rows, _ in listed} == {kind.name: kind.count for kind in (*SPOILED, *COPIES)}


@pytest.mark.parametrize(("fate", "kinds"), [("failed", REFUSED), ("skipped", SKIPPED), ("created", ACCEPTED)])
def test_the_readme_says_what_becomes_of_each_kind(fate: str, kinds: tuple[Spoiled | Copied, ...]) -> None:
    listed = README_ROW.findall((SAMPLE.parent / "README.md").read_text())

    assert {kind.name for kind in kinds} <= {kind for kind, _, listed_fate in listed if listed_fate == fate}


def test_the_independent_count_finds_the_dirt_that_was_put_in() -> None:
    expected = count(SAMPLE.read_bytes(), "use_first")

    assert expected.total == CUSTOMERS + rows_of(COPIES)
    assert expected.failed == rows_of(REFUSED)
    assert expected.skipped == rows_of(SKIPPED)
    assert expected.without_identity == 0
