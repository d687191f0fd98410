"""Decides what a row does to its record: action, strategy, draft and the stored fields go in, a `RowChange` comes out.

    action              match                      no match
    merge, overwrite    as the strategy says       create
    create              fail, or skip by strategy  create
    update              as the strategy says       fail
    delete              delete                     fail

A strategy is one rule for all fields; an import may state others for single ones (`schema/merge_rules.py`). Whether the
row has all it takes to create a record is asked before, by `missing_fields`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.model.imports import Action
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.resources import Resource
from chalicelib.model.row_rules import MergeRule, MergeStrategy, RowRules
from chalicelib.model.rows import Draft, Fields
from chalicelib.schema.defaults import with_defaults, with_derived
from chalicelib.schema.merge_rules import is_empty, taken

CREATING = (Action.MERGE, Action.OVERWRITE, Action.CREATE)
"""The actions that make a record where there is none."""


class RowChangeKind(StrEnum):
    """What a row does to the record it means."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    DELETE = "delete"
    SKIP = "skip"
    FAIL = "fail"


@dataclass(slots=True)
class RowChange:
    """What was decided for one row before anything is written. Made for every row, hence not frozen, and never
    changed."""

    kind: RowChangeKind
    fields: Fields = field(default_factory=dict)
    """All fields the record has afterwards; empty unless the kind is create, update or unchanged."""
    problem: Problem | None = None
    """Why the row fails."""


def decide(resource: Resource, action: Action, rules: RowRules, draft: Draft, stored: Fields | None) -> RowChange:
    """Returns what a row does. `stored` are the fields of the record that the draft means, None where there is none."""
    if stored is None:
        if action not in CREATING:
            return _failed(ProblemCode.NOT_FOUND, draft)
        return RowChange(RowChangeKind.CREATE, created(resource, draft.fields))
    if action is Action.DELETE:
        return RowChange(RowChangeKind.DELETE)
    if rules.strategy is MergeStrategy.SKIP:
        return RowChange(RowChangeKind.SKIP)
    if action is Action.CREATE:
        return _failed(ProblemCode.ALREADY_EXISTS, draft)
    if rules.merge_rules:
        merged = ruled(resource, draft.fields, stored, rules.merge_rules)
    else:
        merged = _MERGERS[rules.strategy](resource, draft.fields, stored)
    return RowChange(RowChangeKind.UNCHANGED if merged == stored else RowChangeKind.UPDATE, merged)


def created(resource: Resource, given: Fields) -> Fields:
    """Returns the fields of the record that a row makes where there was none."""
    return _kept(resource, with_defaults(resource, given))


def updated(resource: Resource, given: Fields, stored: Fields) -> Fields:
    """Returns the fields afterwards where given fields replace stored ones; a null removes the field."""
    return _kept(resource, {**stored, **with_derived(resource, given, stored)})


def filled(resource: Resource, given: Fields, stored: Fields) -> Fields:
    """Returns the fields afterwards where given fields are taken only if the stored one is absent or empty; what is
    there is never changed or cleared."""
    return ruled(resource, given, stored, {}, otherwise=MergeRule.IF_EMPTY)


def ruled(
    resource: Resource,
    given: Fields,
    stored: Fields,
    rules: Mapping[str, MergeRule],
    *,
    otherwise: MergeRule = MergeRule.ALWAYS,
) -> Fields:
    """Returns the fields afterwards where each given field obeys its rule, or `otherwise`. What is derived follows from
    the fields that are taken, and obeys a rule of its own; the link beside a text goes with the text. A null that has
    nothing to clear still says that there is no such value, so that none is derived."""
    wanted = taken(given, stored, rules, otherwise)
    for reference in resource.references:
        name = reference.field
        if reference.stored_as and name not in wanted and given.get(name) != stored.get(name):
            wanted.pop(reference.stored_as, None)
    absent = {name: None for name, value in given.items() if value is None and is_empty(stored.get(name))}
    said: Fields = {**absent, **wanted}
    derived = with_derived(resource, said, stored)
    added = {name: value for name, value in derived.items() if name not in said}
    return _kept(resource, {**stored, **wanted, **taken(added, stored, rules, otherwise)})


def replaced(resource: Resource, given: Fields, stored: Fields) -> Fields:
    """Returns the fields of the record that the row would make, with the id and the computed fields of the stored
    one."""
    computed = {one.name for one in resource.fields if one.is_computed}
    lasting = {name: value for name, value in stored.items() if name == "id" or name in computed}
    return {**created(resource, given), **lasting}


def _kept(resource: Resource, fields: Fields) -> Fields:
    """What a record stores: no nulls, and nothing that only served to find it."""
    values = fields.values()
    if (all(values) or None not in values) and fields.keys().isdisjoint(resource.stand_ins):
        return fields
    return {name: value for name, value in fields.items() if value is not None and name not in resource.stand_ins}


def _failed(code: ProblemCode, draft: Draft) -> RowChange:
    facts = {"record": draft.record_id} if draft.record_id else {}
    return RowChange(RowChangeKind.FAIL, problem=Problem(code, draft.row_number, draft.line, facts=facts))


_MERGERS: Mapping[MergeStrategy, Callable[[Resource, Fields, Fields], Fields]] = {
    MergeStrategy.UPDATE: updated,
    MergeStrategy.FILL: filled,
    MergeStrategy.REPLACE: replaced,
}
