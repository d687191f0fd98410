"""Completes what a row leaves open: names from their parts and back, defaults, the location of the import.

Given fields go in and always win; a new set of fields comes out. What is completed is never mixed into a draft, which
keeps only what was given: a first name alone must not undo the last name a record has already.
"""

from collections.abc import Sequence

from chalicelib.model.resources import Derivation, FieldType, Resource
from chalicelib.model.rows import Fields, Value

_NOTHING_STORED: Fields = {}


def with_derived(resource: Resource, fields: Fields, stored: Fields = _NOTHING_STORED) -> Fields:
    """Adds the whole where parts are given, and parts where the whole is; parts not given are taken from `stored`.

    Nothing is derived from what repeats the stored value: names that people wrote by hand stay as they are.
    """
    for derivation in resource.derivations:
        fields = {**_derived(derivation, fields, stored), **fields}
    return fields


def with_defaults(resource: Resource, fields: Fields) -> Fields:
    """What a record made from the row starts with; a null counts as given and keeps the default out."""
    if resource.stand_ins:
        fields = {stood: fields[name] for name, stood in resource.stand_ins.items() if fields.get(name)} | fields
    return with_derived(resource, {**resource.defaults, **fields})


def with_location(resource: Resource, fields: Fields, location_id: str | None) -> Fields:
    """The import's location for a row that gives none; null counts as given."""
    name = resource.location_field
    if not (location_id and name) or name in fields:
        return fields
    is_list = resource.by_name[name].type is FieldType.LIST
    return {**fields, name: [location_id] if is_list else location_id}


def is_at_location(resource: Resource, fields: Fields, location_id: str | None) -> bool:
    """Whether a stored record belongs to the location an overwrite is limited to; without one every record does."""
    if not (location_id and resource.location_field):
        return True
    stored = fields.get(resource.location_field)
    return location_id in stored if isinstance(stored, list) else stored == location_id


def without_location(resource: Resource, fields: Fields, location_id: str | None) -> Fields | None:
    """What is left of a record that leaves a location; None where it belongs to no other."""
    name = resource.location_field
    stored = fields.get(name) if location_id and name else None
    others = [one for one in stored if one != location_id] if isinstance(stored, list) else []
    return {**fields, name: others} if others else None


def is_complete(resource: Resource, given: Fields) -> bool:
    """Whether a row is the very record that it makes: it leaves nothing open, lacks nothing, and gives no null. Most
    rows do; to see it costs a quarter of completing them."""
    return resource.is_plain and given.keys() >= resource.wanted and all(given.values())


def missing_fields(resource: Resource, fields: Fields) -> list[tuple[str, ...]]:
    """Without which the row cannot create a record, in declared order: single required fields, and groups of which one
    field would do."""
    complete = with_defaults(resource, fields) if resource.stand_ins else fields
    wanted = [*((name,) for name in resource.required), *resource.any_of]
    return [group for group in wanted if all(complete.get(name) is None for name in group)]


def wanted_facts(group: Sequence[str]) -> dict[str, str | int]:
    """What a message says is required: all fields of which one would do."""
    names = [f"'{name}'" for name in group]
    return {"wanted": f"{', '.join(names[:-1])} or {names[-1]}"} if len(names) > 1 else {}


def _derived(derivation: Derivation, given: Fields, stored: Fields) -> Fields:
    whole = derivation.whole
    if whole in given:
        has_parts = any(name in given for name in derivation.parts)
        return {} if has_parts or given[whole] == stored.get(whole) else _parts(derivation, given[whole])
    if all(given.get(name, stored.get(name)) == stored.get(name) for name in derivation.parts):
        return {}
    parts = [given.get(name, stored.get(name)) for name in derivation.parts]
    return {whole: " ".join(str(part) for part in parts if part) or None}


def _parts(derivation: Derivation, whole: Value) -> Fields:
    """The first word is the first part, the rest the second; a single word clears what stood there before."""
    if not isinstance(whole, str):
        return {}
    first, _, rest = whole.partition(" ")
    return dict(zip(derivation.parts, (first, rest.strip() or None), strict=True))
