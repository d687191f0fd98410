"""A file was dropped: it becomes an import, once for each version of the object.

Events come twice, late and out of order, so the import's id is derived from what the event names: the first event adds
the import, any later one only asks the machine to start again, which it does once. A file that cannot become an import,
as it was deleted at once, or has a key that leaves no room for a result, gets a result that says why. A tenant is known
from its first API key on.
"""

import logging
from dataclasses import replace
from typing import Any

import orjson

from chalicelib.access.context import Caller, Context
from chalicelib.errors import NotFound, Refused
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.create import draft_import
from chalicelib.imports.drop_keys import (
    DROPPED,
    FOLDER,
    KEY_BYTES,
    DropKey,
    dropped_id,
    is_dropped,
    is_too_long,
    result_key_of,
    to_action,
    to_address,
)
from chalicelib.imports.drop_result import from_result, to_refusal
from chalicelib.imports.held import fields_when_held
from chalicelib.imports.inspected_source import ask_for_description
from chalicelib.imports.profiles import find_profile, with_defaults, with_profile
from chalicelib.imports.request import ImportRequest
from chalicelib.imports.uploads import receive_file
from chalicelib.log_keys import add_log_keys
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Action, DuplicateHandling, Import, Source, Status, UploadMode
from chalicelib.stores.interfaces import StoredFile
from chalicelib.webhooks.outbox import publish_now

logger = logging.getLogger(__name__)


def object_stored(context: Context, bucket: str, key: str, version_id: str | None = None) -> Import | None:
    """Begins what a file that was stored in the bucket is for: a drop becomes an import, an upload lets one begin.

    Returns the import afterwards; None where there is none.
    """
    if key.startswith(FOLDER):
        return file_dropped(context, bucket, key, version_id)
    return receive_file(context, key, version_id)


def file_dropped(context: Context, bucket: str, key: str, version_id: str | None = None) -> Import | None:
    """Makes an import of a dropped file, or goes on with the one there is, and returns it. Returns None where there is
    none.
    """
    if not (is_dropped(key) or is_too_long(key)):
        return None
    file = context.stores.files.find_file(key, version_id)
    if file is None:
        _say_it_is_gone(context, bucket, Source(key=key, version_id=version_id))
        return None
    source = _to_source(file)
    try:
        import_ = _queued(context, bucket, source)
    except Refused as refusal:
        _say_so(context, source, refusal)
        return None
    return _started(context, import_)


def is_accounted_for(context: Context, file: StoredFile) -> bool:
    """Returns whether this version has become an import that goes its way, or has a result, as a refused one has. Costs
    two requests at most. One that is queued may have been left before it was started, so it is not told of for good.
    """
    source = _to_source(file)
    import_ = _find_import(context, context.stores.files.bucket, source)
    return _has_result(context, source) if import_ is None else import_.status is not Status.QUEUED


def _queued(context: Context, bucket: str, source: Source) -> Import:
    """Raises Refused where the key or the size of the file cannot be that of an import."""
    if is_too_long(source.key):
        message = f"A key may have {KEY_BYTES} bytes, and the result's would have more. Shorten the name."
        raise Refused("key_too_long", message)
    address = to_address(source.key)
    if not context.stores.keys.has_tenant(address.tenant_id):
        raise Refused("unknown_tenant", f"There is no tenant {address.tenant_id[:40]!r}.")
    limit = context.limits.upload_bytes
    if source.size_bytes > limit:
        raise Refused("too_large", f"The file has {source.size_bytes} bytes, the limit is {limit}. Split it.")
    caller = Caller(tenant_id=address.tenant_id, key_id=DROPPED, scopes=frozenset())
    drafted = draft_import(context, caller, _request_at(context, address), UploadMode.ASYNC)
    named = replace(source, filename=address.filename)
    return replace(drafted, import_id=dropped_id(bucket, source), **_begun_with(context, named, hold=drafted.hold))


def _request_at(context: Context, address: DropKey) -> ImportRequest:
    profile = find_profile(context, address.tenant_id, address.profile) if address.profile else None
    wanted = ImportRequest(
        dialect=DROPPED,
        resource=profile.resource if profile else address.resource,
        action=Action.MERGE if profile else to_action(address.action),
        duplicate_handling=DuplicateHandling.USE_FIRST,
        filename=address.filename,
    )
    wanted = with_defaults(context, address.tenant_id, wanted)
    return with_profile(wanted, profile) if profile else wanted


def _begun_with(context: Context, source: Source, *, hold: bool) -> dict[str, Any]:
    if hold:
        return fields_when_held(context, source)
    now = context.clock()
    deadline_at = now + context.limits.import_time_s
    return {"status": Status.QUEUED, "queued_at": now, "source": source, "deadline_at": deadline_at}


def _started(context: Context, import_: Import) -> Import | None:
    """None where the import was deleted meanwhile."""
    add_log_keys({"tenant_id": import_.tenant_id, "import_id": import_.import_id})
    context.stores.imports.add(import_)
    stored = context.stores.imports.find(import_.tenant_id, import_.import_id)
    if stored is not None and stored.is_held:
        publish_now(context.stores, stored)
        ask_for_description(context, stored)
    if stored is not None and stored.status is Status.QUEUED:
        import_queue(context.stores, context.limits, context.clock).start_or_enqueue(stored)
    return stored


def _say_so(context: Context, source: Source, refusal: Refused) -> None:
    result = to_refusal(source, f"{refusal.code}: {refusal.message}", context.clock())
    context.stores.files.write_file(result_key_of(source.key), orjson.dumps(result), content_type="application/json")


def _say_it_is_gone(context: Context, bucket: str, source: Source) -> None:
    """Not of a file that was imported before it was deleted, nor where another one lies in its place: their results
    stand there, or will."""
    files = context.stores.files
    if files.find_file(source.key) is None and not _is_known(context, bucket, source):
        _say_so(context, source, Refused("file_gone", "The file was deleted before it could be read. Drop it again."))


def _is_known(context: Context, bucket: str, source: Source) -> bool:
    """Whether this version has become an import. Its result tells of an import that was deleted since; where the event
    names no version, any result there may be its own."""
    return _has_result(context, source) or _find_import(context, bucket, source) is not None


def _find_import(context: Context, bucket: str, source: Source) -> Import | None:
    return context.stores.imports.find(TenantId(source.key.split("/")[1]), dropped_id(bucket, source))


def _has_result(context: Context, source: Source) -> bool:
    result = _find_result(context, source.key)
    told = result.get("source")
    is_of_version = isinstance(told, dict) and told.get("version_id") == source.version_id
    return bool(result) and (source.version_id is None or is_of_version)


def _find_result(context: Context, key: str) -> dict[str, Any]:
    try:
        return from_result(context.stores.files.read_file(result_key_of(key)))
    except NotFound:
        return {}


def _to_source(file: StoredFile) -> Source:
    return Source(
        key=file.key,
        version_id=file.version_id,
        size_bytes=file.size_bytes,
        checksum=file.checksum,
        content_type=file.content_type,
    )
