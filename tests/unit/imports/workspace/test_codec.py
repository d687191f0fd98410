"""What is written as a work object reads as the same, numbered in the whole source."""

from typing import Any

import orjson
import pytest

from chalicelib.imports.phases.duplicates import KeyedRows
from chalicelib.imports.workspace.codec import (
    from_drafts,
    from_keyed_rows,
    from_outcomes,
    from_rows,
    having,
    to_drafts,
    to_keyed_rows,
    to_line,
    to_outcomes,
    to_rows,
)
from chalicelib.imports.workspace.partitioning import NO_OFFSET, SplitOffset
from chalicelib.model.ids import RecordId
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Draft, Outcome, RecordChanges, RowBlock, RowOutcome

PROBLEM = Problem(ProblemCode.INVALID_TYPE, 2, 3, "email", "x")
BEHIND = SplitOffset(rows=10, lines=20)


def written(block: object) -> object:
    """Returns the block as it comes out of a file."""
    return orjson.loads(to_line(block))


def test_drafts_read_as_they_were_written() -> None:
    drafts = [Draft(1, 2, {}, ["email:a"], RecordId("r1"), True, []), Draft(2, 3, {}, [], None, False, [PROBLEM])]

    assert to_drafts(written(from_drafts(drafts)), NO_OFFSET) == drafts


def test_numbers_of_a_split_become_numbers_of_the_whole_also_in_problems() -> None:
    [draft] = to_drafts(written(from_drafts([Draft(2, 3, {}, [], None, False, [PROBLEM])])), BEHIND)

    assert (draft.row_number, draft.line) == (12, 23)
    assert [(one.row_number, one.line) for one in draft.problems] == [(12, 23)]


def test_outcomes_are_chosen_without_reading_the_others() -> None:
    created, failed = RowOutcome(1, 2, Outcome.CREATED), RowOutcome(2, 3, Outcome.FAILED, None, [PROBLEM])
    block = written(from_outcomes([created, failed]))

    assert to_outcomes(block, NO_OFFSET) == [created, failed]
    assert to_outcomes(having(block, {Outcome.FAILED}), NO_OFFSET) == [failed]


def test_outcomes_of_a_preview_have_the_versions_of_records() -> None:
    created = RowOutcome(1, 2, Outcome.CREATED, RecordId("r1"), version=0)
    failed, updated = RowOutcome(2, 3, Outcome.FAILED), RowOutcome(3, 4, Outcome.UPDATED, RecordId("r2"), version=7)
    block = written(from_outcomes([created, failed, updated]))

    assert to_outcomes(block, NO_OFFSET) == [created, failed, updated]
    assert to_outcomes(having(block, {Outcome.FAILED, Outcome.UPDATED}), NO_OFFSET) == [failed, updated]


def test_keyed_rows_know_their_batch() -> None:
    block = written(from_keyed_rows(KeyedRows(7, ["email:a"], [1])))

    assert to_keyed_rows(block, 7, BEHIND) == KeyedRows(7, ["email:a"], [11])


def test_outcomes_tell_what_their_rows_have_changed() -> None:
    plain = RowOutcome(1, 2, Outcome.UNCHANGED)
    updated = RowOutcome(2, 3, Outcome.UPDATED, changes=RecordChanges({"name": ("Ann", "Anna")}, is_shortened=True))
    block = written(from_outcomes([plain, updated]))

    [left, right] = to_outcomes(block, NO_OFFSET)

    assert left == plain
    assert right.changes is not None
    assert {name: [*values] for name, values in right.changes.by_field.items()} == {"name": ["Ann", "Anna"]}
    assert right.changes.is_shortened


def test_rows_without_problems_take_no_place_among_the_problems() -> None:
    columns = orjson.loads(to_line(from_outcomes([RowOutcome(1, 2, Outcome.CREATED)])))

    assert columns[4] == []


def test_cells_that_a_reader_has_added_to_a_short_row_are_left_out() -> None:
    short = Problem(ProblemCode.CELLS_LEFT_OUT, 1, 2, facts={"cells": 1})
    given = [["a", "", ""], ["b", "x", "y"]]
    block = RowBlock([1, 2], [2, 3], given, {0: [short], 1: [PROBLEM]}, 9)

    stored = written(from_rows(block))

    assert [row.given for row in to_rows(stored, NO_OFFSET)] == [["a"], ["b", "x", "y"]]
    assert given == [["a", "", ""], ["b", "x", "y"]]


@pytest.mark.parametrize(
    ("given", "columns"),
    [([["a"]], 3), ([{"n": 12345678901234567890123}], 4)],
    ids=["texts", "a number too long for JSON readers"],
)
def test_only_where_numbers_become_texts_a_column_says_so(given: list[Any], columns: int) -> None:
    assert len(orjson.loads(to_line(from_rows(RowBlock([1], [2], given, {}, 9))))) == columns
