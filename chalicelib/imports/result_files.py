"""What an import leaves behind: what became of its rows, in pages, and the files for people, which are its upload and
its rejected rows, each as CSV and JSON.

All files are written side by side, while the work objects are read once, block by block. Formulas in CSV are
disarmed, and armed again when such a file is uploaded.
"""

from collections.abc import Iterator, Sequence

from chalicelib.errors import NotFound
from chalicelib.formats.json.writer import JsonArray
from chalicelib.formats.registry import FORMATS, find_format_of_name
from chalicelib.imports.errors_file import ErrorsFile, Rejected, find_rejections
from chalicelib.imports.source_findings import source_headers
from chalicelib.imports.source_rows import OTHER_KEYS, RowValues, lines_of, to_cells, to_lines, to_objects
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.workspace import SourceSummary, Workspace
from chalicelib.model.error_columns import OURS
from chalicelib.model.object_keys import ResultFile, result_key
from chalicelib.schema.header_rules import HeaderRules

UPLOAD = (ResultFile.UPLOAD_CSV, ResultFile.UPLOAD_JSON)
"""The rows as they were given, whatever format they came in."""
ERRORS = (ResultFile.ERRORS_CSV, ResultFile.ERRORS_JSON)
"""The rows that failed or were skipped, in file order."""

Chunks = Iterator[tuple[ResultFile, bytes]]


def write_row_pages(context: TaskContext) -> None:
    """Writes what became of every row: rows without an outcome are unprocessed. Nothing where none was read."""
    workspace = context.workspace
    try:
        batches = workspace.get_batches()
    except NotFound:
        return
    ranges = []
    for batch in batches:
        outcomes = {
            one.row_number: one for phase in workspace.row_phases for one in workspace.each_outcome(phase, batch)
        }
        ranges.append((batch, workspace.row_pages.write(batch, outcomes)))
    workspace.row_pages.write_index(ranges)


def write_files(context: TaskContext, *, has_upload: bool, has_errors: bool) -> None:
    """Writes the files of an import side by side, reading its batches once. Its row pages are written by then."""
    files = (*UPLOAD * has_upload, *ERRORS * has_errors)
    if not files:
        return
    keys = {file: result_key(context.import_.tenant_id, context.import_.import_id, file) for file in files}
    content_types = {key: _content_type(file) for file, key in keys.items()}
    summary = context.workspace.get_source_summary()
    headers = list(summary.headers) or _columns_of(context, summary)
    surplus = min(max(0, summary.widest - len(headers)), context.limits.surplus_columns)
    import_id, by_field = summary.comes_from or context.import_.import_id, source_headers(context.import_, summary)
    errors = ErrorsFile(headers, surplus, import_id, by_field) if has_errors else None
    chunks = _ResultChunks(context.workspace, headers, errors, has_upload=has_upload)
    context.stores.files.write_streams(content_types, ((keys[file], chunk) for file, chunk in chunks.each()))


class _ResultChunks:
    """Of the files that are wanted, as far as each of them has come."""

    def __init__(
        self, workspace: Workspace, headers: list[str], errors: ErrorsFile | None, *, has_upload: bool
    ) -> None:
        self._workspace = workspace
        self._headers = headers
        self._errors_file = errors
        self._has_upload = has_upload
        self._upload, self._errors = JsonArray(), JsonArray()

    def each(self) -> Chunks:
        if self._has_upload:
            yield ResultFile.UPLOAD_CSV, to_lines([self._headers], self._headers)
        if self._errors_file:
            yield ResultFile.ERRORS_CSV, self._errors_file.header_line()
        for batch in self._workspace.get_batches():
            yield from self._each_of(batch)
        if self._has_upload:
            yield ResultFile.UPLOAD_JSON, self._upload.closing()
        if self._errors_file:
            yield ResultFile.ERRORS_JSON, self._errors.closing()

    def _each_of(self, batch: int) -> Chunks:
        rejections = find_rejections(self._workspace, batch) if self._errors_file else {}
        if not (rejections or self._has_upload):
            return
        for numbers, given in self._workspace.each_block_of_given(batch):
            if self._has_upload:
                yield from self._each_original(given)
            rejected = [place for place, number in enumerate(numbers) if number in rejections] if rejections else []
            if rejected and self._errors_file:
                rows = [(given[place], rejections[numbers[place]]) for place in rejected]
                yield from self._each_rejected(self._errors_file, rows)

    def _each_original(self, given: Sequence[RowValues]) -> Chunks:
        headers = self._headers
        lines = lines_of(given, len(headers), lambda row: row if isinstance(row, list) else to_cells(row, headers))
        yield ResultFile.UPLOAD_CSV, lines
        yield ResultFile.UPLOAD_JSON, self._upload.to_chunk(to_objects(given, headers))

    def _each_rejected(self, file: ErrorsFile, rows: Sequence[Rejected]) -> Chunks:
        yield ResultFile.ERRORS_CSV, file.to_lines(rows)
        yield ResultFile.ERRORS_JSON, self._errors.to_chunk(file.to_objects(rows))


def _content_type(file: ResultFile) -> str:
    format_ = find_format_of_name(file)
    assert format_ is not None, "result files are named by their format"
    return FORMATS[format_].content_type


def _columns_of(context: TaskContext, summary: SourceSummary) -> list[str]:
    """Returns a column for each key of JSON rows. Of many keys, those that feed no field share one: else a row that
    gives a single key would take as many cells as there are keys in the source."""
    if len(summary.keys) <= context.limits.json_columns:
        return list(summary.keys)
    rules = HeaderRules(context.resource, summary.column_mapping or context.import_.column_mapping)
    return [*(key for key in summary.keys if key in OURS or rules.meaning_of(key).field), OTHER_KEYS]
