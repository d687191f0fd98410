"""One shard of the record store, read for an export: its records are selected, sorted where an order was asked for, and
written into shard files.

An order is made by sorting what fits into memory, file by file, and merging the files: a shard may have any number of
records. Where the time of a function is too short for them, another one goes on behind the last record that was read,
or with the next merge.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from pydantic import TypeAdapter

from chalicelib.errors import Fatal, SluiceError, Throttled
from chalicelib.exports.columns import FlatColumnFinder
from chalicelib.exports.record_filter import record_test
from chalicelib.exports.shard_files import SelectedRecord, ShardFileLines, from_line, to_line, write_shard_file
from chalicelib.exports.task_context import ExportTaskContext
from chalicelib.formats.json.writer import compact_copy
from chalicelib.model.exports import FROM_THE_BEGINNING_MS, ExportResult, ExportStage, ShardFile
from chalicelib.model.records import Record
from chalicelib.model.stop_reasons import StopReason
from chalicelib.schema.query.record_values import getter_of, row_getter_of
from chalicelib.schema.query.sorting import SortKey, value_ranker_of

MERGED_AT_ONCE = 16
"""Sorted files of a shard that become one in one go: 400 MB."""
SHARD_FILES = 16
"""Sorted files of a shard that are left to the join, which reads those of all shards side by side."""
CHECK_EVERY_RECORDS = 5_000
"""How many records are read between two checks whether to stop: a cancel takes effect within them."""


class TaskStopped(Fatal):
    """The export has ended, or must end, while a task was at work; `reason` says why."""

    def __init__(self, reason: StopReason) -> None:
        super().__init__(reason.text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ShardPart:
    """What has been read of a shard, by one function or several."""

    after: str = ""
    """The id of the last record that was read."""
    records_read: int = 0
    records_selected: int = 0
    shard_files: tuple[ShardFile, ...] = ()
    """Each sorted in itself, where an order was asked for."""
    flat_columns: tuple[str, ...] = ()
    is_read: bool = False
    """Whether all is read, so that sorted files are all that is left to be merged."""

    @property
    def rows(self) -> int:
        """Returns how many rows the shard files hold."""
        return sum(one.rows for one in self.shard_files)


class ShardHandedOver(SluiceError):
    """Raised where the time of the function is nearly over, or throttling has used it up; another one goes on with what
    lies under `part_key`.
    """

    def __init__(self, part_key: str) -> None:
        super().__init__(part_key)
        self.part_key = part_key


def read_shard(context: ExportTaskContext, shard: int, *, part_key: str | None = None) -> ExportResult:
    """Reads the shard, or the rest of it behind a part, writes what is selected into shard files, and returns what was
    counted of the whole. Raises TaskStopped where the export has ended or must end, ShardHandedOver where another
    function must go on, Refused `too_many_columns`.
    """
    before = _part().validate_json(context.stores.files.read_file(part_key)) if part_key else ShardPart()
    part = _merged(context, shard, before if before.is_read else _read(context, shard, before), before)
    return ExportResult(
        stage=ExportStage.SHARD,
        task=shard,
        attempt_id=context.attempt_id,
        records_read=part.records_read,
        records_selected=part.records_selected,
        shard_files=part.shard_files,
        flat_columns=part.flat_columns,
        rows=part.rows,
    )


def _read(context: ExportTaskContext, shard: int, before: ShardPart) -> ShardPart:
    """Reads what is left of the shard. Raises what `read_shard` does."""
    reader, columns = _ShardReader(context, before.after), FlatColumnFinder(context)
    selected = columns.each(reader.each_selected(shard))
    write = _write_unsorted if context.export.selection.order_by is None else _write_sorted
    part = ShardPart(
        shard_files=(*before.shard_files, *write(context, shard, selected, rows_before=before.rows)),
        after=reader.after,
        records_read=before.records_read + reader.read,
        records_selected=before.records_selected + reader.selected,
        flat_columns=tuple(dict.fromkeys([*before.flat_columns, *columns.names()])),
    )
    if reader.must_hand_over:
        raise _handed_over(context, shard, part)
    return replace(part, is_read=True)


def _handed_over(context: ExportTaskContext, shard: int, part: ShardPart) -> ShardHandedOver:
    key = context.shard_file_key(f"{shard}.part")
    context.stores.files.write_file(key, _part().dump_json(part))
    return ShardHandedOver(key)


@cache
def _part() -> TypeAdapter[ShardPart]:
    return TypeAdapter(ShardPart)


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
    """Reads a shard once behind an id, and counts; the counts are whole when the last record has been taken."""

    context: ExportTaskContext
    after: str
    """The id of the last record that was read."""
    read: int = 0
    selected: int = 0
    must_hand_over: bool = False
    """Whether it has ended before the shard did."""

    def each_selected(self, shard: int) -> Iterator[SelectedRecord]:
        """Yields what is selected, in the order of the store, until the shard or the time ends; lazy. Raises
        TaskStopped.
        """
        try:
            yield from self._each_selected(shard)
        except Throttled:
            self.must_hand_over = True

    def _each_selected(self, shard: int) -> Iterator[SelectedRecord]:
        export = self.context.export
        selects, to_selected = selection_test(self.context), to_selected_record(self.context)
        records = self.context.stores.records.each_record(export.tenant_id, export.resource, shard, after=self.after)
        for record in records:
            if self.read % CHECK_EVERY_RECORDS == 0:
                self._check()
                self.must_hand_over = self.read > 0 and self.context.must_hand_over()
            if self.must_hand_over:
                return
            self.read += 1
            self.after = record.record_id
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
    records, wanted = context.stores.records, export.selection.filter
    selects = record_test(records, export.tenant_id, context.resource, wanted, limits=context.limits)
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


def _write_unsorted(
    context: ExportTaskContext, shard: int, selected: Iterator[SelectedRecord], *, rows_before: int
) -> list[ShardFile]:
    """Writes no more than the limit: without an order any records will do, and the rest is not read."""
    limit = context.export.selection.limit
    lines = map(to_line, islice(selected, None if limit is None else limit - rows_before))
    return [write_shard_file(context.stores.files, context.shard_file_key(f"{shard}"), lines)]


def _write_sorted(
    context: ExportTaskContext, shard: int, selected: Iterator[SelectedRecord], *, rows_before: int
) -> list[ShardFile]:
    """Sorts as much at a time as fits into memory. Writes no more than the limit into any file: what lies behind that
    many records of the same shard cannot be in the export, whatever was read before.
    """
    files, limit = context.stores.files, context.export.selection.limit
    return [
        write_shard_file(files, context.shard_file_key(f"{shard}.{number}"), islice(lines, limit))
        for number, lines in enumerate(_each_sorted(context, selected))
    ]


def _merged(context: ExportTaskContext, shard: int, part: ShardPart, before: ShardPart) -> ShardPart:
    """Merges the first of the sorted files behind the last, until so few are left that they can be read beside those of
    all shards; where there is a limit, until one is left, which ends there. Raises ShardHandedOver where the time of
    the function is too short for the next merge, but not before its first one where it has read nothing.
    """
    selection, merges = context.export.selection, 0
    most = SHARD_FILES if selection.limit is None else 1
    while selection.order_by is not None and len(part.shard_files) > most:
        if context.time_left_s() < context.limits.export_merge_s and (merges or not before.is_read):
            raise _handed_over(context, shard, part)
        merges += 1
        at_once = min(MERGED_AT_ONCE, len(part.shard_files) - most + 1)
        merged = _merge(context, f"{shard}.merged.{merges}", part.shard_files[:at_once])
        part = replace(part, shard_files=(*part.shard_files[at_once:], merged))
    return part


def _merge(context: ExportTaskContext, name: str, shard_files: Sequence[ShardFile]) -> ShardFile:
    """Merges sorted files into one, which ends at the limit."""
    files, limit = context.stores.files, context.export.selection.limit
    merged = ShardFileLines(files, shard_files, sort_key=find_sort_key(context)).each_line()
    return write_shard_file(files, context.shard_file_key(name), islice(merged, limit))


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
