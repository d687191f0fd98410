"""Decides what becomes of links that a record has already, where a row names a record that does not exist, or several.

Such a name counts as not given, so the record keeps its links. But it loses those that lead nowhere themselves, since
the record behind them has been deleted; and a link beside a text, once the row gives another text. The problem of the
row says what became of them. In come the draft, the stored fields and which records are live; out go the fields as if
the row had given them, and the problems in their final words. Nothing is looked up or written here.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import replace

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import RecordId
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.resources import Reference, Resource
from chalicelib.model.rows import Draft, Fields, Value
from chalicelib.schema.references import reference_keys, texts_of

LiveRecords = Mapping[str, Set[RecordId]]
"""By resource, those of the records asked for that exist."""

UNRESOLVED = frozenset({ProblemCode.REFERENCE_DEAD, ProblemCode.REFERENCE_AMBIGUOUS})
"""Codes of references that name no record, or several."""


def target_of(reference: Reference) -> str:
    """Returns the field that holds the ids of the records found."""
    return reference.stored_as or reference.field


def unresolved_references(resource: Resource, draft: Draft) -> list[Reference]:
    """Returns the references under which the row names no record, or several; not lists of which some entries were
    found, since those count as given."""
    named = {problem.field for problem in draft.problems if problem.code in UNRESOLVED}
    return [one for one in resource.references if one.field in named and target_of(one) not in draft.fields]


def linked_ids(reference: Reference, stored: Fields) -> list[RecordId]:
    """Returns the ids of the records that the stored fields link to."""
    return [RecordId(one) for one in texts_of(stored.get(target_of(reference)))]


def without_dead_links(draft: Draft, references: Iterable[Reference], stored: Fields, live: LiveRecords) -> Draft:
    """Returns the draft which, where some links are lost, gives what is left of them as its own."""
    changed: Fields = {}
    for reference in references:
        before = linked_ids(reference, stored)
        after = _lasting(reference, draft.fields, stored, live.get(reference.resource, frozenset()))
        if len(after) < len(before):
            is_list = isinstance(stored.get(target_of(reference)), list)
            changed[target_of(reference)] = [*after] if is_list and after else None
    return replace(draft, fields={**draft.fields, **changed}) if changed else draft


def _lasting(reference: Reference, given: Fields, stored: Fields, live: Set[RecordId]) -> list[RecordId]:
    is_beside_text = reference.stored_as != ""
    if is_beside_text and not _is_same(reference, given.get(reference.field), stored.get(reference.field)):
        return []
    return [one for one in linked_ids(reference, stored) if one in live]


def _is_same(reference: Reference, one: Value, other: Value) -> bool:
    def keys(value: Value) -> list[list[str]]:
        return [reference_keys(reference, text) for text in texts_of(value)]

    return one == other or keys(one) == keys(other)


def left_out(reference: Reference, code: ProblemCode) -> str:
    """Returns what is said of an unresolved name before it is known which record its row means. A text beside which a
    link would be stored is stored all the same."""
    if not reference.stored_as:
        return "it was left out"
    is_dead = code is ProblemCode.REFERENCE_DEAD
    return (
        f"no {RESOURCES[reference.resource].singular} was created, no link was made" if is_dead else "no link was made"
    )


def with_link_outcomes(resource: Resource, problems: Iterable[Problem], before: Fields, after: Fields) -> list[Problem]:
    """Returns the problems; those of references say what became of the record's links."""
    references = {one.field: one for one in resource.references}

    def became(problem: Problem) -> str:
        reference = references[problem.field or ""]
        return left_out(reference, problem.code) + _change(target_of(reference), before, after)

    return [
        replace(one, facts={**one.facts, "became": became(one)}) if one.code in UNRESOLVED else one for one in problems
    ]


def _change(target: str, before: Fields, after: Fields) -> str:
    had, has = texts_of(before.get(target)), texts_of(after.get(target))
    gone = [one for one in had if one not in has]
    if gone and len(had) == 1:
        return f", and the record's link to {gone[0]} was removed"
    if gone:
        return f", and of the record's {len(had)} links {len(gone)} {'was' if len(gone) == 1 else 'were'} removed"
    if had and had == has:
        return f", and the record stays linked to {had[0] if len(had) == 1 else f'the same {len(had)}'}"
    return ""


FindLiveRecords = Callable[[str, Iterable[RecordId]], Set[RecordId]]
"""Returns those of a resource's ids whose records exist."""


def find_live(
    resource: Resource, drafts: Iterable[Draft], stored: Mapping[RecordId, Fields], find: FindLiveRecords
) -> LiveRecords:
    """Returns which of the linked records exist, as far as rows have unresolved references.

    Costs one look-up for each resource that is linked to, none where no row has an unresolved reference.
    """
    asked: dict[str, list[RecordId]] = {}
    for draft in drafts:
        fields = stored.get(draft.record_id) if draft.problems and draft.record_id else None
        for reference in unresolved_references(resource, draft) if fields else ():
            asked.setdefault(reference.resource, []).extend(linked_ids(reference, fields or {}))
    return {name: find(name, ids) for name, ids in asked.items() if ids}
