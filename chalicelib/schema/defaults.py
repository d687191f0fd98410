"""Completes what a row leaves open: names from their parts and back, defaults, the location of the import.

Given fields go in and always win; a new set of fields comes out. What is completed is never mixed into a draft, which
keeps only what was given: a first name alone must not undo the last name a record has already.
"""

from collections.abc import Sequence

from chalicelib.model.resources import Derivation, FieldType, Resource
from chalicelib.model.rows import Fields, Value

_NOTHING_STORED: Fields = {}


def with_derived(resource: Resource, fields: Fields, stored: Fields = _NOTHING_STORED) -> Fields:
    """Returns the fields with the whole where its parts are given, and with the parts where the whole is; parts that
    are not given are taken from `stored`.

    Only where the stored whole is what the stored parts derive: a name that was written by hand, and that this row does
    not give, stays as it is. Nothing is derived from a value that repeats the stored one.
    """
    for derivation in resource.derivations:
        if _is_derived(derivation, stored):
            fields = {**_derived(derivation, fields, stored), **fields}
    return fields


def with_defaults(resource: Resource, fields: Fields) -> Fields:
    """Returns what a record made from the row starts with; a null counts as given and keeps the default out."""
    if resource.stand_ins:
        fields = {stood: fields[name] for name, stood in resource.stand_ins.items() if fields.get(name)} | fields
    return with_derived(resource, {**resource.defaults, **fields})


def with_location(resource: Resource, fields: Fields, location_id: str | None) -> Fields:
    """Returns the fields with the import's location where the row gives none; null counts as given."""
    name = resource.location_field
    if not (location_id and name) or name in fields:
        return fields
    is_list = resource.by_name[name].type is FieldType.LIST
    return {**fields, name: [location_id] if is_list else location_id}


def is_at_location(resource: Resource, fields: Fields, location_id: str | None) -> bool:
    """Returns whether a stored record belongs to the location that an overwrite is limited to; without one every record
    does."""
    if not (location_id and resource.location_field):
        return True
    stored = fields.get(resource.location_field)
    return location_id in stored if isinstance(stored, list) else stored == location_id


def without_location(resource: Resource, fields: Fields, location_id: str | None) -> Fields | None:
    """Returns what is left of a record that leaves a location; None where it belongs to no other."""
    name = resource.location_field
    stored = fields.get(name) if location_id and name else None
    others = [one for one in stored if one != location_id] if isinstance(stored, list) else []
    return {**fields, name: others} if others else None


def is_complete(resource: Resource, given: Fields) -> bool:
    """Returns whether a row is the very record that it makes: it leaves nothing open, lacks nothing, and gives no null.
    Most rows do, and to check it costs a quarter of completing them."""
    return resource.is_plain and given.keys() >= resource.always_filled and all(given.values())


def missing_fields(resource: Resource, fields: Fields) -> list[tuple[str, ...]]:
    """Returns the fields without which the row cannot create a record, in declared order: single required fields, and
    groups of which one field would do."""
    complete = with_defaults(resource, fields) if resource.stand_ins else fields
    wanted = [*((name,) for name in resource.required), *resource.any_of]
    return [group for group in wanted if all(complete.get(name) is None for name in group)]


def required_facts(group: Sequence[str]) -> dict[str, str | int]:
    """Returns what a message says is required: all fields of which one would do."""
    names = [f"'{name}'" for name in group]
    return {"wanted": f"{', '.join(names[:-1])} or {names[-1]}"} if len(names) > 1 else {}


def _is_derived(derivation: Derivation, stored: Fields) -> bool:
    """Whether whole and parts say the same, so that a change of one side is meant for the other, too."""
    return _words(stored.get(derivation.whole)) == _words(_whole(derivation, stored))


def _derived(derivation: Derivation, given: Fields, stored: Fields) -> Fields:
    whole = derivation.whole
    if whole in given:
        has_parts = any(name in given for name in derivation.parts)
        return {} if has_parts or given[whole] == stored.get(whole) else _parts(derivation, given[whole], stored)
    if all(given.get(name, stored.get(name)) == stored.get(name) for name in derivation.parts):
        return {}
    derived = _whole(derivation, {**stored, **given})
    return {whole: derived} if derived.strip() else {}


def _whole(derivation: Derivation, fields: Fields) -> str:
    return " ".join(str(part) for name in derivation.parts if (part := fields.get(name)))


def _words(value: Value) -> list[str]:
    return str(value).split() if value else []


def _parts(derivation: Derivation, whole: Value, stored: Fields) -> Fields:
    """As the stored parts divide the stored whole. Where the first word is the first part and the rest the second, and
    in a record without a name so far, the new one is cut so, too; a single word clears the second part. Where people
    cut it elsewhere, a part that stands at its place in the new whole is kept; if none does, the parts stay."""
    if not isinstance(whole, str):
        return {}
    first, second = (_words(stored.get(name)) for name in derivation.parts)
    cut = _cut(_words(whole), first, second) or (first, second)
    changed = zip(derivation.parts, cut, (first, second), strict=True)
    return {name: " ".join(part) or None for name, part, before in changed if part != before}


def _cut(words: list[str], first: list[str], second: list[str]) -> tuple[list[str], list[str]] | None:
    if len(first) == 1 or not (first or second):
        return words[:1], words[1:]
    if first and words[: len(first)] == first:
        return first, words[len(first) :]
    is_kept = len(words) > len(second) and words[-len(second) :] == second
    return (words[: -len(second)], second) if second and is_kept else None
