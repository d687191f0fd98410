"""The shapes of problems, drafts and departures in work objects, which nobody else knows."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Departure, Draft, Outcome
from chalicelib.work.cutting import BEGINNING, Origin


def exact(value: object) -> object:
    """JSON sources give decimals; as text they lose nothing."""
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"no JSON value: {type(value).__name__}")


def from_problem(problem: Problem) -> tuple[object, ...]:
    return problem.code, problem.row_number, problem.line, problem.field, problem.value, dict(problem.facts)


def to_problem(stored: list[Any]) -> Problem:
    return Problem(ProblemCode(stored[0]), *stored[1:])


def _to_problems(stored: list[list[Any]], origin: Origin) -> list[Problem]:
    problems = [to_problem(one) for one in stored]
    if origin is BEGINNING:
        return problems
    return [
        replace(one, row_number=one.row_number + origin.rows, line=one.line and one.line + origin.lines)
        for one in problems
    ]


def from_draft(draft: Draft) -> tuple[object, ...]:
    problems = [from_problem(one) for one in draft.problems]
    return (
        draft.row_number,
        draft.line,
        draft.fields,
        draft.identity_keys,
        draft.record_id,
        draft.is_match,
        problems,
    )


def to_draft(stored: list[Any], origin: Origin) -> Draft:
    row_number, line, fields, identity_keys, record_id, is_match, problems = stored
    return Draft(
        row_number + origin.rows,
        line + origin.lines,
        fields,
        identity_keys,
        record_id,
        is_match,
        _to_problems(problems, origin) if problems else [],
    )


def from_departure(departure: Departure) -> tuple[object, ...]:
    problems = [from_problem(one) for one in departure.problems]
    return departure.row_number, departure.line, departure.outcome, departure.record_id, problems


def to_departure(stored: list[Any], origin: Origin) -> Departure:
    row_number, line, outcome, record_id, problems = stored
    return Departure(
        row_number + origin.rows,
        line + origin.lines,
        Outcome(outcome),
        record_id,
        _to_problems(problems, origin) if problems else [],
    )
