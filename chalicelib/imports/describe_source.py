"""Looks at the source of an import before it is imported: how it is read, its first rows, and which field each column
may feed. What is wrong with the source as a whole is told, too.

Of delimited text the beginning is read, however large it is, and small sources of any kind are soon read: requests do
that while somebody waits. All others are looked at by a function with more memory and time (docs/adr/0031).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import BinaryIO, TypedDict, cast

from chalicelib.errors import NotFound, Refused, Retryable
from chalicelib.formats import RecordNames, Table, is_delimited_text, open_beginning, open_table
from chalicelib.formats.streams import Readable
from chalicelib.imports.mapping_suggestions import MappingSuggestion
from chalicelib.imports.source_description import (
    SOURCE_GONE,
    LikelyField,
    SourceDescription,
    SourceFault,
    SuggestedColumn,
    write_description,
)
from chalicelib.imports.source_rows import RowValues, to_cells
from chalicelib.imports.source_values import dates_of, words_of
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.imports import Import, Source
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import find_owner
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.reading_budget import UNLIMITED, ReadingBudget
from chalicelib.model.rows import Row
from chalicelib.schema.key_mapping import too_many_keys
from chalicelib.schema.suggestions.suggest import ColumnSuggestion, suggest_mapping
from chalicelib.stores.interfaces import Files

BEGINNING_BYTES = 512
"""How much of a source is looked at to know whether it is delimited text."""
FIRST_PIECE_BYTES, MOST_PIECE_BYTES = 1 << 20, 16 << 20

TOO_LARGE = "too_large"
"""The fault of a source that there was no time for, or no room."""


class _Pieces:
    """A source as a stream that is fetched in pieces, each larger than the one before: mostly the first is enough."""

    def __init__(self, files: Files, source: Source, *, first_bytes: int = FIRST_PIECE_BYTES) -> None:
        self._files = files
        self._source = source
        self._fetched = BytesIO()
        self._end = 0
        self._next_bytes = first_bytes

    def is_delimited_text(self) -> bool:
        """Returns whether the source looks like text with delimiters; nothing is taken away. Raises NotFound."""
        beginning = self.read(BEGINNING_BYTES)
        self._fetched.seek(0)
        return is_delimited_text(beginning)

    def read(self, size: int, /) -> bytes:
        """Returns up to `size` bytes; nothing at the end. Raises NotFound."""
        return self._fetched.read(size) or (self._fetch().read(size) if self._end < self._source.size_bytes else b"")

    def _fetch(self) -> BytesIO:
        start, self._end = self._end, min(self._end + self._next_bytes, self._source.size_bytes)
        self._next_bytes = min(4 * self._next_bytes, MOST_PIECE_BYTES)
        with self._files.open_file(self._source.key, self._source.version_id, start=start, end=self._end) as stream:
            self._fetched = BytesIO(stream.read())
        return self._fetched


class _Known(TypedDict):
    """What is known of a source that is opened."""

    filename: str
    record_names: RecordNames


def describe_source(files: Files, import_: Import, limits: Limits) -> None:
    """Looks at the source of an import, and writes down what it looks like."""
    write_description(files, import_, look_at_source(files, import_, limits))


def is_quick_to_describe(files: Files, import_: Import, limits: Limits) -> bool:
    """Returns whether a request has the time to look at the source: it is small, or delimited text. What was dropped is
    not for requests to read.
    """
    source = import_.source
    if source is None:
        return False
    try:
        return _is_quick(source, _Pieces(files, source, first_bytes=BEGINNING_BYTES), limits)
    except NotFound:
        return True


def look_at_source(files: Files, import_: Import, limits: Limits) -> SourceDescription:
    """Returns what the source of an import looks like, as its options have it read."""
    pieces = _Pieces(files, import_.source) if import_.source else None
    return _look(import_, pieces, limits, UNLIMITED)


def look_in_request(files: Files, import_: Import, limits: Limits, budget: ReadingBudget) -> SourceDescription | None:
    """Returns the same; None where a request has not the time for it, which its first piece shows, or the budget says
    soon after.
    """
    source = import_.source
    if source is None:
        return None
    pieces = _Pieces(files, source)
    try:
        return _look(import_, pieces, limits, budget) if _is_quick(source, pieces, limits) else None
    except NotFound:
        return _GONE
    except Retryable:
        return None


def look_at_beginning(
    import_: Import, content: bytes, limits: Limits, budget: ReadingBudget
) -> SourceDescription | None:
    """Returns what the source of an import looks like by its first bytes, before it is here; by all of it where these
    are as many as were announced. None where they do not tell, or there is no time for it.

    Rows without which nothing could be said of the columns must be whole; and what the beginning cannot be read for,
    the rest may explain.
    """
    source = import_.source
    try:
        if source is not None and source.size_bytes == len(content):
            return _look(import_, BytesIO(content), limits, budget)
        table = open_beginning(content, import_.reading, limits, **_known_of(import_), budget=budget)
        rows = _before_break(_first_rows(table, limits)) if table else []
        return _description_of(import_, table, rows, limits) if table and len(rows) >= limits.sample_rows else None
    except (Refused, Retryable):
        return None


def _is_quick(source: Source, pieces: _Pieces, limits: Limits) -> bool:
    if find_owner(source.key) is None:
        return False
    return source.size_bytes <= limits.inline_upload_bytes or pieces.is_delimited_text()


_GONE = SourceDescription(fault=SourceFault(code=SOURCE_GONE))


def _look(import_: Import, stream: Readable | None, limits: Limits, budget: ReadingBudget) -> SourceDescription:
    if stream is None:
        return _GONE
    try:
        return _read(import_, stream, limits, budget)
    except NotFound:
        return _GONE
    except Refused as refusal:
        return SourceDescription(fault=SourceFault(code=refusal.code, message=refusal.message, param=refusal.param))


def _read(import_: Import, stream: Readable, limits: Limits, budget: ReadingBudget) -> SourceDescription:
    table = open_table(cast(BinaryIO, stream), import_.reading, limits, **_known_of(import_), budget=budget)
    return _description_of(import_, table, _first_rows(table, limits), limits)


def _known_of(import_: Import) -> _Known:
    names = RecordNames.of(RESOURCES[import_.resource], import_.column_mapping)
    return {"filename": import_.source.filename if import_.source else "", "record_names": names}


def _description_of(import_: Import, table: Table, rows: Sequence[Row], limits: Limits) -> SourceDescription:
    resource = RESOURCES[import_.resource]
    headers = table.headers or _keys_of(rows[: limits.sample_rows], limits)
    cells = [*_each_sample(rows[: limits.sample_rows], headers, limits)]
    findings = _findings_of(table)
    suggested = MappingSuggestion(resource, tuple(suggest_mapping(resource, headers, cells)), None)
    return SourceDescription(
        format=table.format.value,
        encoding=table.encoding,
        delimiter=table.delimiter,
        quote=table.quote,
        sheet=table.sheet,
        sheets=table.sheets,
        header_row=table.header_row,
        columns=tuple(_each_column(suggested.columns, _columns_of(rows, headers), limits)),
        rows=tuple(cells),
        column_mapping=suggested.column_mapping,
        missing=tuple(suggested.missing),
        findings=findings,
    )


def _first_rows(table: Table, limits: Limits) -> list[Row]:
    """Returns the rows of the first blocks, `Limits.described_rows` of them at most."""
    rows: list[Row] = []
    characters = 0
    for block in table.blocks:
        rows += block.each_row()
        characters += block.characters
        if len(rows) >= limits.described_rows or characters >= limits.described_bytes:
            break
    return rows[: limits.described_rows]


def _before_break(rows: list[Row]) -> list[Row]:
    """Returns the rows without those that a break has torn apart, if it has: the last one, and what stands before it
    and cannot be read."""
    if not any(problem.code is ProblemCode.TRUNCATED_SOURCE for row in rows[-1:] for problem in row.problems):
        return rows
    whole = [place for place, row in enumerate(rows, start=1) if not row.problems]
    return rows[: max(whole, default=0)]


def _columns_of(rows: Sequence[Row], headers: Sequence[str]) -> list[list[str]]:
    """Returns the cells of each column; rows that are shorter have none in the last ones."""
    columns: list[list[str]] = [[] for _ in headers]
    for row in rows:
        for column, cell in zip(columns, to_cells(_given(row), headers), strict=False):
            column.append(cell)
    return columns


def _each_column(
    suggestions: Sequence[ColumnSuggestion], values: Sequence[Sequence[str]], limits: Limits
) -> Iterator[SuggestedColumn]:
    for column, cells in zip(suggestions, values, strict=True):
        candidates = tuple(LikelyField(one.field, one.confidence, tuple(one.why)) for one in column.candidates)
        yield SuggestedColumn(column.header, column.field, candidates, words_of(cells, limits), dates_of(cells))


def _given(row: Row) -> RowValues:
    return dict(row.given) if isinstance(row.given, Mapping) else [*row.given]


def _findings_of(table: Table) -> tuple[Problem, ...]:
    return (*table.findings, *table.find_more())


def _keys_of(rows: Sequence[Row], limits: Limits) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(key for row in rows if isinstance(row.given, Mapping) for key in row.given))
    if len(keys) > limits.columns:
        raise too_many_keys(limits.columns)
    return keys


def _each_sample(rows: Sequence[Row], headers: Sequence[str], limits: Limits) -> Iterator[tuple[str, ...]]:
    """Yields the rows with their cells cut, as many as may be shown together; the first one always."""
    size_bytes = 0
    for place, row in enumerate(rows):
        cells = to_cells(_given(row), headers)[: len(headers)]
        shown = tuple(_cut(cell, limits.described_cell_characters) for cell in cells)
        size_bytes += len(json.dumps(shown))
        if place and size_bytes > limits.described_bytes:
            return
        yield shown


def _cut(cell: str, characters: int) -> str:
    return cell if len(cell) <= characters else cell[: characters - 1] + "…"
