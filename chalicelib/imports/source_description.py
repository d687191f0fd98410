"""Looks at the source of an import before it is imported: how it is read, its first rows, and which field each column
may feed. What is wrong with the source as a whole is written down, too.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from chalicelib.errors import NotFound, Refused
from chalicelib.formats import RecordNames, Table, open_table
from chalicelib.imports.inspected_source import (
    SOURCE_GONE,
    LikelyField,
    SourceDescription,
    SourceFault,
    SuggestedColumn,
    write_description,
)
from chalicelib.imports.mapping_suggestions import MappingSuggestion
from chalicelib.imports.source_rows import RowValues, to_cells
from chalicelib.imports.task_context import TaskContext
from chalicelib.model.imports import Source
from chalicelib.model.limits import Limits
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Row
from chalicelib.schema.key_mapping import too_many_keys
from chalicelib.schema.suggestions.suggest import ColumnSuggestion, suggest_mapping


def describe_source(context: TaskContext) -> None:
    """Looks at the source, and writes down what it looks like."""
    write_description(context.stores.files, context.import_, _description_of(context))


def _description_of(context: TaskContext) -> SourceDescription:
    source = context.import_.source
    if source is None:
        return SourceDescription(fault=SourceFault(code=SOURCE_GONE))
    try:
        return _read(context, source)
    except NotFound:
        return SourceDescription(fault=SourceFault(code=SOURCE_GONE))
    except Refused as refusal:
        return SourceDescription(fault=SourceFault(code=refusal.code, message=refusal.message, param=refusal.param))


def _read(context: TaskContext, source: Source) -> SourceDescription:
    import_, limits = context.import_, context.limits
    names = RecordNames.of(context.resource, import_.column_mapping)
    with context.open_source(source) as stream:
        table = open_table(stream, import_.reading, limits, filename=source.filename, record_names=names)
        rows = [*islice(table.rows, limits.sample_rows)]
        headers = table.headers or _keys_of(rows, limits)
        cells = [*_each_sample(rows, headers, limits)]
        findings = _findings_of(table)
    suggested = MappingSuggestion(context.resource, tuple(suggest_mapping(context.resource, headers, cells)), None)
    return SourceDescription(
        format=table.format.value,
        encoding=table.encoding,
        delimiter=table.delimiter,
        quote=table.quote,
        sheet=table.sheet,
        sheets=table.sheets,
        header_row=table.header_row,
        columns=tuple(map(_to_column, suggested.columns)),
        rows=tuple(cells),
        column_mapping=suggested.column_mapping,
        missing=tuple(suggested.missing),
        findings=findings,
    )


def _to_column(column: ColumnSuggestion) -> SuggestedColumn:
    candidates = (LikelyField(one.field, one.confidence, tuple(one.why)) for one in column.candidates)
    return SuggestedColumn(column.header, column.field, tuple(candidates))


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
        given: RowValues = dict(row.given) if isinstance(row.given, Mapping) else [*row.given]
        cells = to_cells(given, headers)[: len(headers)]
        shown = tuple(_cut(cell, limits.described_cell_characters) for cell in cells)
        size_bytes += len(json.dumps(shown))
        if place and size_bytes > limits.described_bytes:
            return
        yield shown


def _cut(cell: str, characters: int) -> str:
    return cell if len(cell) <= characters else cell[: characters - 1] + "…"
