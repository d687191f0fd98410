"""Judges whether an element of a list can be a row at all, or keeps what would be its fields one level further down.

Only the first elements of a list are looked at, because all of them were written alike. Shapes that are common have a
name here, so that a refusal can say what the document is.
"""

from collections.abc import Mapping, Sequence

from chalicelib.formats.json.outline import unreadable_document
from chalicelib.formats.json.record_names import COMMON_NAMES, ENVELOPE_NAMES, OwnNames, RecordNames
from chalicelib.formats.json.values import NotJson, parse_json
from chalicelib.model.error_columns import PROBLEMS
from chalicelib.model.limits import Limits
from chalicelib.model.problems import quoted
from chalicelib.model.resources import squeezed

_HOLDERS = ("attributes", "properties", "_source", "node", "fields")
"""Where JSON:API, GeoJSON, Elasticsearch, GraphQL and Airtable keep the fields of a row."""
_DATABASE = "an export of phpMyAdmin, which holds a whole database, with the rows of each table under 'data'"
_SALESFORCE = frozenset({"type", "url"})
"""What Salesforce tells of a record under `attributes`, next to its fields."""

ELEMENTS_LOOKED_AT = 3


def refuse_as_rows(first: Sequence[bytes], record_names: RecordNames, limits: Limits) -> None:
    """Raises Refused `unreadable_format` where none of the first elements of a list is a row, and they are lists, or
    objects around rows or around lists of rows. What is no JSON is left to fail as a row."""
    found = [_oddity_of(raw, record_names, limits) for raw in first]
    if found and found[0] and (all(found) or found[0] == _DATABASE):
        raise unreadable_document(found[0])


def _oddity_of(raw: bytes, record_names: RecordNames, limits: Limits) -> str | None:
    """Returns what the document is, if this element speaks for all of them; None where it may be a row."""
    try:
        value = parse_json(raw, limits)
    except NotJson:
        return None
    if isinstance(value, list):
        return "a table whose rows are lists of values"
    return _oddity_of_object(value, record_names) if isinstance(value, dict) else None


def _oddity_of_object(value: Mapping[str, object], record_names: RecordNames) -> str | None:
    if value.get("type") == "header" and "PHPMyAdmin" in str(value.get("comment")):
        return _DATABASE
    if holder := _holder_of_fields(value, record_names):
        return f"a list whose objects keep their fields under {quoted(holder)!r}"
    if holder := _holder_of_rows(value, record_names):
        return f"a list whose objects hold lists of rows themselves, under {quoted(holder)!r}"
    return None


def _own_names(value: Mapping[str, object], record_names: RecordNames) -> OwnNames:
    single = (squeezed(name) for name, one in value.items() if one is not None and not isinstance(one, dict | list))
    return OwnNames(record_names).add_all(single)


def _holder_of_fields(value: Mapping[str, object], record_names: RecordNames) -> str | None:
    """Returns the name of the object that has the fields of the row, where the row has none of its own that tell of
    it."""
    if _own_names(value, record_names).known - (COMMON_NAMES - {"name", "title"}):
        return None
    for name, one in value.items():
        if not isinstance(one, dict) or squeezed(name) in record_names.fields:
            continue
        is_usual = name in _HOLDERS and not one.keys() <= _SALESFORCE
        if is_usual or (record_names.strength(_own_names(one, record_names)) and squeezed(name) not in ENVELOPE_NAMES):
            return name
    return None


def _holder_of_rows(value: Mapping[str, object], record_names: RecordNames) -> str | None:
    """Returns the name of a list of objects in an object that is no record; None if there is none.

    No field of such an object is known, or little more than a name while the list is called as the rows would be. Our
    own errors files have such a list of problems, which does not count.
    """
    own = _own_names(value, record_names)
    lists = [name for name, one in value.items() if isinstance(one, list) and one and isinstance(one[0], dict)]
    apart = [
        name
        for name in lists
        if name != PROBLEMS and squeezed(name) not in (record_names.fields | ENVELOPE_NAMES) - record_names.nouns
    ]
    if own.known and not record_names.strength(own):
        apart = [name for name in apart if squeezed(name) in record_names.nouns]
    return apart[0] if apart and not record_names.strength(own) else None
