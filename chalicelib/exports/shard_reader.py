"""One shard of the record store, read for an export: its records are selected, sorted where an order was asked for, and
written into shard files.

An order is made by sorting what fits into memory, file by file, and merging the files: a shard may have any number of
records.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from chalicelib.errors import Fatal
from chalicelib.exports.columns import FlatColumnFinder
from chalicelib.exports.shard_files import SelectedRecord, ShardFileLines, from_line, to_line, write_shard_file
from chalicelib.exports.task_context import ExportTaskContext
from chalicelib.formats.json.writer import compact_copy
from chalicelib.model.exports import FROM_THE_BEGINNING_MS, ExportResult, ExportStage, ShardFile
from chalicelib.model.records import Record
from chalicelib.model.stop_reasons import StopReason
from chalicelib.schema.query.filters import compile_filter
from chalicelib.schema.query.record_values import getter_of, row_getter_of
from chalicelib.schema.query.sorting import SortKey, value_ranker_of

CHECK_EVERY_RECORDS = 5_000
"""How many records are read between two checks whether to stop: a cancel takes effect within them."""


class TaskStopped(Fatal):
    """The export has ended, or must end, while a task was at work; `reason` says why."""

    def __init__(self, reason: StopReason) -> None:
        super().__init__(reason.text)
        self.reason = reason


def read_shard(context: ExportTaskContext, shard: int) -> ExportResult:
    """Reads the shard, writes what is selected into shard files, and returns what was counted. Raises TaskStopped where
    the export has ended or must end, Refused `too_many_columns`.
    """
    reader = _ShardReader(context)
    columns = FlatColumnFinder(context)
    selected = columns.each(reader.each_selected(shard))
    order_by = context.export.selection.order_by
    write = _write_unsorted if order_by is None else _write_sorted
    shard_files = write(context, shard, selected)
    return ExportResult(
        stage=ExportStage.SHARD,
        task=shard,
        attempt_id=context.attempt_id,
        records_read=reader.read,
        records_selected=reader.selected,
        shard_files=tuple(shard_files),
        flat_columns=columns.names(),
        rows=sum(one.rows for one in shard_files),
    )


def find_sort_key(context: ExportTaskContext) -> Callable[[bytes], SortKey] | None:
    """Returns what makes the sort key of a line, or None where no order was asked for."""
    selection = context.export.selection
    if selection.order_by is None:
        return None
    sort_key = value_ranker_of(context.resource, selection.order_by, is_descending=selection.is_descending)

    def sort_key_of_line(line: bytes) -> SortKey:
        selected = from_line(line)
        return sort_key(selected.sort_value, selected.record_id)

    return sort_key_of_line


@dataclass
class _ShardReader:
    """Reads a shard once, and counts; the counts are whole when the last record has been taken."""

    context: ExportTaskContext
    read: int = 0
    selected: int = 0

    def each_selected(self, shard: int) -> Iterator[SelectedRecord]:
        """Yields what is selected, in the order of the store; lazy. Raises TaskStopped."""
        export = self.context.export
        selects, to_selected = selection_test(self.context), to_selected_record(self.context)
        for record in self.context.stores.records.each_record(export.tenant_id, export.resource, shard):
            if self.read % CHECK_EVERY_RECORDS == 0:
                self._check()
            self.read += 1
            if selects(record):
                self.selected += 1
                yield to_selected(record)

    def _check(self) -> None:
        stop = self.context.find_stop()
        if stop:
            raise TaskStopped(stop)


def selection_test(context: ExportTaskContext) -> Callable[[Record], bool]:
    """Returns the test whether a record, as it was read, belongs into the export.

    Records created after the snapshot never do. An export by changes takes what was last changed in its window, and
    all deletions in it: a tombstone has no fields that a filter could ask for.
    """
    export = context.export
    selects = compile_filter(export.selection.filter, context.resource, context.limits)
    since_ms, until_ms, snapshot_ms = export.selection.since_ms, export.until_ms or 0, export.snapshot_ms or 0
    if since_ms is None:
        return lambda record: not record.is_deleted and record.created_at < snapshot_ms and selects(record)
    tells_deletions = since_ms != FROM_THE_BEGINNING_MS
    return lambda record: (
        (since_ms <= record.updated_at < until_ms) and (tells_deletions if record.is_deleted else selects(record))
    )


def to_selected_record(context: ExportTaskContext) -> Callable[[Record], SelectedRecord]:
    """Returns what makes of a record what a shard file holds of it."""
    selection = context.export.selection
    get_row = row_getter_of(selection.fields, context.resource)
    sort_value = getter_of(selection.order_by) if selection.order_by else (lambda record: None)
    has_deletions = selection.since_ms is not None

    def to_selected(record: Record) -> SelectedRecord:
        values = get_row(record)
        if has_deletions:
            values = [*values, record.is_deleted]
        return SelectedRecord(record.record_id, sort_value(record), values)

    return to_selected


def _write_unsorted(context: ExportTaskContext, shard: int, selected: Iterator[SelectedRecord]) -> list[ShardFile]:
    """Writes no more than the limit: without an order any records will do, and the rest is not read."""
    lines = map(to_line, islice(selected, context.export.selection.limit))
    return [write_shard_file(context.stores.files, context.shard_file_key(f"{shard}"), lines)]


def _write_sorted(context: ExportTaskContext, shard: int, selected: Iterator[SelectedRecord]) -> list[ShardFile]:
    """Sorts as much at a time as fits into memory, then merges. Writes no more than the limit: what lies behind that
    many records of the same shard cannot be in the export.
    """
    files, limit = context.stores.files, context.export.selection.limit
    sorted_files = [
        write_shard_file(files, context.shard_file_key(f"{shard}.{number}"), islice(lines, limit))
        for number, lines in enumerate(_each_sorted(context, selected))
    ]
    if len(sorted_files) <= 1:
        return sorted_files
    merged = ShardFileLines(files, sorted_files, sort_key=find_sort_key(context)).each_line()
    return [write_shard_file(files, context.shard_file_key(f"{shard}"), islice(merged, limit))]


def _each_sorted(context: ExportTaskContext, selected: Iterator[SelectedRecord]) -> Iterator[Iterator[bytes]]:
    """Yields sorted lines, as many at a time as `export_sort_bytes` allows. Each iterator must be used up before the
    next is asked for.
    """
    selection = context.export.selection
    assert selection.order_by is not None
    sort_key = value_ranker_of(context.resource, selection.order_by, is_descending=selection.is_descending)
    sortable: list[tuple[SortKey, bytes]] = []
    size_bytes = 0
    for one in selected:
        line = compact_copy(to_line(one))
        sortable.append((sort_key(one.sort_value, one.record_id), line))
        size_bytes += len(line)
        if size_bytes >= context.limits.export_sort_bytes:
            yield _in_order(sortable)
            sortable, size_bytes = [], 0
    if sortable:
        yield _in_order(sortable)


def _in_order(sortable: list[tuple[SortKey, bytes]]) -> Iterator[bytes]:
    sortable.sort()
    return (line for _, line in sortable)
