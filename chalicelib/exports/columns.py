"""The columns of an export: the fields that were asked for, and where lists and maps are flattened, those they need.

Each shard's task finds the flat columns of its own records; the join unites them.
"""

from collections.abc import Iterable, Iterator

from chalicelib.errors import Refused
from chalicelib.exports.shard_files import SelectedRecord
from chalicelib.exports.task_context import ExportTaskContext
from chalicelib.formats.flatten import FlatColumns
from chalicelib.model.exports import Export, ExportResult
from chalicelib.model.resources import FieldType
from chalicelib.model.write_options import Nesting, Rendering
from chalicelib.schema.query.record_values import get_output_field

DELETED = "_deleted"
"""The column of an export by changes that says whether the record was deleted."""


def columns_of(export: Export) -> list[str]:
    """Returns the columns of a shard file, in order."""
    return [*export.selection.fields, *([DELETED] if export.selection.since_ms is not None else [])]


def times_of(context: ExportTaskContext) -> list[str]:
    """Returns the columns that hold times."""
    fields = (get_output_field(context.resource, name) for name in context.export.selection.fields)
    return [one.name for one in fields if one.type is FieldType.DATETIME]


class FlatColumnFinder:
    """Finds the flat columns of the records that pass through it, if any file of the export is flattened."""

    def __init__(self, context: ExportTaskContext) -> None:
        self._columns = columns_of(context.export)
        is_flat = any(one.nesting is Nesting.FLATTEN for one in context.export.renderings)
        self._flat = FlatColumns(self._columns, context.limits.columns) if is_flat else None

    def each(self, selected: Iterable[SelectedRecord]) -> Iterator[SelectedRecord]:
        """Yields the records again; lazy. Raises Refused `too_many_columns`."""
        for one in selected:
            if self._flat:
                self._flat.see(dict(zip(self._columns, one.values, strict=True)))
            yield one

    def names(self) -> tuple[str, ...]:
        """Returns the columns that were found so far, in the order in which they were met."""
        return tuple(self._flat.names) if self._flat else ()


def written_columns(context: ExportTaskContext, rendering: Rendering, shards: list[ExportResult]) -> list[str]:
    """Returns the columns of a file. Raises Refused `too_many_columns` where all shards together need too many."""
    columns = columns_of(context.export)
    if rendering.nesting is not Nesting.FLATTEN:
        return columns
    united = [path for column in columns for path in _united(column, shards)]
    if len(united) > context.limits.columns + len(columns):
        message = (
            f"Flattened, the records have more than {context.limits.columns} columns. Leave fields out, or merge them."
        )
        raise Refused("too_many_columns", message, param="nesting", limit=context.limits.columns)
    return united


def _united(column: str, shards: list[ExportResult]) -> list[str]:
    """Returns the flat columns in the order of shards; a column that held nothing anywhere stays one column."""
    nested = (path for one in shards for path in one.flat_columns if path.startswith(f"{column}."))
    return list(dict.fromkeys(nested)) or [column]
