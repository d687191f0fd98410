"""The rejected rows of an import, as lines of CSV and as objects, next to what is wrong with them."""

import csv
import io

import orjson
import pytest

from chalicelib.imports.errors_file import JOINT, ErrorsFile
from chalicelib.imports.pipeline import run_phases
from chalicelib.imports.result_files import write_results
from chalicelib.imports.source_rows import RowValues
from chalicelib.model.error_columns import ERROR_COLUMNS, ROW_NUMBER
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Outcome, RowOutcome
from tests.import_world import ImportWorld
from tests.task_contexts import started_context

EMAIL = Problem(ProblemCode.INVALID_EMAIL, 3, 4, "email", "x@")
NAME = Problem(ProblemCode.REQUIRED, 3, 4, "name")
REJECTED = RowOutcome(3, 4, Outcome.FAILED, None, [EMAIL, NAME])


def cells_of(file: ErrorsFile, given: RowValues) -> list[str]:
    (cells,) = csv.reader(io.StringIO(file.to_lines([(given, REJECTED)]).decode(), newline=""))
    return cells


def test_the_header_is_that_of_the_source_and_of_the_problems() -> None:
    file = ErrorsFile(["name", "email"], surplus=1, import_id="imp_1")

    header = file.header_line().decode().rstrip("\r\n").split(",")

    assert header[:2] == ["name", "email"]
    assert header[3:] == list(ERROR_COLUMNS)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(["", "x@"], ["", "x@", ""], id="as many cells as columns"),
        pytest.param([""], ["", "", ""], id="too few"),
        pytest.param(["", "x@", "a"], ["", "x@", "a"], id="one beyond the header"),
        pytest.param(["", "x@", "a", "b"], ["", "x@", f"a{JOINT}b"], id="more than there is room for"),
    ],
)
def test_every_line_is_as_wide_as_the_header(given: list[str], expected: list[str]) -> None:
    file = ErrorsFile(["name", "email"], surplus=1, import_id="imp_1")

    cells = cells_of(file, given)

    assert cells[:3] == expected
    assert len(cells) == 3 + len(ERROR_COLUMNS)
    assert cells[3:6] == ["3", "4", "failed"]


def test_problems_of_a_row_stand_in_one_order_in_every_column() -> None:
    cells = cells_of(ErrorsFile(["name", "email"], surplus=0, import_id="imp_1"), ["", "x@"])

    assert cells[5:8] == ["invalid_email | required", "email | name", "x@ | "]


def test_an_errors_file_that_was_uploaded_keeps_one_set_of_columns() -> None:
    headers = ["name", *ERROR_COLUMNS]
    file = ErrorsFile(headers, surplus=0, import_id="imp_1")

    header = file.header_line().decode().rstrip("\r\n").split(",")
    cells = cells_of(file, ["Ann", *["old"] * len(ERROR_COLUMNS)])

    assert header == ["name", *ERROR_COLUMNS]
    assert (cells[0], "old" in cells) == ("Ann", False)


def test_objects_hold_the_row_and_its_problems() -> None:
    (line,) = ErrorsFile(["name"], surplus=0, import_id="imp_1").to_objects([({"name": "", "x": 1}, REJECTED)])

    row = orjson.loads(line)
    assert (row["name"], row["x"], row[ROW_NUMBER]) == ("", 1, 3)
    assert [one["code"] for one in row["_problems"]] == ["invalid_email", "required"]


def test_rows_that_failed_or_were_skipped_are_rejected() -> None:
    world = ImportWorld()
    context = started_context(world, world.queue("name,email\nAnn,ann@x.com\nBen,x@\nAnna,ann@x.com\n"))
    run_phases(context)
    write_results(context, [])

    found = context.workspace.row_pages.each_outcome_of({Outcome.FAILED, Outcome.SKIPPED}, 0)

    assert {one.row_number: one.outcome for one in found} == {2: Outcome.FAILED, 3: Outcome.SKIPPED}
