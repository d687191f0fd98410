"""Says which record a row means where the import states by which identities rows are matched (`match_by`): the keys of
the row and of records go in, a record comes out.

    match_by: external_id, email

    row            records                        it means
    X-1, a@x.org   X-1 with b@x.org               that record, which is to have the e-mail a@x.org
    X-2, a@x.org   a@x.org without external_id    that record, which is to have the external_id X-2
    X-2, a@x.org   X-1 with a@x.org               nobody can tell: ambiguous
    X-2, a@x.org   none with either               a new record

The first identity that finds a record decides, unless the record has another value for one before it. Identities that
are not stated find no record, but stay unique: records claim all of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.model.identity_keys import identity_of
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import Action
from chalicelib.model.resources import Resource
from chalicelib.model.row_rules import MergeRule, RowRules

CarriedKeys = Mapping[RecordId, Collection[str]]
"""By record, the identity keys that it has, that of `id` included."""


@dataclass(frozen=True, slots=True)
class StatedMatch:
    """The record that a row means, and by which of its keys."""

    record_id: RecordId
    key: str
    contradicted: str | None = None
    """The key before it for whose identity the record has another value; None where it has none."""


def deciding_keys(keys: Sequence[str], match_by: Sequence[str]) -> Sequence[str]:
    """Returns the keys by which a row may mean a record, in the order in which they are tried; all of them where
    nothing is stated."""
    if not match_by:
        return keys
    by_name = {identity_of(key): key for key in keys}
    return [by_name[name] for name in match_by if name in by_name]


def find_stated(keys: Sequence[str], holders: Mapping[str, RecordId], carried: CarriedKeys) -> StatedMatch | None:
    """Returns the record that the deciding keys of a row mean, None where they mean none.

    A key behind the first counts only where the record carries it, since a crash may leave claims that no record
    carries. Whether the record still carries the first key is asked when it is written.
    """
    for place, key in enumerate(keys):
        record_id = holders.get(key)
        if record_id is None:
            continue
        if place == 0:
            return StatedMatch(record_id, key)
        if key in carried.get(record_id, ()):
            return StatedMatch(record_id, key, _contradicted(keys[:place], carried[record_id]))
    return None


def still_stated(keys: Sequence[str], carried: Collection[str]) -> bool:
    """Returns whether a record with these keys is still one that the deciding keys of a row mean."""
    place = next((place for place, key in enumerate(keys) if key in carried), None)
    return place is not None and _contradicted(keys[:place], carried) is None


def taken_identities(resource: Resource, action: Action, rules: RowRules) -> set[str]:
    """Returns the names of the identities that rows may take for their records, or by which they mean one: not those
    that a deletion gives, or that an update never changes."""
    if action is Action.DELETE:
        return {*rules.match_by}
    kept = {name for name, rule in rules.merge_rules.items() if rule is MergeRule.NEVER and action is Action.UPDATE}
    return {*rules.match_by} | {one.name for one in resource.identities if not kept.issuperset(one.fields)}


def _contradicted(keys: Iterable[str], carried: Iterable[str]) -> str | None:
    names = {*map(identity_of, carried)}
    return next((key for key in keys if identity_of(key) in names), None)
