"""Validation: resolves the references by which rows name other records. Dead ones are left out, or fail the row where
it needs them.

In come the drafts of one batch, the duplicates that parsing found, and look-ups into the store; out go drafts whose
references are ids of records, and outcomes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.imports.phases.duplicates import DuplicateRow
from chalicelib.imports.phases.outcomes import finish_row, has_error, without_duplicates
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.resources import Reference, Resource
from chalicelib.model.rows import Draft, Outcome, RowOutcome, Value
from chalicelib.schema.record_links import left_out
from chalicelib.schema.references import ReferenceIndex, ReferenceLookUps, texts_of


@dataclass(frozen=True, slots=True)
class Validated:
    """What became of the drafts of a batch."""

    drafts: list[Draft]
    outcomes: list[RowOutcome]
    """The rows that were skipped or failed."""


def validate(
    drafts: Sequence[Draft], duplicates: Mapping[int, DuplicateRow], resource: Resource, look_ups: ReferenceLookUps
) -> Validated:
    """Returns the drafts with their references resolved, and the rows that end here; `duplicates` are by row number."""
    kept, outcomes = without_duplicates(drafts, duplicates)
    if not resource.references:
        return Validated(kept, outcomes)
    references = ReferenceIndex(resource, _texts(kept, resource), look_ups)
    going: list[Draft] = []
    for draft in kept:
        problems = [problem for one in resource.references for problem in _resolve(draft, one, references)]
        if has_error(problems):
            outcomes.append(finish_row(draft, Outcome.FAILED, *problems))
            continue
        draft.problems.extend(problems)
        going.append(draft)
    return Validated(going, outcomes)


def _texts(drafts: Iterable[Draft], resource: Resource) -> dict[Reference, set[str]]:
    texts: dict[Reference, set[str]] = {reference: set() for reference in resource.references}
    for draft in drafts:
        for reference, found in texts.items():
            found.update(texts_of(draft.fields.get(reference.field)))
    return texts


def _resolve(draft: Draft, reference: Reference, references: ReferenceIndex) -> list[Problem]:
    """Puts the ids of the records found into the draft; returns a problem for each dead or ambiguous name."""
    if reference.field not in draft.fields:
        return []
    value = draft.fields[reference.field]
    found = {text: references.find(reference, text) for text in texts_of(value)}
    ids: list[Value] = list(dict.fromkeys(records[0] for records in found.values() if len(records) == 1))
    resolved = ids if isinstance(value, list) and (ids or not found) else next(iter(ids), None)
    _store(draft, reference, resolved, is_cleared=value is None)
    return [problem_of(draft, reference, text, len(records)) for text, records in found.items() if len(records) != 1]


def _store(draft: Draft, reference: Reference, resolved: Value, *, is_cleared: bool) -> None:
    """A link beside a text leaves the text alone; a dead link, or a list of nothing but dead ones, is not given, which
    is not the same as cleared."""
    target = reference.stored_as or reference.field
    if reference.stored_as and reference.stored_as in draft.fields:
        return
    if resolved is not None or is_cleared:
        draft.fields[target] = resolved
    elif not reference.stored_as:
        del draft.fields[target]


def problem_of(draft: Draft, reference: Reference, text: str, records: int) -> Problem:
    """Returns what is wrong with a name that means no record, or several."""
    code = ProblemCode.REFERENCE_AMBIGUOUS if records else ProblemCode.REFERENCE_DEAD
    if reference.is_required:
        code = ProblemCode.REFERENCE_REQUIRED
    facts = {} if reference.is_required else {"became": left_out(reference, code)}
    return Problem(code, draft.row_number, draft.line, reference.field, quoted(text), facts)
