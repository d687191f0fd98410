"""Reads records of a tenant for its callers: one by its id, or a listing by cursor with simple filters."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chalicelib.access.context import Caller, Context
from chalicelib.errors import NotFound, Refused
from chalicelib.model.catalogue import find_resource
from chalicelib.model.identity_keys import ids_by_key
from chalicelib.model.ids import RecordId
from chalicelib.model.records import Record
from chalicelib.model.resources import FieldType, Normalisation, Resource
from chalicelib.model.rows import Value
from chalicelib.schema.identity import identity_keys, normalised
from chalicelib.stores.interfaces import RecordPage

LOOKED_AT_ONCE = 500
"""Records that a listing with filters reads at a time: matches may lie far apart."""

_ID = re.compile(r"[\w.:-]{1,128}")
"""What an id may look like: a customer's own, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordQuery:
    """Which records to list."""

    limit: int
    cursor: str | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    """Text by field name: the field has this value, as identities are compared, or, if it is a list, this entry."""


def get_listed_resource(name: str) -> Resource:
    """Returns the resource with this name. Raises NotFound `resource_not_found`."""
    resource = find_resource(name)
    if resource is None:
        raise NotFound("resource_not_found", f"There is no resource {name!r}.")
    return resource


def get_record(context: Context, caller: Caller, resource: Resource, record_id: RecordId) -> Record:
    """Returns a record. Raises NotFound `record_not_found`, also for a deleted one, and for a text that can be no
    id."""
    ids = [record_id] if _ID.fullmatch(record_id) else []
    record = context.stores.records.get_many(caller.tenant_id, resource.name, ids).get(record_id)
    if record is None or record.is_deleted:
        raise NotFound("record_not_found", f"There is no {resource.singular} {record_id[:128]!r}.")
    return record


def list_records(context: Context, caller: Caller, resource: Resource, query: RecordQuery) -> RecordPage:
    """Returns at most `limit` records and a cursor. Where the filters give an identity, such as an e-mail address, the
    only record that can have it is looked up, and there is no cursor.

    Other filters look through `Limits.filtered_records` records at most, and every listing passes over some hundreds of
    deleted ones at most. Then a page may hold fewer records than the limit, even none, and still have a cursor: the
    rest has not been looked at.
    """
    _check_filters(resource, query.filters)
    keys = _identifying_keys(resource, query.filters) if query.cursor is None else []
    if keys:
        found = _find_identified(context, caller, resource, keys[0])
        return RecordPage(tuple(one for one in found if _is_selected(resource, one, query.filters)), None)
    if query.filters:
        return _look_through(context, caller, resource, query)
    return _read_page(context, caller, resource, limit=query.limit, cursor=query.cursor)


def _identifying_keys(resource: Resource, filters: Mapping[str, str]) -> list[str]:
    """Of the identities that the filters give whole. A field that stands for another's former value gives none."""
    return identity_keys(resource, {name: text for name, text in filters.items() if name not in resource.stand_ins})


def _find_identified(context: Context, caller: Caller, resource: Resource, key: str) -> list[Record]:
    """The record that has an identity, if any; after a crash one that no longer has it."""
    records, named = context.stores.records, ids_by_key([key])
    ids = named or records.find_claims(caller.tenant_id, resource.name, [key])
    found = records.get_many(caller.tenant_id, resource.name, [one for one in ids.values() if _ID.fullmatch(one)])
    return [one for one in found.values() if not one.is_deleted]


def _look_through(context: Context, caller: Caller, resource: Resource, query: RecordQuery) -> RecordPage:
    found: list[Record] = []
    cursor, left = query.cursor, context.limits.filtered_records
    while left > 0:
        page, looked_at = _next_matches(
            context, caller, resource, replace(query, limit=query.limit - len(found), cursor=cursor)
        )
        found += page.records
        cursor, left = page.cursor, left - looked_at
        if cursor is None or len(found) == query.limit:
            break
    return RecordPage(tuple(found), cursor)


def _next_matches(context: Context, caller: Caller, resource: Resource, query: RecordQuery) -> tuple[RecordPage, int]:
    """The matches among the next records, and how many records that were. Where there are more than wanted, the page
    is read once more up to the last of them, so that its cursor leads on from there."""
    at_once = LOOKED_AT_ONCE
    while True:
        page = _read_page(context, caller, resource, limit=at_once, cursor=query.cursor)
        places = [place for place, one in enumerate(page.records) if _is_selected(resource, one, query.filters)]
        if len(places) <= query.limit:
            break
        at_once = places[query.limit - 1] + 1
    return RecordPage(tuple(page.records[place] for place in places), page.cursor), len(page.records) + page.passed


def _read_page(context: Context, caller: Caller, resource: Resource, *, limit: int, cursor: str | None) -> RecordPage:
    """Reads a page, with fewer records than asked for where they would not fit into one answer."""
    while True:
        page = context.stores.records.list_records(caller.tenant_id, resource.name, limit=limit, cursor=cursor)
        if limit == 1 or _size_of(page) <= context.limits.response_bytes // 2:
            return page
        limit = (limit + 1) // 2


def _size_of(page: RecordPage) -> int:
    return sum(len(json.dumps(record.fields)) for record in page.records)


def _check_filters(resource: Resource, filters: Mapping[str, str]) -> None:
    for name in filters:
        if name != "id" and name not in resource.by_name:
            raise Refused("unknown_field", f"{name!r} is no field of {resource.name}.", param=name)


def _is_selected(resource: Resource, record: Record, filters: Mapping[str, str]) -> bool:
    return all(
        _says(record.record_id if name == "id" else record.fields.get(name), text, _comparison(resource, name))
        for name, text in filters.items()
    )


def _comparison(resource: Resource, name: str) -> Normalisation:
    """As identities of the field's type are compared."""
    known = {FieldType.EMAIL: Normalisation.EMAIL, FieldType.PHONE: Normalisation.PHONE}
    return (
        known.get(resource.by_name[name].type, Normalisation.EXACT) if name in resource.by_name else Normalisation.EXACT
    )


def _says(value: Value, text: str, comparison: Normalisation) -> bool:
    if isinstance(value, list):
        return any(_says(one, text, comparison) for one in value)
    if isinstance(value, bool):
        return str(value).lower() == text.lower()
    return value is not None and normalised(str(value), comparison) == normalised(text, comparison)
