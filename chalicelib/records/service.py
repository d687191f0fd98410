"""Reads records of a tenant for its callers: one by its id, or a listing by cursor with simple filters."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.access.context import Caller, Context
from chalicelib.errors import NotFound, Refused
from chalicelib.model.catalogue import find_resource
from chalicelib.model.ids import RecordId
from chalicelib.model.records import Record
from chalicelib.model.resources import FieldType, Normalisation, Resource
from chalicelib.model.rows import Value
from chalicelib.schema.identity import normalised
from chalicelib.stores.interfaces import RecordPage

FILTERED_PAGES = 20
"""Pages that a listing with filters reads in one request; the cursor goes on from there."""

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
    """Returns at most `limit` records and a cursor.

    With filters a page may hold fewer, even none, and still have a cursor: the rest of the records has not been looked
    at.
    """
    _check_filters(resource, query.filters)
    found: list[Record] = []
    cursor = query.cursor
    for _ in range(FILTERED_PAGES):
        page = _read_page(context, caller, resource, limit=query.limit - len(found), cursor=cursor)
        found += [record for record in page.records if _is_selected(resource, record, query.filters)]
        cursor = page.cursor
        if cursor is None or len(found) >= query.limit or not query.filters:
            break
    return RecordPage(records=tuple(found), cursor=cursor)


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
