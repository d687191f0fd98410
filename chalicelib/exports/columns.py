"""The columns of an export: the fields that were asked for, and where lists and maps are flattened, those they need.

Each shard's task finds the flat columns of its own records; the join unites them.
"""

from collections.abc import Iterable, Iterator

from chalicelib.errors import Refused
from chalicelib.exports.parts import Entry
from chalicelib.exports.task_context import ExportRun
from chalicelib.formats.flatten import FlatColumns
from chalicelib.model.exports import Export, ExportResult
from chalicelib.model.resources import FieldType
from chalicelib.model.write_options import Nesting, Rendering
from chalicelib.schema.query.record_values import get_shown_field

DELETED = "_deleted"
"""The column of an export by changes that says whether the record was deleted."""


def columns_of(export: Export) -> list[str]:
    return [*export.selection.fields, *([DELETED] if export.selection.since_ms is not None else [])]


def times_of(run: ExportRun) -> list[str]:
    """The columns that hold times."""
    fields = (get_shown_field(run.resource, name) for name in run.export.selection.fields)
    return [one.name for one in fields if one.type is FieldType.DATETIME]


class SeenColumns:
    """Watches entries go by. Raises Refused `too_many_columns`."""

    def __init__(self, run: ExportRun) -> None:
        self._columns = columns_of(run.export)
        is_flat = any(one.nesting is Nesting.FLATTEN for one in run.export.renderings)
        self._flat = FlatColumns(self._columns, run.limits.columns) if is_flat else None

    def each(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            if self._flat:
                self._flat.see(dict(zip(self._columns, entry.values, strict=True)))
            yield entry

    def names(self) -> tuple[str, ...]:
        return tuple(self._flat.names) if self._flat else ()


def written_columns(run: ExportRun, rendering: Rendering, shards: list[ExportResult]) -> list[str]:
    """Those of the file. Raises Refused `too_many_columns` where all shards together need too many."""
    columns = columns_of(run.export)
    if rendering.nesting is not Nesting.FLATTEN:
        return columns
    united = [path for column in columns for path in _united(column, shards)]
    if len(united) > run.limits.columns + len(columns):
        message = (
            f"Flattened, the records have more than {run.limits.columns} columns. Leave fields out, or merge them."
        )
        raise Refused("too_many_columns", message, param="nesting", limit=run.limits.columns)
    return united


def _united(column: str, shards: list[ExportResult]) -> list[str]:
    """In the order of shards; a column that held nothing anywhere stays one column."""
    nested = (path for one in shards for path in one.flat_columns if path.startswith(f"{column}."))
    return list(dict.fromkeys(nested)) or [column]
