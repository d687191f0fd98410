"""An import whose file came along with the request and takes the machine's road from its beginning.

The file is stored where an upload would lie, and the import goes on as if it had been uploaded: broken off anywhere,
the event about the object, or the reaper, takes it up. Whatever is wrong with the file as a whole is refused before.
"""

import logging
from io import BytesIO
from itertools import islice

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Refused, Retryable
from chalicelib.formats import RecordNames, Table, open_table
from chalicelib.imports.create import InlineSource, StatedUpload, request_import
from chalicelib.imports.inline_check import check_inline
from chalicelib.imports.request import ImportRequest, checked_resource
from chalicelib.imports.uploads import file_arrived
from chalicelib.model.imports import Import, RowRules
from chalicelib.schema.csv_template import check_header, too_many_rows

logger = logging.getLogger(__name__)


def start_import(context: Context, caller: Caller, wanted: ImportRequest, inline: InlineSource) -> Import:
    """The import, queued: the machine begins at prevalidation."""
    limit, size_bytes = context.limits.inline_upload_bytes, len(inline.content)
    if size_bytes > limit:
        message = f"The file has {size_bytes} bytes, the limit is {limit}. Ask for a signed upload and send it there."
        raise Refused("too_large", message, param="file", size_bytes=size_bytes, limit_bytes=limit)
    record_names = RecordNames.of(checked_resource(wanted), wanted.column_mapping)
    content = BytesIO(inline.content)
    table = open_table(content, wanted.reading, context.limits, filename=wanted.filename, record_names=record_names)
    _check(table, wanted.rules)
    check_inline(wanted, table, inline.content, context.limits)
    stated = StatedUpload(content_type=inline.content_type, size_bytes=size_bytes)
    import_ = request_import(context, caller, wanted, stated)
    assert import_.source is not None, "a requested import has a place for its source"
    file = context.stores.files.write_file(import_.source.key, inline.content, content_type=inline.content_type)
    try:
        return file_arrived(context, file.key, file.version_id) or import_
    except Retryable:
        logger.warning("import %s is started by the event about its file", import_.import_id, exc_info=True)
        return import_


def _check(table: Table, rules: RowRules) -> None:
    """What the first task would find, told at once."""
    check_header(rules, table.headers, table.format)
    limit = rules.max_rows
    if limit and sum(1 for _ in islice(table.rows, limit + 1)) > limit:
        raise too_many_rows(limit)
