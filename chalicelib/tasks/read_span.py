"""Prevalidation of one span of the source: bytes → rows → drafts, batch by batch, in bounded memory.

How many rows and lines lie before its span only the gate knows, which adds that up; so no row is counted twice, and
numbers are those of a reading from beginning to end.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from chalicelib.errors import Fatal, Refused
from chalicelib.formats import RecordWords, Table, open_span, open_table
from chalicelib.journey import Journey
from chalicelib.model.imports import PhaseName
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.results import TaskResult
from chalicelib.model.rows import RowBlock
from chalicelib.phases.prevalidation import Reading, prevalidate
from chalicelib.rules.templates import check_header, too_many_rows
from chalicelib.tasks.gathering import OpenBatch
from chalicelib.work import BATCHES_PER_SPAN, SourceFacts

PHASE = PhaseName.PREVALIDATION


def read_span(journey: Journey, span: int) -> TaskResult:
    """Rows and lines are numbered from the span's own beginning. Raises Refused where the source as a whole cannot be
    read."""
    with open_source(journey, span) as table:
        check_header(journey.import_.rules, table.headers, table.format)
        reading = Reading.of(journey.resource, journey.import_, journey.limits, table.headers)
        result = replace(_read_batches(journey, span, table, reading), fed=reading.fed)
        said = (one for one in table.findings if one.code is not _SAID_BY_PLAN)
        findings = (*said, *reading.findings, *table.find_more())
        facts = SourceFacts(format=table.format, headers=table.headers, keys=reading.keys, findings=findings)
        journey.work.write_facts(span, facts)
    return replace(result, lines=table.count_lines())


_SAID_BY_PLAN = ProblemCode.HEADER_DUPLICATE
"""The reader finds it too; the plan also knows which field the column would have fed."""


def _read_batches(journey: Journey, span: int, table: Table, reading: Reading) -> TaskResult:
    result = TaskResult(phase=PHASE, task=span, token=journey.work.token)
    max_rows = journey.import_.rules.max_rows
    batch = OpenBatch(journey, span * BATCHES_PER_SPAN)
    if reading.mentions and span == 0:
        batch.add_keys(reading.mentions.in_headers(table.headers))
    for block in _each_piece(table.blocks, batch):
        if result.batches == BATCHES_PER_SPAN:
            raise Refused("too_many_rows", f"There are more than {result.entered} rows in one go. Split the source.")
        if 0 < max_rows < result.entered + batch.rows + len(block):
            raise too_many_rows(max_rows)
        batch.add(block, prevalidate(block, reading))
        if batch.is_full:
            result = batch.close(result)
            journey.tell(PHASE, result.entered)
            if stop := journey.find_stop():
                return replace(result, stopped_by=stop)
    return batch.close(result) if batch.rows else result


def _each_piece(blocks: Iterable[RowBlock], batch: OpenBatch) -> Iterator[RowBlock]:
    """Blocks cut so that each fits into the batch that is open when it is taken."""
    for block in blocks:
        rest = block
        while len(rest) > batch.room:
            head, rest = rest.cut(batch.room)
            yield head
        yield rest


@contextmanager
def open_source(journey: Journey, span: int) -> Iterator[Table]:
    """The object version that was there when the import started, or a span of it, as a table."""
    source, files, limits = journey.import_.source, journey.stores.files, journey.limits
    if source is None:
        raise Fatal("the import has no source")
    if journey.work.get_manifest().spans == 1:
        words = RecordWords.of(journey.resource, journey.import_.column_mapping)
        with files.open_file(source.key, source.version_id) as stream:
            yield open_table(stream, journey.import_.reading, limits, filename=source.filename, words=words)
        return
    cut = journey.work.get_cut()
    start, end = cut.starts[span], cut.end_of(span)
    with files.open_file(source.key, source.version_id, start=start, end=end) as stream:
        yield open_span(stream, cut.layout, limits, is_first=span == 0)
