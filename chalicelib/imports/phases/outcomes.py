"""How a row leaves the road: the few ways in which phases turn a draft into a departure."""

from collections.abc import Iterable, Mapping

from chalicelib.imports.phases.duplicates import DuplicateRow
from chalicelib.model.identity_keys import identity_of
from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.rows import Draft, Outcome, RowOutcome


def finish_row(draft: Draft, outcome: Outcome, *problems: Problem) -> RowOutcome:
    """The warnings a draft has collected leave with it."""
    found = [*draft.problems, *problems] if problems else draft.problems
    return RowOutcome(draft.row_number, draft.line, outcome, draft.record_id, found)


def fail_row(draft: Draft, code: ProblemCode, field: str | None = None, **facts: str | int) -> RowOutcome:
    problem = Problem(code, draft.row_number, draft.line, field, facts=facts)
    return finish_row(draft, Outcome.FAILED, problem)


def without_duplicates(
    drafts: Iterable[Draft], drops: Mapping[int, DuplicateRow]
) -> tuple[list[Draft], list[RowOutcome]]:
    """The drafts that go on, and those left out as duplicates; `drops` by row number."""
    if not drops:
        return [*drafts], []
    kept: list[Draft] = []
    skipped: list[RowOutcome] = []
    for draft in drafts:
        drop = drops.get(draft.row_number)
        if drop is None:
            kept.append(draft)
        else:
            skipped.append(_skip(draft, drop))
    return kept, skipped


def has_error(problems: Iterable[Problem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def _skip(draft: Draft, drop: DuplicateRow) -> RowOutcome:
    identity = identity_of(drop.key)
    given = [str(draft.fields[name]) for name in identity.split("+") if draft.fields.get(name) is not None]
    problem = Problem(
        ProblemCode.DUPLICATE_IN_SOURCE,
        draft.row_number,
        draft.line,
        identity,
        quoted(" ".join(given)) if given else draft.record_id,
        {"first": drop.other},
    )
    return finish_row(draft, Outcome.SKIPPED, problem)
