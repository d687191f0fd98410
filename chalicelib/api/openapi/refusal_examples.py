"""A sample refusal of each code that operations document, from which each dialect's examples are rendered.

Below them stand groups of codes that several operations share.
"""

from collections.abc import Mapping, Sequence
from typing import get_args

from chalicelib.errors import Conflict, NotFound, Refused
from chalicelib.model.api_keys import Scope
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.rate_limits import MINUTE_S, RateLimit, RateLimitStatus
from chalicelib.model.refusals import InvalidFileCode, InvalidSourceCode, RefusalCode, RefusalKind

AT = 1_764_000_000
"""When everything in the examples happens: 2025-11-24T16:00:00Z."""
RATE_LIMIT_STATUS = RateLimitStatus(rate_limit=RateLimit(3_000, MINUTE_S), used=12, begins_at=AT)
_EXCEEDED = RateLimitStatus(rate_limit=RateLimit(3_000, MINUTE_S), used=3_000, begins_at=AT, is_exceeded=True)
_SIZE = DEFAULT_LIMITS.inline_upload_bytes


def too_large(param: str, advice: str) -> Refused:
    """Returns the refusal of a source that is too large for a request, with what the dialect offers instead."""
    return Refused("too_large", f"The source has 5200000 bytes, the limit is {_SIZE}. {advice}", param=param)


_ALL = (
    # who asks
    Refused("missing_key", "An API key is required."),
    Refused("unknown_key", "The API key is not known."),
    Refused("expired_key", "The API key has expired."),
    Refused("insufficient_scope", "The API key lacks the scope imports:write.", scope=Scope.IMPORTS_WRITE, kind=None),
    Refused(
        "rate_limited", "Rate limit exceeded. Try again in 12 seconds", rate_limit_status=_EXCEEDED, retry_after_s=12
    ),
    # the request
    Refused("invalid_json", "The body is not valid JSON: Expecting value, line 1, column 14."),
    Refused("invalid_encoding", "The body is not UTF-8. A replacement character that is meant is written \\ufffd."),
    Refused("nested_too_deep", "The body nests deeper than 66 levels."),
    Refused("unsupported_media_type", "Send JSON, with Content-Type: application/json, not text/csv."),
    Refused(
        "invalid_parameter",
        "limit: Input should be less than or equal to 100.",
        param="limit",
        errors=["limit: Input should be less than or equal to 100.", "colour: Unknown parameter."],
        fault="less_than_equal",
    ),
    Refused("unknown_resource", "There is no resource 'cars'.", param="resource"),
    Refused("unknown_field", "'colour' is no field of contacts.", param="colour"),
    Refused("invalid_filter", "There is no operator 'like'; there are eq, ne, in, contains.", param="operator"),
    Refused("invalid_cursor", "The cursor is not one of this listing. Begin without one.", param="cursor"),
    Refused("selection_too_long", "The export would read for more than 20 seconds. Ask for less of it."),
    Refused("selection_too_large", "The export has more than 64 MB. Ask for less of it."),
    # what was asked for
    NotFound("path_not_found", "There is nothing at this path."),
    NotFound("import_not_found", "There is no import 'imp_5wr6c1'."),
    NotFound("resource_not_found", "There is no resource 'cars'."),
    NotFound("record_not_found", "There is no contact 'con_5wr6c1'."),
    Conflict("already_ended", "The import has ended already: completed."),
    Refused("rows_expired", "The rows of the import are no longer kept; its record of counts is."),
    Conflict("not_ended", "The import is still processing; cancel it first."),
    Conflict("not_confirmable", "Only a preview that has completed can be confirmed."),
    Conflict("already_confirmed", "The preview was confirmed already, as imp_7dh2wq9rk4b5zc1n8x3v."),
    Conflict("preview_expired", "A preview can be confirmed for 7 days. Preview the file again."),
    Conflict(
        "cannot_redrive", "The import is completed: only one that was interrupted, or ran out of time, can go on."
    ),
    Conflict("nothing_to_undo", "The import has changed no record."),
    Conflict("already_reverted", "All that the import changed was reversed already, by imp_7dh2wq9rk4b5zc1n8x3v."),
    Conflict("undo_expired", "An import can be undone for 7 days."),
    Conflict("upload_incomplete", "Part 3 of 7 has not been sent, and 2 more. Send them, and say so again."),
    Conflict("not_retryable", "A preview has written nothing. Confirm it, and try again what fails then."),
    Conflict("nothing_to_retry", "No row of the import is failed."),
    Conflict("too_many_retries", "Rows of one import can be tried again 50 times. Upload an errors file."),
    Conflict("import_started", "The import is processing: it waits for nothing any more."),
    NotFound("profile_not_found", "There is no import profile 'weekly-customers'."),
    Conflict("source_not_ready", "The source is being looked at. Ask again in a moment."),
    Refused("source_gone", "The source of the import is not kept."),
    Conflict("file_missing", "Its file has not come yet. PUT it to _upload_url first."),
    Conflict("import_busy", "The import is busy with imp_7dh2wq9rk4b5zc1n8x3v. Wait until that has ended."),
    Refused("idempotency_key_reused", "The key belongs to another request. Take a new one.", param="Idempotency-Key"),
    Conflict(
        "idempotency_key_in_use", "The same request is at work. Ask again.", param="Idempotency-Key", retry_after_s=1
    ),
)

_OF_SOURCES = (
    Refused("expansion_refused", "The source would grow to more than 200 times its size."),
    Refused("empty_source", "The source is empty. Send a file that has a header line and at least one row."),
    Refused("unreadable_format", "This is a PDF, not a table. Send CSV, TSV, XLSX, JSON or NDJSON."),
    Refused(
        "ambiguous_list",
        "It is not clear which rows of the JSON document are meant: contacts (2 rows), groups (1 row).",
    ),
    Refused("unreadable_header", "The header line has the same name twice: 'email'. Rename one of them."),
    Refused("no_known_header", "No header of the source is a field of contacts; it has: sku, quantity. Check that …"),
    Refused("no_identity_column", "To overwrite contacts, rows must say which record they mean, by one of: id, email."),
    Refused("unsupported_encoding", "There is no encoding 'klingon'.", param="encoding"),
    Refused(
        "encoding_uncertain",
        "The encoding is not certain. State it, or save the file as UTF-8. One line of the source, as it would be:"
        "\ncp1250: 7,Tomljanović\ncp1252: 7,Tomljanoviæ",
        param="encoding",
    ),
    Refused("too_many_columns", "The source has 1300 columns, the limit is 1024."),
    Refused("too_many_rows", "There are more than 20000 rows in one go. Split the source."),
    Refused("damaged_workbook", "The workbook is damaged. Open it, save it again, and send that."),
    Refused("encrypted_workbook", "The workbook is protected by a password. Save it without one, and send that."),
    Refused("sheet_not_found", "There is no sheet 'Q3'.", param="sheet"),
    Refused("invalid_option", "Must be one character.", param="delimiter"),
    Refused("invalid_column_mapping", "'colour' is no field of contacts.", param="column_mapping"),
)
"""In the order of the document."""

WITH_BODY: Sequence[RefusalCode] = ("invalid_json", "invalid_encoding", "nested_too_deep", "unsupported_media_type")
"""How any body may be refused before it is looked at."""

REPEATED: Sequence[RefusalCode] = ("idempotency_key_reused", "idempotency_key_in_use")
"""How a request that bears an idempotency key may be refused."""
WITH_FORM: Sequence[RefusalCode] = ("invalid_encoding", "unsupported_media_type")

_CATALOGUED: Sequence[RefusalCode] = (
    *RefusalKind.LARGE_SOURCE.codes,
    *get_args(InvalidSourceCode),
    *get_args(InvalidFileCode),
)

SOURCE: Sequence[RefusalCode] = tuple(dict.fromkeys([*(one.code for one in _OF_SOURCES), *_CATALOGUED]))
"""How a file that comes with a request may be refused: all that the catalogue knows of sources."""

_ONLY_FILES: frozenset[RefusalCode] = frozenset({"expansion_refused", *get_args(InvalidFileCode)})

RECORDS: Sequence[RefusalCode] = tuple(code for code in SOURCE if code in set(_CATALOGUED) - _ONLY_FILES)
"""How records that come with a request may be refused."""


def _plain(code: RefusalCode) -> Refused:
    """Returns a sample for a code that has none of its own yet: the code, as a sentence."""
    return Refused(code, f"{code.replace('_', ' ').capitalize()}.")


SAMPLES: Mapping[RefusalCode, Refused] = {code: _plain(code) for code in SOURCE} | {
    one.code: one for one in (*_ALL, *_OF_SOURCES)
}
