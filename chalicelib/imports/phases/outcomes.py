"""The few ways in which phases end a row: a draft goes in, its outcome comes out.

Each outcome keeps the warnings that the draft has collected on its way.
"""

from collections.abc import Iterable, Mapping

from chalicelib.imports.phases.duplicates import DuplicateRow
from chalicelib.model.identity_keys import identity_of
from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.rows import Draft, Outcome, RowOutcome


def finish_row(draft: Draft, outcome: Outcome, *problems: Problem) -> RowOutcome:
    """Returns the outcome of a draft, with its warnings and these problems."""
    found = [*draft.problems, *problems] if problems else draft.problems
    return RowOutcome(draft.row_number, draft.line, outcome, draft.record_id, found)


def fail_row(draft: Draft, code: ProblemCode, field: str | None = None, **facts: str | int) -> RowOutcome:
    """Returns the outcome of a draft that fails for one problem, made of `code`, `field` and `facts`."""
    problem = Problem(code, draft.row_number, draft.line, field, facts=facts)
    return finish_row(draft, Outcome.FAILED, problem)


def without_duplicates(
    drafts: Iterable[Draft], duplicates: Mapping[int, DuplicateRow]
) -> tuple[list[Draft], list[RowOutcome]]:
    """Returns the drafts that go on, and the outcomes of those left out; `duplicates` are by row number."""
    if not duplicates:
        return [*drafts], []
    kept: list[Draft] = []
    ended: list[RowOutcome] = []
    for draft in drafts:
        duplicate = duplicates.get(draft.row_number)
        if duplicate is None:
            kept.append(draft)
        else:
            ended.append(_fail(draft, duplicate) if duplicate.is_taken else _skip(draft, duplicate))
    return kept, ended


def skip_duplicate(draft: Draft, key: str, other: int) -> RowOutcome:
    """Returns the outcome of a draft that has this identity key in common with another row, whose number is given."""
    identity = identity_of(key)
    given = [str(draft.fields[name]) for name in identity.split("+") if draft.fields.get(name) is not None]
    problem = Problem(
        ProblemCode.DUPLICATE_IN_SOURCE,
        draft.row_number,
        draft.line,
        identity,
        quoted(" ".join(given)) if given else draft.record_id,
        {"first": other},
    )
    return finish_row(draft, Outcome.SKIPPED, problem)


def has_error(problems: Iterable[Problem]) -> bool:
    """Returns whether any of the problems fails its row."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def _fail(draft: Draft, duplicate: DuplicateRow) -> RowOutcome:
    return fail_row(
        draft, ProblemCode.IDENTITY_TAKEN, identity_of(duplicate.key), record=f"that of row {duplicate.other}"
    )


def _skip(draft: Draft, duplicate: DuplicateRow) -> RowOutcome:
    return skip_duplicate(draft, duplicate.key, duplicate.other)
