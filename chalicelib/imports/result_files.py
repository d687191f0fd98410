"""What an import leaves behind: what became of its rows, in pages, and the files for people, which are its upload and
its rows by what became of them, each as CSV and JSON.

All files are written side by side, while the work objects are read once, block by block. Formulas in CSV are
disarmed, and armed again when such a file is uploaded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.formats.json.writer import JsonArray
from chalicelib.formats.registry import FORMATS, find_format_of_name
from chalicelib.imports.errors_file import ErrorsFile, OutcomeRow
from chalicelib.imports.source_findings import source_headers
from chalicelib.imports.source_rows import OTHER_KEYS, RowValues, lines_of, to_cells, to_lines, to_objects
from chalicelib.imports.succeeded_file import SucceededFile
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.workspace import SourceSummary, Workspace
from chalicelib.model.error_columns import OURS
from chalicelib.model.imports import Stats
from chalicelib.model.object_keys import ResultFile, result_key
from chalicelib.model.rows import REJECTED, Outcome, RowOutcome
from chalicelib.schema.header_rules import HeaderRules

UPLOAD = (ResultFile.UPLOAD_CSV, ResultFile.UPLOAD_JSON)
"""The rows as they were given, whatever format they came in."""
ERRORS = (ResultFile.ERRORS_CSV, ResultFile.ERRORS_JSON)
"""The rows that failed or were skipped, in file order."""
UNPROCESSED = (ResultFile.UNPROCESSED_CSV, ResultFile.UNPROCESSED_JSON)
"""The rows to which an import did not come that ended early."""
SUCCEEDED = (ResultFile.SUCCEEDED_CSV, ResultFile.SUCCEEDED_JSON)
"""All other rows, with the records that they mean."""

_GOOD = frozenset(Outcome) - REJECTED - {Outcome.UNPROCESSED}

Chunks = Iterator[tuple[ResultFile, bytes]]


def write_row_pages(context: TaskContext) -> None:
    """Writes what became of every row, and what was found out about its source, to be read page by page: rows without
    an outcome are unprocessed. Nothing where none was read.
    """
    workspace = context.workspace
    workspace.unite_source_summaries()
    ranges = []
    for batch in workspace.find_batches():
        outcomes = {
            one.row_number: one for phase in workspace.row_phases for one in workspace.each_outcome(phase, batch)
        }
        ranges.append((batch, workspace.row_pages.write(batch, outcomes)))
    workspace.row_pages.write_index(ranges)


def write_files(context: TaskContext, stats: Stats) -> None:
    """Writes the files of an import side by side, reading its batches once. Its row pages are written by then."""
    import_, summary = context.import_, context.workspace.get_source_summary()
    headers = list(summary.headers) or _columns_of(context, summary)
    selected = [*_each_selection(context, stats, summary, headers)]
    files = [*(UPLOAD if import_.save_upload else ()), *(file for one in selected for file in one.files)]
    if not files:
        return
    keys = {file: result_key(import_.tenant_id, import_.import_id, file) for file in files}
    content_types = {key: _content_type(file) for file, key in keys.items()}
    chunks = _ResultChunks(context.workspace, headers, selected, has_upload=import_.save_upload)
    context.stores.files.write_streams(content_types, ((keys[file], chunk) for file, chunk in chunks.each()))


@dataclass(frozen=True, slots=True)
class _SelectedRows:
    """The rows with certain outcomes, as a file of CSV and one of JSON."""

    files: tuple[ResultFile, ResultFile]
    outcomes: frozenset[Outcome]
    writer: ErrorsFile | SucceededFile
    objects: JsonArray = field(default_factory=JsonArray)

    def header(self) -> Chunks:
        yield self.files[0], self.writer.header_line()

    def rows(self, rows: Sequence[OutcomeRow]) -> Chunks:
        yield self.files[0], self.writer.to_lines(rows)
        yield self.files[1], self.objects.to_chunk(self.writer.to_objects(rows))

    def closing(self) -> Chunks:
        yield self.files[1], self.objects.closing()


def _each_selection(
    context: TaskContext, stats: Stats, summary: SourceSummary, headers: list[str]
) -> Iterator[_SelectedRows]:
    """Rows that were not processed have the columns of errors files: they are uploaded again in the same way. Of rows
    that came and ended within a request its answer tells.
    """
    surplus = min(max(0, summary.widest - len(headers)), context.limits.surplus_columns)
    import_id, by_field = summary.comes_from or context.import_.import_id, source_headers(context.import_, summary)
    again = ErrorsFile(headers, surplus, import_id, by_field)
    succeeded = stats.created + stats.updated + stats.unchanged + stats.deleted
    if stats.failed or stats.skipped:
        yield _SelectedRows(ERRORS, REJECTED, again)
    if stats.unprocessed:
        yield _SelectedRows(UNPROCESSED, frozenset({Outcome.UNPROCESSED}), again)
    is_kept = context.import_.save_upload and context.source_in_request is None
    if is_kept and 0 < succeeded <= context.limits.succeeded_rows:
        yield _SelectedRows(SUCCEEDED, _GOOD, SucceededFile(headers))


class _ResultChunks:
    """Of the files that are wanted, as far as each of them has come."""

    def __init__(
        self, workspace: Workspace, headers: list[str], selected: Sequence[_SelectedRows], *, has_upload: bool
    ) -> None:
        self._workspace = workspace
        self._headers = headers
        self._selected = selected
        self._has_upload = has_upload
        self._upload = JsonArray()

    def each(self) -> Chunks:
        if self._has_upload:
            yield ResultFile.UPLOAD_CSV, to_lines([self._headers], self._headers)
        for one in self._selected:
            yield from one.header()
        for batch in self._workspace.get_batches():
            yield from self._each_of(batch)
        if self._has_upload:
            yield ResultFile.UPLOAD_JSON, self._upload.closing()
        for one in self._selected:
            yield from one.closing()

    def _each_of(self, batch: int) -> Chunks:
        wanted = frozenset(outcome for one in self._selected for outcome in one.outcomes)
        left = self._workspace.row_pages.each_outcome_of(wanted, batch) if wanted else ()
        found = {one.row_number: one for one in left}
        if not (found or self._has_upload):
            return
        for numbers, lines, given in self._workspace.each_block_of_given(batch):
            if self._has_upload:
                yield from self._each_original(given)
            each = zip(numbers, lines, given, strict=True)
            known = [(row, _on_line(line, found[number])) for number, line, row in each if number in found]
            for one in self._selected if known else ():
                if rows := [row for row in known if row[1].outcome in one.outcomes]:
                    yield from one.rows(rows)

    def _each_original(self, given: Sequence[RowValues]) -> Chunks:
        headers = self._headers
        lines = lines_of(given, len(headers), lambda row: row if isinstance(row, list) else to_cells(row, headers))
        yield ResultFile.UPLOAD_CSV, lines
        yield ResultFile.UPLOAD_JSON, self._upload.to_chunk(to_objects(given, headers))


def _on_line(line: int, outcome: RowOutcome) -> RowOutcome:
    """No phase has told the line of a row that was not processed."""
    return outcome if outcome.line else replace(outcome, line=line)


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
