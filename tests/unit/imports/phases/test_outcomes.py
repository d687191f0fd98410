"""How phases end a row."""

from chalicelib.imports.phases.duplicates import DuplicateRow
from chalicelib.imports.phases.outcomes import fail_row, finish_row, has_error, skip_duplicate, without_duplicates
from chalicelib.model.ids import RecordId
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Draft, Outcome

WARNING = Problem(ProblemCode.NO_IDENTITY, 3, 4)


def draft(number: int) -> Draft:
    return Draft(number, number + 1, {"email": "a@x.com"}, ["email:0a"], RecordId("cus_1"), problems=[WARNING])


def test_an_outcome_keeps_the_warnings_of_its_draft() -> None:
    outcome = fail_row(draft(3), ProblemCode.RECORD_TOO_LARGE, limit=10)

    assert (outcome.row_number, outcome.line, outcome.outcome) == (3, 4, Outcome.FAILED)
    assert [one.code for one in outcome.problems] == [ProblemCode.NO_IDENTITY, ProblemCode.RECORD_TOO_LARGE]
    assert finish_row(draft(3), Outcome.CREATED).problems == [WARNING]


def test_a_duplicate_is_skipped_and_says_by_which_value() -> None:
    going, [skipped] = without_duplicates([draft(1), draft(2)], {2: DuplicateRow(0, 2, "email:0a", 1)})

    assert [one.row_number for one in going] == [1]
    problem = skipped.problems[-1]
    assert (skipped.outcome, problem.code) == (Outcome.SKIPPED, ProblemCode.DUPLICATE_IN_SOURCE)
    assert (problem.field, problem.value, problem.facts) == ("email", "a@x.com", {"first": 1})


def test_a_duplicate_by_its_id_is_told_by_the_record() -> None:
    skipped = skip_duplicate(draft(2), "id:cus_1", 1)

    assert (skipped.problems[-1].field, skipped.problems[-1].value) == ("id", "cus_1")


def test_only_an_error_fails_a_row() -> None:
    assert not has_error([WARNING])
    assert has_error([WARNING, Problem(ProblemCode.INVALID_EMAIL)])
