"""What a problem says."""

from decimal import Decimal

import pytest

from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.problems import VALUE_CHARACTERS, Problem, quoted


def test_the_texts_are_filled_in_with_what_the_problem_knows() -> None:
    problem = Problem(ProblemCode.TOO_LONG, 3, 4, "name", "x", {"limit": 255})

    assert (problem.severity, problem.message) == (Severity.ERROR, "'name' is longer than 255 characters.")


def test_a_missing_fact_shows_as_its_name() -> None:
    assert Problem(ProblemCode.TOO_LONG, field="name").message == "'name' is longer than {limit} characters."


def test_a_required_field_is_what_is_wanted_unless_several_would_do() -> None:
    assert Problem(ProblemCode.REQUIRED, field="name").message == "'name' is required."
    assert (
        Problem(ProblemCode.REQUIRED, field="name", facts={"wanted": "'a' or 'b'"}).message == "'a' or 'b' is required."
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("as it is", "as it is", id="text"),
        pytest.param("x" * 300, "x" * (VALUE_CHARACTERS - 1) + "…", id="cut"),
        pytest.param(Decimal("1.50"), "1.50", id="decimal"),
        pytest.param([1, "a"], "[1, 'a']", id="list"),
        pytest.param(10**5000, "a very large int", id="a number that Python does not spell"),
    ],
)
def test_a_value_is_quoted(value: object, expected: str) -> None:
    assert quoted(value) == expected
