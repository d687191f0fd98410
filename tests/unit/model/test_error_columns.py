"""How an errors file is known when it comes back, and which of its rows were not corrected."""

import pytest

from chalicelib.model.error_columns import (
    DIGEST,
    ROW_NUMBER,
    digest_of,
    is_error_column,
    is_surplus_column,
    surplus_name,
    surplus_problem,
    uncorrected_problem,
)
from chalicelib.model.problem_codes import ProblemCode


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        pytest.param(["Jane", "1.50"], ["Jane", "1,5"], True, id="a number written otherwise"),
        pytest.param(["Jane", ""], ["Jane"], True, id="blank cells at the end"),
        pytest.param(["Jane", "", "x"], ["Jane", "x", ""], False, id="moved"),
        pytest.param(["Jane"], ["Joe"], False, id="corrected"),
    ],
)
def test_a_digest_tells_whether_a_row_was_corrected(one: list[str], other: list[str], is_same: bool) -> None:
    problem = uncorrected_problem(other, digest_of(one), 3, 4)

    assert (problem is not None and problem.code is ProblemCode.NOT_CORRECTED) is is_same


def test_a_row_without_a_digest_is_not_compared() -> None:
    assert uncorrected_problem(["Jane"], " ", 3, 4) is None
    assert uncorrected_problem(["Jane"], None, 3, 4) is None


def test_surplus_columns_are_those_of_an_errors_file_alone() -> None:
    assert is_surplus_column(surplus_name(5), [ROW_NUMBER, "column 5"])
    assert not is_surplus_column("column 5", ["name", "column 5"])
    assert is_error_column(DIGEST, ["name"])
    assert is_error_column("name (column 2)", [ROW_NUMBER])
    assert not is_error_column("name (column 2)", ["name"])


def test_cells_beyond_the_header_must_be_moved() -> None:
    problem = surplus_problem(["column 12", "column 9"], 3, 4)

    assert problem is not None
    assert (problem.code, problem.facts) == (ProblemCode.ROW_TOO_LONG, {"cells": 12, "columns": 8})
    assert surplus_problem([], 3, 4) is None
