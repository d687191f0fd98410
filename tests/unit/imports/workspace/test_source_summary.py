"""What the splits of a source have found out is united: each key and each finding once."""

from typing import Any

import pytest

from chalicelib.imports.workspace.source_summary import SourceSummary, from_summary, to_summary
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem

FOUND = Problem(ProblemCode.STRAY_QUOTE, value="a")


def stored(**fields: Any) -> dict[str, Any]:
    return from_summary(SourceSummary(format="json", **fields))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([("a", "b"), ("b", "c")], ("a", "b", "c"), id="in order of appearance"),
        pytest.param([("b",), (), ("a", "b")], ("b", "a"), id="a split without keys"),
    ],
)
def test_keys_of_all_splits_are_united(parts: list[tuple[str, ...]], expected: tuple[str, ...]) -> None:
    assert to_summary([stored(keys=keys) for keys in parts]).keys == expected


def test_a_finding_of_several_splits_is_told_once_and_the_widest_row_of_all() -> None:
    summary = to_summary([stored(findings=(FOUND,), widest=3), stored(findings=(FOUND,), widest=5)])

    assert (summary.findings, summary.widest) == ((FOUND,), 5)


def test_a_summary_is_read_as_it_was_written() -> None:
    summary = SourceSummary(
        format="csv", headers=("a", "b"), findings=(FOUND,), widest=2, column_mapping={"name": "a"}, comes_from="imp_1"
    )

    assert to_summary([from_summary(summary)]) == summary
