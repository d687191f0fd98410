"""Rows that begin as the upload's files have them read the same as rows that are written from their cells."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.imports.errors_file import ErrorsFile, OutcomeRow
from chalicelib.imports.source_rows import OTHER_KEYS, RowValues, can_continue, spell
from chalicelib.imports.succeeded_file import SucceededFile
from chalicelib.model.ids import RecordId
from chalicelib.model.object_keys import ResultFile, result_key
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Outcome, RowOutcome
from tests.import_world import TENANT, ImportWorld

texts = st.sampled_from(["", "Ann", "=1", "'=1\t", "a;=1", 'a "b"', "ä", "x,y", "\r\n", "\x01", "{}"])
headers = st.lists(st.sampled_from(["name", "", "email", "name", "column 2", "},{"]), min_size=2, max_size=4)
problems = st.lists(
    st.builds(
        Problem,
        st.sampled_from([ProblemCode.REQUIRED, ProblemCode.ROW_TOO_SHORT, ProblemCode.INVALID_EMAIL]),
        st.just(1),
        st.just(2),
        st.none() | st.just("email"),
        st.none() | texts,
    ),
    max_size=2,
)
outcomes = st.builds(
    RowOutcome,
    st.integers(1, 10**7),
    st.integers(1, 10**7),
    st.sampled_from(Outcome),
    st.none() | st.just(RecordId("con_1")),
    problems,
)


def _row_values(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[RowValues]:
    return strategy


@st.composite
def outcome_rows(draw: st.DrawFn) -> tuple[list[str], list[OutcomeRow]]:
    """Headers, and rows that have a cell for each of them; or objects, and all of their keys."""
    if draw(st.booleans()):
        names = draw(headers)
        values = _row_values(st.lists(texts, min_size=len(names), max_size=len(names)))
    else:
        names = ["name", "email", draw(st.sampled_from(["size", OTHER_KEYS]))]
        keys = st.sampled_from(["name", "email", "size"])
        values = _row_values(st.dictionaries(keys, texts | st.integers(-9, 9), min_size=1))
    rows = draw(st.lists(st.tuples(values, outcomes), min_size=1, max_size=4))
    return names, rows * draw(st.sampled_from([1, 16]))


@given(outcome_rows(), st.integers(0, 2))
def test_what_is_continued_is_what_is_written_from_the_cells(
    block: tuple[list[str], list[OutcomeRow]], surplus: int
) -> None:
    names, rows = block
    given = [cells for cells, _ in rows]
    spelled = spell(given, names)

    assert can_continue(given, names)
    for file in (SucceededFile(names), ErrorsFile(names, surplus, "imp_1")):
        assert file.to_lines(rows, spelled.lines) == file.to_lines(rows)
        assert file.to_objects(rows, spelled.objects) == file.to_objects(rows)


@pytest.mark.parametrize(
    ("block", "names"),
    [
        pytest.param([["Ann", "x"], ["Ben"]], ["name", "email"], id="a row with fewer cells"),
        pytest.param([["Ann", "x", "y"]], ["name", "email"], id="more cells than headers"),
        pytest.param([{"name": "Ann", "_line": 1}], ["name", "email"], id="a key of ours that no field has met"),
        pytest.param([{"name": "Ann"}, {}], ["name", "email"], id="an empty object"),
        pytest.param([{"name": "Ann"}, ["Ben", "x"]], ["name", "email"], id="objects and cells"),
        pytest.param([["Ann", "7"]], ["name", "_row_number"], id="an errors file that was sent again"),
        pytest.param([["Ann", "7"]], ["name", "_line"], id="a column that bears a name of ours"),
        pytest.param([[""]], ["name"], id="a single column"),
    ],
)
def test_other_rows_are_written_from_their_cells(block: list[RowValues], names: list[str]) -> None:
    assert not can_continue(block, names)


def test_files_hold_rows_of_both_kinds() -> None:
    world = ImportWorld()

    import_ = world.run("name,email\n" + "".join(f"N{n},n{n}@x.com\n" for n in range(1_000)) + "Ann,wrong,c,d\n")

    errors, succeeded = (
        world.stores.files.read_file(result_key(TENANT, import_.import_id, file)).decode()
        for file in (ResultFile.ERRORS_CSV, ResultFile.SUCCEEDED_JSON)
    )
    assert [line.split(",")[:4] for line in errors.splitlines()[1:]] == [["Ann", "wrong", "c", "d"]]
    good = [(row["name"], row["_row_number"]) for row in orjson.loads(succeeded)]
    assert good == [(f"N{n}", n + 1) for n in range(1_000)]
