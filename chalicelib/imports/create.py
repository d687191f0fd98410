"""How an import comes to be.

    async   request_import → requested; the caller sends the source to the signed link; `uploads.py` goes on
    sent    start_import → queued; the source came along, and is stored as if it had been uploaded (`starting.py`)
    sync    import_now → two phases inside the request, then stored as processing; the machine goes on at transforming
    inside  run_import → all phases inside the request, which answers with the outcome of every row

What is wrong with the request or with the source as a whole is refused before anything is written.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import md5
from io import BytesIO
from operator import attrgetter

from chalicelib.access.context import Caller, Context, InlineRun
from chalicelib.access.validation import checked_text
from chalicelib.errors import Conflict, Fatal, Refused, Retryable, SluiceError
from chalicelib.formats import RecordNames, Table, open_table
from chalicelib.formats.registry import find_extension
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.inline_check import check_inline
from chalicelib.imports.options import to_fields
from chalicelib.imports.request import ImportRequest, checked_resource
from chalicelib.imports.tasks.earlier_import import find_earlier_import
from chalicelib.log_keys import add_log_keys
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, Source, Stats, Status, UploadMode, pending_phases
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import upload_key
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.reading_budget import Allowance, ReadingBudget
from chalicelib.model.rows import Outcome, RowOutcome
from chalicelib.model.stop_reasons import CANCELED, EndReason, end_reason_of
from chalicelib.model.task_results import InlineResult

SPLIT = "Split it into several imports."
"""What always helps with a source that is too large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedUpload:
    """What the caller says of the file to come. It is signed, and checked when the file arrives."""

    content_type: str = ""
    size_bytes: int = 0
    """0: not said."""
    size_param: str = "size_bytes"
    """The parameter that says it."""
    checksum: str = ""
    """MD5, in hexadecimal digits; looked at when the file has arrived."""
    is_in_parts: bool = False
    """Whether it is sent in parts, which its size divides it into."""

    def limit_bytes(self, limits: Limits) -> int:
        """Returns how large the file may be."""
        return limits.parts_upload_bytes if self.is_in_parts else limits.upload_bytes


NOTHING_STATED = StatedUpload()


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineSource:
    """A source that came with the request."""

    content: bytes
    content_type: str = ""
    param: str = "data"
    """The parameter that it came as."""
    advice: str = SPLIT
    """A sentence that says how the dialect takes a larger one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpenedSource:
    """A source that came with the request, and the table already opened over its bytes."""

    content: bytes
    filename: str
    """As it was stated, or made up from the content type, so that its ending tells the format."""
    table: Table


def inline_source(records: Sequence[object], *, param: str = "data", advice: str = SPLIT) -> InlineSource:
    """Returns records that came as JSON as a source: a JSON array."""
    text = json.dumps(records, ensure_ascii=False, separators=(",", ":"))
    try:
        content = text.encode()
    except UnicodeEncodeError:  # a lone surrogate: its row fails, as the escape shows
        content = json.dumps(records, separators=(",", ":")).encode()
    return InlineSource(content=content, content_type="application/json", param=param, advice=advice)


def checked_size(inline: InlineSource, limits: Limits) -> InlineSource:
    """Returns the source. Raises Refused `too_large` for one that a request cannot bring along."""
    size_bytes, limit = len(inline.content), limits.inline_upload_bytes
    if size_bytes > limit:
        raise _too_large(size_bytes, limit, inline.advice, param=inline.param)
    return inline


def request_import(
    context: Context, caller: Caller, wanted: ImportRequest, stated: StatedUpload = NOTHING_STATED
) -> Import:
    """Adds an import that waits for its source until `upload_expires_at`, and returns it. Raises Refused."""
    import_ = draft_import(context, caller, wanted, UploadMode.ASYNC)
    limit = stated.limit_bytes(context.limits)
    if stated.size_bytes > limit:
        raise _too_large(stated.size_bytes, limit, SPLIT, param=stated.size_param)
    content_type = checked_text(stated.content_type, param="content_type")
    key = upload_key(import_.tenant_id, import_.import_id)
    source = Source(
        key=key,
        size_bytes=stated.size_bytes,
        checksum=stated.checksum,
        content_type=content_type,
        filename=wanted.filename,
        upload_id=context.stores.files.start_parts(key, content_type=content_type) if stated.is_in_parts else "",
    )
    expires_at = import_.created_at + context.limits.upload_window_s
    return _added(context, replace(import_, source=source, upload_expires_at=expires_at))


def import_now(context: Context, caller: Caller, wanted: ImportRequest, inline: InlineSource) -> Import:
    """Adds an import whose source came along, runs its first phases, and returns it. The machine does the rest."""
    budget = reading_budget(context, inline.advice)
    queued = _queued(context, caller, wanted, inline, budget)
    wanted_by = _with_deadline(queued, context.limits.import_time_s)
    entered = context.runner.run_first_phases(wanted_by, _inline_run(context, inline, budget))
    return _started(context, entered)


def run_import(context: Context, caller: Caller, wanted: ImportRequest, inline: InlineSource) -> InlineResult:
    """Adds an import whose source came along, runs it to its end, and returns it with the outcome of every row. Where
    its time was over in the middle, rows that were not written have failed by `time_limit`.

    Raises Retryable where its time was over before the first row was written.
    """
    budget = reading_budget(context, inline.advice)
    queued = _queued(context, caller, wanted, inline, budget)
    wanted_by = _with_deadline(queued, context.limits.sync_import_time_s)
    arrived = context.runner.run_all_phases(wanted_by, _inline_run(context, inline, budget))
    status, reason = arrived.import_.status, arrived.import_.reason
    if status in (Status.TIMED_OUT, Status.PROCESSING):
        if not _tells_enough(arrived.import_.stats):
            raise Retryable(f"import {queued.import_id} did not end within {context.limits.sync_import_time_s} s")
        return _with_rest(arrived)
    if status is Status.CANCELED:
        raise Conflict("already_ended", "The import was canceled.")
    if status is not Status.COMPLETED:
        raise Fatal(f"import {queued.import_id} has ended as {status.value}: {reason}")
    return arrived


def reading_budget(context: Context, advice: str) -> ReadingBudget:
    """Returns what reading a source inside a request may take, from now on; `advice` says what to do with a larger
    one."""
    limits = context.limits
    return ReadingBudget(
        Allowance(cpu_s=limits.inline_read_cpu_s, time_s=limits.sync_import_time_s, rows=limits.sync_import_rows),
        advice=advice,
        processor_time=context.processor_time,
        clock=context.clock,
    )


def _tells_enough(stats: Stats) -> bool:
    """Whether the caller has to know of an import whose time was over: it has written, or all its rows are told."""
    return bool(stats.written) or 0 < stats.total == stats.accounted - stats.unprocessed


def _with_rest(arrived: InlineResult) -> InlineResult:
    """With the rows that have no outcome as failed, which the import shows as unprocessed."""
    told, stats = {one.row_number for one in arrived.outcomes}, arrived.import_.stats.with_unprocessed_rest()
    rest = [_not_reached(number) for number in range(1, stats.total + 1) if number not in told]
    counted = replace(stats, failed=stats.failed + stats.unprocessed, unprocessed=0)
    outcomes = sorted((*arrived.outcomes, *rest), key=attrgetter("row_number"))
    return InlineResult(replace(arrived.import_, stats=counted), tuple(outcomes))


def _not_reached(number: int) -> RowOutcome:
    return RowOutcome(number, number, Outcome.FAILED, None, [Problem(ProblemCode.TIME_LIMIT, number, number)])


def _queued(
    context: Context,
    caller: Caller,
    wanted: ImportRequest,
    inline: InlineSource,
    budget: ReadingBudget,
) -> Import:
    """The import as it is to be added, once its source has been looked at."""
    wanted = _with_charset(wanted, inline.content_type)
    import_ = draft_import(context, caller, wanted, UploadMode.SYNC)
    upload = _opened(context, import_, inline, wanted.filename, budget)
    if not wanted.column_mapping:
        earlier_import = find_earlier_import(context.stores.imports, import_.tenant_id, import_.resource, upload.table)
        upload = replace(upload, table=earlier_import.table)
        wanted = replace(wanted, column_mapping=earlier_import.column_mapping)
        import_ = replace(import_, column_mapping=earlier_import.column_mapping)
    check_inline(replace(wanted, filename=upload.filename), upload.table, inline.content, context.limits, budget)
    source = Source(
        key=upload_key(import_.tenant_id, import_.import_id),
        size_bytes=len(inline.content),
        checksum=md5(inline.content, usedforsecurity=False).hexdigest(),
        filename=upload.filename,
        content_type=inline.content_type,
    )
    return replace(import_, status=Status.QUEUED, source=source)


def _with_deadline(import_: Import, time_s: int) -> Import:
    return replace(import_, deadline_at=import_.created_at + time_s)


def _with_charset(wanted: ImportRequest, content_type: str) -> ImportRequest:
    """A charset beside the type is the caller's word on the encoding, unless the reading options have another."""
    found = _CHARSET.search(content_type)
    if found is None or wanted.reading.encoding is not None:
        return wanted
    return replace(wanted, reading=replace(wanted.reading, encoding=found["name"]))


def draft_import(context: Context, caller: Caller, wanted: ImportRequest, mode: UploadMode) -> Import:
    """Returns a sound request as an import, which is not stored yet. Raises Refused."""
    resource, now = checked_resource(wanted), context.clock()
    import_id = ImportId(context.new_id("imp"))
    add_log_keys({"import_id": import_id})
    return Import(
        import_id=import_id,
        tenant_id=caller.tenant_id,
        resource=resource.name,
        upload_mode=mode,
        dialect=wanted.dialect,
        **{**to_fields(wanted), "hold": wanted.hold and mode is UploadMode.ASYNC},
        phases=pending_phases(mode),
        created_by=caller.key_id,
        updated_by=caller.key_id,
        created_at=now,
        updated_at=now,
    )


def _added(context: Context, import_: Import) -> Import:
    """The import as stored: where a request follows one that broke off (`turns.py`), it finds what that one left."""
    context.begin_work()
    if context.stores.imports.add(import_):
        return import_
    found = context.stores.imports.find(import_.tenant_id, import_.import_id)
    if found is None:
        raise Conflict("already_ended", "The import was deleted.")
    return found


def _opened(
    context: Context, import_: Import, inline: InlineSource, filename: str, budget: ReadingBudget
) -> _OpenedSource:
    checked_size(inline, context.limits)
    filename = filename or _name_of(inline.content_type)
    record_names = RecordNames.of(RESOURCES[import_.resource], import_.column_mapping)
    table = open_table(
        BytesIO(inline.content),
        import_.reading,
        context.limits,
        filename=filename,
        record_names=record_names,
        budget=budget,
    )
    return _OpenedSource(content=inline.content, filename=filename, table=table)


def _inline_run(context: Context, inline: InlineSource, budget: ReadingBudget) -> InlineRun:
    return InlineRun(inline.content, budget, context.begin_work)


def _started(context: Context, import_: Import) -> Import:
    """An import whose machine did not get going is not left waiting for its deadline."""
    if import_.is_final or import_.status is Status.CANCELING:
        return import_
    try:
        import_queue(context.stores, context.limits, context.clock).start_or_enqueue(import_)
    except SluiceError:
        _give_up(context, import_)
        raise
    return import_


def _give_up(context: Context, import_: Import) -> None:
    stored = context.stores.imports.find(import_.tenant_id, import_.import_id) or import_
    is_canceled = stored.status in (Status.CANCELING, Status.CANCELED)
    not_started = EndReason(Status.FAILED, "not_started: the import could not be started.")
    context.runner.end(stored, end_reason_of(CANCELED) if is_canceled else not_started)


def _too_large(size_bytes: int, limit: int, advice: str, *, param: str) -> Refused:
    message = f"The source has {size_bytes} bytes, the limit is {limit}. {advice}"
    return Refused("too_large", message, param=param, size_bytes=size_bytes, limit_bytes=limit)


_CHARSET = re.compile(r";\s*charset=\"?(?P<name>[\w.:-]+)", re.IGNORECASE)


def _name_of(content_type: str) -> str:
    """A name whose suffix tells the format, as far as the type tells it."""
    extension = find_extension(content_type)
    return f"upload{extension}" if extension else ""
