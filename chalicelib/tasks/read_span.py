"""Prevalidation of one span of the source: bytes → rows → drafts, batch by batch, in bounded memory.

How many rows and lines lie before its span only the gate knows, which adds that up; so no row is counted twice, and
numbers are those of a reading from beginning to end.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from chalicelib.errors import Fatal, Refused
from chalicelib.formats import Table, open_span, open_table
from chalicelib.journey import Journey
from chalicelib.model.imports import Action, PhaseName, Stats
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.results import TaskResult
from chalicelib.model.rows import Draft, Row
from chalicelib.phases.prevalidation import Reading, prevalidate
from chalicelib.rules.duplicates import Namings
from chalicelib.rules.templates import check_header, too_many_rows
from chalicelib.tasks.counting import with_departures
from chalicelib.tasks.shuffling import shuffle
from chalicelib.work import BATCHES_PER_SPAN, SourceFacts

PHASE = PhaseName.PREVALIDATION


def read_span(journey: Journey, span: int) -> TaskResult:
    """Rows and lines are numbered from the span's own beginning. Raises Refused where the source as a whole cannot be
    read."""
    with open_source(journey, span) as table:
        check_header(journey.import_.rules, table.headers, table.format)
        reading = Reading.of(journey.resource, journey.import_, journey.limits, table.headers)
        result = _read_batches(journey, span, table, reading)
        findings = (*(one for one in table.findings if one.code not in _SAID_BY_PLAN), *reading.findings)
        facts = SourceFacts(format=table.format, headers=table.headers, keys=reading.keys, findings=findings)
        journey.work.write_facts(span, facts)
    return replace(result, lines=table.count_lines())


_SAID_BY_PLAN = (ProblemCode.HEADER_EMPTY, ProblemCode.HEADER_DUPLICATE)
"""The reader finds them too; the plan also knows which field they would have fed."""


def _read_batches(journey: Journey, span: int, table: Table, reading: Reading) -> TaskResult:
    result = TaskResult(phase=PHASE, task=span, token=journey.work.token)
    max_rows = journey.import_.rules.max_rows
    batches = _each_batch(table.rows, journey.limits)
    for batch, rows in enumerate(batches, span * BATCHES_PER_SPAN):
        if result.batches == BATCHES_PER_SPAN:
            raise Refused("too_many_rows", f"There are more than {result.entered} rows in one go. Split the source.")
        if 0 < max_rows < result.entered + len(rows):
            raise too_many_rows(max_rows)
        result = _read_batch(journey, batch, rows, reading, result)
        journey.tell(PHASE, result.entered)
        if stop := journey.find_stop():
            return replace(result, stopped_by=stop)
    return result


def _each_batch(rows: Iterator[Row], limits: Limits) -> Iterator[list[Row]]:
    """So many rows that they fit into memory, however long they are."""
    batch: list[Row] = []
    size_bytes = 0
    for row in rows:
        batch.append(row)
        size_bytes += _size_of(row)
        if len(batch) >= limits.batch_rows or size_bytes >= limits.batch_bytes:
            yield batch
            batch, size_bytes = [], 0
    if batch:
        yield batch


def _size_of(row: Row) -> int:
    """In characters; of JSON's nested values as they would be written."""
    if isinstance(row.given, list):
        return sum(map(len, row.given))
    values = row.given.values() if isinstance(row.given, Mapping) else row.given
    return sum(len(value) if isinstance(value, str) else len(str(value)) for value in values)


def _read_batch(journey: Journey, batch: int, rows: list[Row], reading: Reading, result: TaskResult) -> TaskResult:
    done = prevalidate(rows, reading)
    work = journey.work
    work.write_rows(batch, rows)
    work.write_drafts(PHASE, batch, done.drafts)
    work.write_fields(PHASE, batch, done.fields)
    work.write_departures(PHASE, batch, done.departures)
    if journey.import_.action is Action.OVERWRITE:
        work.write_failed_keys(batch, done.failed_keys)
    shuffle(journey, PHASE, namings := _namings(batch, done.drafts))
    return with_departures(
        replace(
            result,
            entered=result.entered + len(rows),
            batches=result.batches + 1,
            keys=result.keys + len(namings.keys),
            stats=result.stats + Stats(total=len(rows)),
            is_identity_unreadable=result.is_identity_unreadable or done.is_identity_unreadable,
        ),
        done.departures,
    )


def _namings(batch: int, drafts: list[Draft]) -> Namings:
    keys = [key for draft in drafts for key in draft.identity_keys]
    return Namings(batch, keys, [draft.row_number for draft in drafts for _ in draft.identity_keys])


@contextmanager
def open_source(journey: Journey, span: int) -> Iterator[Table]:
    """The object version that was there when the import started, or a span of it, as a table."""
    source, files, limits = journey.import_.source, journey.stores.files, journey.limits
    if source is None:
        raise Fatal("the import has no source")
    if journey.work.get_manifest().spans == 1:
        with files.open_file(source.key, source.version_id) as stream:
            yield open_table(stream, journey.import_.reading, limits, filename=source.filename)
        return
    cut = journey.work.get_cut()
    start, end = cut.starts[span], cut.end_of(span)
    with files.open_file(source.key, source.version_id, start=start, end=end) as stream:
        yield open_span(stream, cut.layout, limits, is_first=span == 0)
