"""Records as PackageX shows them. Times are epoch seconds."""

from chalicelib.api.http.response import JsonObject
from chalicelib.model.records import Record
from chalicelib.model.resources import Resource


def render_record(resource: Resource, record: Record) -> JsonObject:
    """Returns a record's fields, and around them what the service itself knows of it."""
    return {
        **record.fields,
        "object": resource.singular,
        "id": record.record_id,
        "version": record.version,
        "created_at": record.created_at // 1000,
        "updated_at": record.updated_at // 1000,
    }
