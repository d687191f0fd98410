"""One shard of the record store, read for an export: its records are selected, sorted where an order was asked for, and
written as a work object.

An order is made by sorting runs that fit into memory and merging them, so that a shard may have any number of records.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from chalicelib.errors import Fatal
from chalicelib.exports.columns import SeenColumns
from chalicelib.exports.part_streams import Stream
from chalicelib.exports.parts import Entry, from_line, to_line, write_part
from chalicelib.exports.task_context import ExportRun
from chalicelib.formats.json.writer import compact_copy
from chalicelib.model.exports import FROM_THE_BEGINNING_MS, ExportResult, ExportStage, Part
from chalicelib.model.records import Record
from chalicelib.schema.query.filters import compile_filter
from chalicelib.schema.query.record_values import getter_of, row_getter_of
from chalicelib.schema.query.sorting import SortKey, value_ranker_of

LOOK_EVERY = 5_000
"""Records between two looks at the export: a cancel takes effect within them."""

Ranked = tuple[SortKey, bytes]


class Stopped(Fatal):
    """The export has ended, or must end, while a task was at work."""


def read_shard(run: ExportRun, shard: int) -> ExportResult:
    """Raises Stopped."""
    reading = _Reading(run)
    seen = SeenColumns(run)
    entries = seen.each(reading.each_selected(shard))
    order_by = run.export.selection.order_by
    parts = _unsorted(run, shard, entries) if order_by is None else _sorted(run, shard, entries)
    return ExportResult(
        stage=ExportStage.SHARD,
        task=shard,
        token=run.token,
        records_read=reading.read,
        records_selected=reading.selected,
        parts=tuple(parts),
        flat_columns=seen.names(),
        rows=sum(part.rows for part in parts),
    )


def find_rank(run: ExportRun) -> Callable[[bytes], SortKey] | None:
    """The place of a line in the order that was asked for; None where there is none."""
    selection = run.export.selection
    if selection.order_by is None:
        return None
    rank = value_ranker_of(run.resource, selection.order_by, is_descending=selection.is_descending)

    def rank_line(line: bytes) -> SortKey:
        entry = from_line(line)
        return rank(entry.sort_value, entry.record_id)

    return rank_line


@dataclass
class _Reading:
    """One walk through a shard; what was counted is right once the walk has ended."""

    run: ExportRun
    read: int = 0
    selected: int = 0

    def each_selected(self, shard: int) -> Iterator[Entry]:
        export = self.run.export
        selects, entry_of = selection_test(self.run), entry_maker(self.run)
        for record in self.run.stores.records.each_record(export.tenant_id, export.resource, shard):
            if self.read % LOOK_EVERY == 0:
                self._look()
            self.read += 1
            if selects(record):
                self.selected += 1
                yield entry_of(record)

    def _look(self) -> None:
        stop = self.run.find_stop()
        if stop:
            raise Stopped(stop)


def selection_test(run: ExportRun) -> Callable[[Record], bool]:
    """Whether a record belongs into the export, as it was read.

    Records created after the snapshot never do. An export by changes takes what was last changed in its window, and
    all deletions in it: a tombstone has no fields that a filter could ask for.
    """
    export = run.export
    selects = compile_filter(export.selection.filter, run.resource, run.limits)
    since_ms, until_ms, snapshot_ms = export.selection.since_ms, export.until_ms or 0, export.snapshot_ms or 0
    if since_ms is None:
        return lambda record: not record.is_deleted and record.created_at < snapshot_ms and selects(record)
    tells_deletions = since_ms != FROM_THE_BEGINNING_MS
    return lambda record: (
        (since_ms <= record.updated_at < until_ms) and (tells_deletions if record.is_deleted else selects(record))
    )


def entry_maker(run: ExportRun) -> Callable[[Record], Entry]:
    selection = run.export.selection
    get_row = row_getter_of(selection.fields, run.resource)
    sort_value = getter_of(selection.order_by) if selection.order_by else (lambda record: None)
    has_deletions = selection.since_ms is not None

    def entry_of(record: Record) -> Entry:
        values = get_row(record)
        return Entry(record.record_id, sort_value(record), [*values, record.is_deleted] if has_deletions else values)

    return entry_of


def _unsorted(run: ExportRun, shard: int, entries: Iterator[Entry]) -> list[Part]:
    """No more than the limit: where there is no order, any so many will do, and the rest is not read."""
    lines = map(to_line, islice(entries, run.export.selection.limit))
    return [write_part(run.stores.files, run.part_key(f"{shard}"), lines)]


def _sorted(run: ExportRun, shard: int, entries: Iterator[Entry]) -> list[Part]:
    """Of each run no more than the limit: nobody needs what lies behind so many of the same shard."""
    files, limit = run.stores.files, run.export.selection.limit
    runs = [
        write_part(files, run.part_key(f"{shard}.{number}"), islice(lines, limit))
        for number, lines in enumerate(_each_run(run, entries))
    ]
    if len(runs) <= 1:
        return runs
    return [
        write_part(files, run.part_key(f"{shard}"), islice(Stream(files, runs, rank=find_rank(run)).each_line(), limit))
    ]


def _each_run(run: ExportRun, entries: Iterator[Entry]) -> Iterator[Iterator[bytes]]:
    """Sorted lines, as many at a time as memory should hold. Each run must be used before the next is asked for."""
    selection = run.export.selection
    assert selection.order_by is not None
    rank = value_ranker_of(run.resource, selection.order_by, is_descending=selection.is_descending)
    ranked: list[Ranked] = []
    size_bytes = 0
    for entry in entries:
        line = compact_copy(to_line(entry))
        ranked.append((rank(entry.sort_value, entry.record_id), line))
        size_bytes += len(line)
        if size_bytes >= run.limits.export_sort_bytes:
            yield _in_order(ranked)
            ranked, size_bytes = [], 0
    if ranked:
        yield _in_order(ranked)


def _in_order(ranked: list[Ranked]) -> Iterator[bytes]:
    ranked.sort()
    return (line for _, line in ranked)
