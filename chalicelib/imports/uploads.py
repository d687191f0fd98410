"""A file has arrived by signed upload: the import that waits for it may begin, or is held (`held.py`).

Events about uploads come twice, late and out of order, so nothing here counts them: the first one changes the
status, conditionally, and records which object version is the source; any later one only asks the machine to start
again, which it does once. A file that no import will ever read is deleted: another version than the source, which
leaves a note on the import, and whatever comes after the import has ended without a source, or was deleted.
"""

import logging
from collections.abc import Sequence
from io import BytesIO
from itertools import islice

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict, Retryable
from chalicelib.formats import RecordNames, Table, open_table
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.create import InlineSource, StatedUpload, checked_size, reading_budget, request_import
from chalicelib.imports.held import file_missing, hold
from chalicelib.imports.inline_check import check_inline
from chalicelib.imports.inspected_source import ask_for_description
from chalicelib.imports.lifecycle import end_unbegun
from chalicelib.imports.request import ImportRequest, checked_resource
from chalicelib.imports.service import get_import
from chalicelib.imports.upload_parts import complete_upload
from chalicelib.log_keys import add_log_keys
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, Source, Status
from chalicelib.model.object_keys import find_owner
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.row_rules import RowRules
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import EndReason
from chalicelib.schema.csv_template import check_header, too_many_rows
from chalicelib.stores.interfaces import StoredFile

logger = logging.getLogger(__name__)

NOTES_KEPT = 10
"""How many ignored files are noted; an upload URL that takes more of them is used by a program in a loop."""
NOTING_TRIES = 8


def receive_file(context: Context, key: str, version_id: str | None = None) -> Import | None:
    """Begins the import that waits for this file, and returns it. Returns None where no import waits for it."""
    owner = find_owner(key)
    if owner is None:
        logger.info("the version %s of a file that no import waits for was ignored", version_id)
        return None
    add_log_keys({"tenant_id": owner[0], "import_id": owner[1]})
    import_ = context.stores.imports.find(*owner)
    if import_ is None:
        _delete_unread(context, key)
        return None
    if import_.status is Status.REQUESTED and not import_.is_held:
        import_ = _received(context, import_, key, version_id)
    if import_.is_held:
        ask_for_description(context, import_)
    if import_.status is Status.QUEUED:
        import_queue(context.stores, context.limits, context.clock).start_or_enqueue(import_)
    if _may_be_another(import_, version_id):
        _remove_others(context, import_)
    elif import_.is_final and _version_read(import_) is None:
        _delete_unread(context, key)
    return import_


def receive_sent(context: Context, caller: Caller, import_id: ImportId) -> Import:
    """Begins the import whose caller says that its file was sent, or holds it, before any event tells of the file, and
    returns it; a file that was sent in parts is made of them. Asking again changes nothing. Raises NotFound, and
    Conflict `file_missing`, `upload_incomplete` and `already_ended`."""
    import_ = get_import(context, caller, import_id)
    source = import_.source
    if source is not None and source.version_id is not None:
        return import_
    if source is None or import_.status is not Status.REQUESTED:
        raise Conflict("already_ended", f"The import takes no file any more: it is {import_.status.value}.")
    if source.upload_id:
        complete_upload(context, source)
    file = context.stores.files.find_file(source.key)
    if file is None and source.upload_id:
        raise Conflict("upload_incomplete", "The parts are no longer kept. Create the import again.")
    if file is None:
        raise file_missing()
    return _begun_by_event_at_latest(context, import_, file)


def _begun_by_event_at_latest(context: Context, import_: Import, file: StoredFile) -> Import:
    try:
        return receive_file(context, file.key, file.version_id) or import_
    except Retryable:
        logger.warning("import %s is started by the event about its file", import_.import_id, exc_info=True)
        return import_


def _delete_unread(context: Context, key: str) -> None:
    """The upload URL is good for longer than an import may be there; nothing reads this object any more."""
    logger.info("a file that came after its import was deleted")
    context.stores.files.delete_files(key)


def _version_read(import_: Import) -> str | None:
    return import_.source.version_id if import_.source else None


def _may_be_another(import_: Import, version_id: str | None) -> bool:
    """Whether the event may tell of another version than the one that the import reads; sources that came along with a
    request that read them at once have none."""
    read = _version_read(import_)
    return read is not None and read != version_id


def _remove_others(context: Context, import_: Import) -> None:
    """Deletes all files of the import but the one that is read, each once the import tells of it. All versions are
    looked at, whatever the event tells: events get lost, and come in any order."""
    assert import_.source is not None, "an import that reads a version has a source"
    read = import_.source
    others = [one for one in context.stores.files.list_versions(read.key) if one.version_id != read.version_id]
    _note(context, import_, read, others)
    context.stores.files.delete_versions(others)


def _note(context: Context, import_: Import, read: Source, others: Sequence[StoredFile]) -> None:
    """Says on the import, once for each of the other files, that it is ignored."""
    stored: Import | None = import_
    for _ in range(NOTING_TRIES):
        noted = {problem.value for problem in stored.notes} if stored else set()
        fresh = [_to_note(read, one) for one in reversed(others) if one.version_id not in noted]
        if stored is None or not fresh or len(noted) >= NOTES_KEPT:
            return
        if context.stores.imports.note(stored, (*stored.notes, *fresh)[:NOTES_KEPT]):
            return
        stored = context.stores.imports.find(import_.tenant_id, import_.import_id)
    raise Retryable(f"the notes of import {import_.import_id} keep changing")


def _to_note(read: Source, file: StoredFile) -> Problem:
    facts = {"size_bytes": file.size_bytes, "read_bytes": read.size_bytes}
    return Problem(ProblemCode.UPLOAD_IGNORED, value=file.version_id, facts=facts)


def _received(context: Context, import_: Import, key: str, version_id: str | None) -> Import:
    file = context.stores.files.find_file(key, version_id)
    if file is None:
        logger.info("the file of import %s is gone again", import_.import_id)
        return import_
    changed = _taken(context, import_, file)
    return changed or context.stores.imports.find(import_.tenant_id, import_.import_id) or import_


def _taken(context: Context, import_: Import, file: StoredFile) -> Import | None:
    if fault := _find_fault(context, import_, file):
        return _refuse(context, import_, file, fault)
    return hold(context, import_, _source_of(import_, file)) if import_.hold else _queue(context, import_, file)


def _find_fault(context: Context, import_: Import, file: StoredFile) -> str | None:
    """The length is signed where it was stated; here it is checked, whatever the signature let through. The entity tag
    of an object sent by one PUT, encrypted with S3's own keys, is its MD5 (S3, checking object integrity).
    """
    source = import_.source
    limit = context.limits.parts_upload_bytes if source and source.upload_id else context.limits.upload_bytes
    stated = source.size_bytes if source else 0
    if file.size_bytes > limit:
        return f"too_large: the file has {file.size_bytes} bytes, the limit is {limit}."
    if stated and file.size_bytes != stated:
        return f"size_differs: the file has {file.size_bytes} bytes, {stated} were announced."
    announced = source.checksum if source else ""
    if announced and file.checksum != announced.lower():
        return f"checksum_differs: the file's MD5 is {file.checksum}, {announced.lower()} was announced."
    return None


def _refuse(context: Context, import_: Import, file: StoredFile, fault: str) -> Import | None:
    return end_unbegun(context, import_, EndReason(Status.FAILED, fault), source=_source_of(import_, file))


def _queue(context: Context, import_: Import, file: StoredFile) -> Import | None:
    now, source = context.clock(), _source_of(import_, file)
    change = ImportChange(to=Status.QUEUED, at=now, source=source, deadline_at=now + context.limits.import_time_s)
    return context.stores.imports.change(import_.tenant_id, import_.import_id, change)


def _source_of(import_: Import, file: StoredFile) -> Source:
    asked = import_.source
    return Source(
        key=file.key,
        version_id=file.version_id,
        size_bytes=file.size_bytes,
        checksum=file.checksum,
        filename=asked.filename if asked else "",
        content_type=file.content_type,
        upload_id=asked.upload_id if asked else "",
    )


def start_import(context: Context, caller: Caller, wanted: ImportRequest, inline: InlineSource) -> Import:
    """Adds an import whose file came along, and returns it queued; the state machine begins at prevalidation."""
    record_names = RecordNames.of(checked_resource(wanted), wanted.column_mapping)
    content = BytesIO(checked_size(inline, context.limits).content)
    budget = reading_budget(context, inline.advice)
    table = open_table(
        content, wanted.reading, context.limits, filename=wanted.filename, record_names=record_names, budget=budget
    )
    _check_rows(table, wanted.rules)
    check_inline(wanted, table, inline.content, context.limits, budget)
    stated = StatedUpload(content_type=inline.content_type, size_bytes=len(inline.content))
    import_ = request_import(context, caller, wanted, stated)
    assert import_.source is not None, "a requested import has a place for its source"
    file = context.stores.files.write_file(import_.source.key, inline.content, content_type=inline.content_type)
    return _begun_by_event_at_latest(context, import_, file)


def _check_rows(table: Table, rules: RowRules) -> None:
    """What the first task would find, told at once."""
    check_header(rules, table.headers, table.format)
    limit = rules.max_rows
    if limit and sum(1 for _ in islice(table.rows, limit + 1)) > limit:
        raise too_many_rows(limit)
