"""Records that dead references create: the company a contact names, where the dialect wants it so.

Their ids are derived from tenant and name, so that two imports that miss the same record make it once.
"""

from collections.abc import Iterable
from itertools import groupby

from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.recovery import NO_ROW
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.records import Record, Stamp, Write
from chalicelib.model.rows import Outcome
from chalicelib.schema.defaults import with_defaults
from chalicelib.schema.identity import identity_keys, match_keys
from chalicelib.schema.references import MissingRecord


def create_missing(context: TaskContext, missing: Iterable[MissingRecord]) -> None:
    """One that is there by now is left alone."""
    by_resource = sorted(missing, key=lambda one: one.resource)
    for resource, ones in groupby(by_resource, key=lambda one: one.resource):
        wanted = list(ones)
        tenant_id, records = context.import_.tenant_id, context.stores.records
        stored = records.get_many(tenant_id, resource, [one.record_id for one in wanted])
        writes = [
            _write(context, one, stored.get(one.record_id)) for one in wanted if not _is_live(stored.get(one.record_id))
        ]
        records.write_many(tenant_id, resource, writes, now_ms=int(context.now() * 1000))


def _is_live(record: Record | None) -> bool:
    return record is not None and not record.is_deleted


def _write(context: TaskContext, missing: MissingRecord, tombstone: Record | None) -> Write:
    resource = RESOURCES[missing.resource]
    fields = with_defaults(resource, missing.fields)
    return Write(
        record_id=missing.record_id,
        before=tombstone,
        fields=fields,
        claims=tuple(identity_keys(resource, fields)),
        match_keys=match_keys(resource, fields),
        stamp=Stamp(context.import_.import_id, NO_ROW, Outcome.CREATED),
    )
