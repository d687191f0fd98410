"""A file was dropped: it becomes an import, once for each version of the object.

Events come twice, late and out of order, so the import's id is derived from what the event names: the first event adds
the import, any later one only asks the machine to start again, which it does once. A file that cannot become an import
gets a result beside it that says why. A tenant is known from its first API key on.
"""

import logging
from dataclasses import replace

import orjson

from chalicelib.errors import Refused
from chalicelib.model.dropped import DROPPED, RESULT, dropped_id, is_dropped, to_action, to_address, to_refusal
from chalicelib.model.imports import DuplicateHandling, Import, Source, Status, UploadMode
from chalicelib.operations.context import Caller, Context
from chalicelib.operations.creation import draft_import
from chalicelib.operations.wanted import Wanted
from chalicelib.stores.interfaces import StoredFile

logger = logging.getLogger(__name__)


def file_dropped(context: Context, bucket: str, key: str, version_id: str | None = None) -> Import | None:
    """The import as it is stored now; None where there is none."""
    file = context.stores.files.find_file(key, version_id) if is_dropped(key) else None
    if file is None:
        logger.info("no file to import: %s", key)
        return None
    source = _to_source(file)
    try:
        import_ = _queued(context, bucket, source)
    except Refused as refusal:
        _say_so(context, source, refusal)
        return None
    return _started(context, import_)


def _queued(context: Context, bucket: str, source: Source) -> Import:
    """Raises Refused where the key or the size of the file cannot be that of an import."""
    address = to_address(source.key)
    if not context.stores.keys.has_tenant(address.tenant_id):
        raise Refused("unknown_tenant", f"There is no tenant {address.tenant_id[:40]!r}.")
    limit = context.limits.upload_bytes
    if source.size_bytes > limit:
        raise Refused("too_large", f"The file has {source.size_bytes} bytes, the limit is {limit}. Split it.")
    wanted = Wanted(
        dialect=DROPPED,
        resource=address.resource,
        action=to_action(address.action),
        duplicate_handling=DuplicateHandling.USE_FIRST,
        filename=address.filename,
    )
    caller = Caller(tenant_id=address.tenant_id, key_id=DROPPED, scopes=frozenset())
    return replace(
        draft_import(context, caller, wanted, UploadMode.ASYNC),
        import_id=dropped_id(bucket, source),
        status=Status.QUEUED,
        source=replace(source, filename=address.filename),
        deadline_at=context.clock() + context.limits.import_time_s,
    )


def _started(context: Context, import_: Import) -> Import | None:
    """None where the import was deleted meanwhile."""
    context.stores.imports.add(import_)
    stored = context.stores.imports.find(import_.tenant_id, import_.import_id)
    if stored is not None and stored.status is Status.QUEUED:
        context.admission.begin(stored)
    return stored


def _say_so(context: Context, source: Source, refusal: Refused) -> None:
    result = to_refusal(source, f"{refusal.code}: {refusal.message}", context.clock())
    context.stores.files.write_file(source.key + RESULT, orjson.dumps(result), content_type="application/json")


def _to_source(file: StoredFile) -> Source:
    return Source(
        key=file.key,
        version_id=file.version_id,
        size_bytes=file.size_bytes,
        checksum=file.checksum,
        content_type=file.content_type,
    )
