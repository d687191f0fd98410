"""What an import leaves behind: what became of its rows, in pages, and the files for people, which are its upload and
its rows by what became of them, each as CSV and JSON.

All files are written side by side, while the work objects are read once, block by block; those of a large import in
pieces, by as many tasks, which are put together at last. Formulas in CSV are disarmed, and armed again when such a file
is uploaded.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chalicelib.errors import Retryable
from chalicelib.formats.blocks import each_block
from chalicelib.formats.csv.writer import to_text
from chalicelib.formats.json.writer import JsonArray, JsonWriter
from chalicelib.formats.registry import FORMATS, find_format_of_name
from chalicelib.imports.errors_file import ErrorsFile, OutcomeRow
from chalicelib.imports.source_findings import source_headers
from chalicelib.imports.source_rows import OTHER_KEYS, SpelledRows, can_continue, spell, to_lines
from chalicelib.imports.succeeded_file import SucceededFile
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.workspace import BatchRange, SourceSummary, Workspace, WrittenSection
from chalicelib.model.error_columns import OURS
from chalicelib.model.imports import Stats
from chalicelib.model.object_keys import ResultFile, result_key
from chalicelib.model.rows import REJECTED, Outcome, RowOutcome
from chalicelib.schema.header_rules import HeaderRules
from chalicelib.stores.interfaces import FileRange, StoredFile

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


@dataclass(frozen=True, slots=True)
class OpenSections:
    """The sections of a large import whose row pages and pieces of files are not written so far, by number."""

    sections: tuple[int, ...]


def find_open_sections(context: TaskContext, files: Sequence[ResultFile]) -> OpenSections | None:
    """Returns what tasks have to write before the files of an import can be put together; None where nothing is left,
    or one function can write them all. Tells those tasks which files there will be.
    """
    sections = len(_sections_of(context))
    if sections < 2:
        return None
    pieces = context.workspace.result_pieces
    pieces.write_files(files)
    there = pieces.find_sections(sections)
    left = tuple(section for section in range(sections) if section not in there)
    return OpenSections(left) if left else None


def write_results(context: TaskContext, files: Sequence[ResultFile]) -> None:
    """Writes what became of the rows, in pages, and these files. Those of a large import are put together of what
    `write_section` has written. Raises Retryable where that is not there.
    """
    context.workspace.unite_source_summaries()
    if len(_sections_of(context)) < 2:
        ranges = _write_row_pages(context, context.workspace.find_batches())
        _write_files(context, files)
    else:
        ranges = _join_files(context, files)
    context.workspace.row_pages.write_index(ranges)


def write_section(context: TaskContext, section: int) -> None:
    """Writes the row pages of a section of batches, and its pieces of the files of the import. Several calls write the
    same.
    """
    batches, pieces = _sections_of(context)[section], context.workspace.result_pieces
    ranges, files = _write_row_pages(context, batches), pieces.get_files()
    written: list[StoredFile] = []
    if files:
        keys = {file: pieces.key_of(section, file) for file in files}
        chunks = _ResultChunks(context.workspace, _planned(context, files), is_piece=True).each_of(batches)
        written = context.stores.files.write_streams(
            {key: _content_type(file) for file, key in keys.items()}, ((keys[file], chunk) for file, chunk in chunks)
        )
    sizes = {file: one.size_bytes for file, one in zip(files, written, strict=True)}
    pieces.write_section(section, WrittenSection(sizes, ranges))


def files_of(context: TaskContext, stats: Stats) -> list[ResultFile]:
    """Returns which files an import with these stats has. Of rows that came and ended within a request its answer
    tells.
    """
    has_upload = context.import_.save_upload
    succeeded = stats.created + stats.updated + stats.unchanged + stats.deleted
    is_kept = has_upload and context.source_in_request is None
    has_succeeded = is_kept and 0 < succeeded <= context.limits.succeeded_rows
    return [
        *(UPLOAD if has_upload else ()),
        *(ERRORS if stats.failed or stats.skipped else ()),
        *(UNPROCESSED if stats.unprocessed else ()),
        *(SUCCEEDED if has_succeeded else ()),
    ]


def _sections_of(context: TaskContext) -> list[list[int]]:
    """The batches of an import, as many at a time as one task writes the results of; a request writes them all."""
    batches = context.workspace.find_batches()
    if context.held_state:
        return [batches]
    return [*each_block(batches, context.limits.result_section_batches)]


def _write_row_pages(context: TaskContext, batches: Sequence[int]) -> list[BatchRange]:
    """Rows without an outcome are unprocessed. Returns which rows the batches hold."""
    workspace = context.workspace
    ranges = []
    for batch in batches:
        outcomes = {
            one.row_number: one for phase in workspace.row_phases for one in workspace.each_outcome(phase, batch)
        }
        ranges.append((batch, workspace.row_pages.write(batch, outcomes)))
    return ranges


def _write_files(context: TaskContext, files: Sequence[ResultFile]) -> None:
    """Writes files side by side, reading the batches once. Their row pages are written by then."""
    if files:
        keys = _keys_of(context, files)
        chunks = _ResultChunks(context.workspace, _planned(context, files)).each()
        context.stores.files.write_streams(
            {key: _content_type(file) for file, key in keys.items()}, ((keys[file], chunk) for file, chunk in chunks)
        )


def _join_files(context: TaskContext, files: Sequence[ResultFile]) -> list[BatchRange]:
    """Puts the pieces of each file together where they lie. Returns which rows all batches hold."""
    sections, pieces = len(_sections_of(context)), context.workspace.result_pieces
    there = pieces.find_sections(sections)
    if len(there) < sections:
        raise Retryable(f"{sections - len(there)} of {sections} sections are not written")
    openings = dict(_ResultChunks(context.workspace, _planned(context, files)).opening()) if files else {}
    for file, key in _keys_of(context, files).items():
        found = [
            FileRange(pieces.key_of(section, file), 0, one.sizes[file])
            for section, one in there.items()
            if one.sizes[file]
        ]
        joined: list[FileRange | bytes] = [openings[file], *found] if file in openings else _joined_array(found)
        context.stores.files.concatenate(joined, key, content_type=_content_type(file))
    return [range_ for one in there.values() for range_ in one.ranges]


def _joined_array(pieces: Sequence[FileRange]) -> list[FileRange | bytes]:
    """What a JSON array consists of: its first piece loses the separator that stands before each of them."""
    first = [replace(one, start=len(JsonWriter.separator)) for one in pieces[:1]]
    return [JsonWriter.prefix, *first, *pieces[1:], JsonWriter.suffix]


def _keys_of(context: TaskContext, files: Sequence[ResultFile]) -> dict[ResultFile, str]:
    import_ = context.import_
    return {file: result_key(import_.tenant_id, import_.import_id, file) for file in files}


@dataclass(frozen=True, slots=True)
class _SelectedRows:
    """The rows with certain outcomes, as a file of CSV and one of JSON."""

    files: tuple[ResultFile, ResultFile]
    outcomes: frozenset[Outcome]
    writer: ErrorsFile | SucceededFile


@dataclass(frozen=True, slots=True)
class _PlannedFiles:
    """The files of an import, and how their rows are written."""

    headers: list[str]
    selected: tuple[_SelectedRows, ...]
    has_upload: bool


def _planned(context: TaskContext, files: Sequence[ResultFile]) -> _PlannedFiles:
    """Rows that were not processed have the columns of errors files: they are uploaded again in the same way."""
    summary = context.workspace.get_source_summary()
    headers = list(summary.headers) or _columns_of(context, summary)
    surplus = min(max(0, summary.widest - len(headers)), context.limits.surplus_columns)
    import_id, by_field = summary.comes_from or context.import_.import_id, source_headers(context.import_, summary)
    again = ErrorsFile(headers, surplus, import_id, by_field)
    each = (
        _SelectedRows(ERRORS, REJECTED, again),
        _SelectedRows(UNPROCESSED, frozenset({Outcome.UNPROCESSED}), again),
        _SelectedRows(SUCCEEDED, _GOOD, SucceededFile(headers)),
    )
    selected = tuple(one for one in each if one.files[0] in files)
    return _PlannedFiles(headers, selected, has_upload=UPLOAD[0] in files)


class _ResultChunks:
    """Of the files that are wanted, as far as each of them has come."""

    def __init__(self, workspace: Workspace, wanted: _PlannedFiles, *, is_piece: bool = False) -> None:
        self._workspace = workspace
        self._headers = wanted.headers
        self._selected = wanted.selected
        self._has_upload = wanted.has_upload
        self._arrays = defaultdict[ResultFile, JsonArray](lambda: JsonArray(follows=is_piece))

    def each(self) -> Chunks:
        """Yields whole files."""
        yield from self.opening()
        yield from self.each_of(self._workspace.get_batches())
        yield from self._closing()

    def opening(self) -> Chunks:
        """Yields the header lines of the files of CSV."""
        if self._has_upload:
            yield ResultFile.UPLOAD_CSV, to_lines([self._headers], self._headers)
        for one in self._selected:
            yield one.files[0], one.writer.header_line()

    def each_of(self, batches: Iterable[int]) -> Chunks:
        """Yields the rows of batches."""
        for batch in batches:
            yield from self._each_of(batch)

    def _closing(self) -> Chunks:
        for _, file in (*((UPLOAD,) if self._has_upload else ()), *(one.files for one in self._selected)):
            yield file, self._arrays[file].closing()

    def _each_of(self, batch: int) -> Chunks:
        found = self._outcomes_of(batch)
        if not (any(found) or self._has_upload):
            return
        for numbers, lines, given in self._workspace.each_block_of_given(batch):
            spelled = spell(given, self._headers) if self._has_upload else None
            if spelled:
                yield ResultFile.UPLOAD_CSV, to_text(spelled.lines)
                yield ResultFile.UPLOAD_JSON, self._arrays[ResultFile.UPLOAD_JSON].to_chunk(spelled.objects)
            begun = spelled if spelled and can_continue(given, self._headers) else SpelledRows((), ())
            for one, outcomes in zip(self._selected, found, strict=True):
                places = [place for place, number in enumerate(numbers) if number in outcomes]
                rows = [(given[place], _on_line(lines[place], outcomes[numbers[place]])) for place in places]
                yield from self._each_selected(one, rows, begun.at(places) if begun.lines else begun)

    def _outcomes_of(self, batch: int) -> list[dict[int, RowOutcome]]:
        """What became of those rows of a batch that each selection wants, by row number."""
        found: list[dict[int, RowOutcome]] = [{} for _ in self._selected]
        by_outcome = {
            outcome: mine for one, mine in zip(self._selected, found, strict=True) for outcome in one.outcomes
        }
        for one in self._workspace.row_pages.each_outcome_of(by_outcome.keys(), batch) if by_outcome else ():
            by_outcome[one.outcome][one.row_number] = one
        return found

    def _each_selected(self, one: _SelectedRows, rows: Sequence[OutcomeRow], begun: SpelledRows) -> Chunks:
        if rows:
            csv, json = one.files
            yield csv, one.writer.to_lines(rows, begun.lines)
            yield json, self._arrays[json].to_chunk(one.writer.to_objects(rows, begun.objects))


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
