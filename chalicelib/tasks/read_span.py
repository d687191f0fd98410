"""Prevalidation of one span of the source: bytes → rows → drafts, batch by batch, in bounded memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice

from chalicelib.errors import Fatal
from chalicelib.formats import Table, open_table
from chalicelib.journey import Journey
from chalicelib.model.imports import Action, PhaseName, Stats
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.results import TaskResult
from chalicelib.model.rows import Draft, Row
from chalicelib.phases.prevalidation import Reading, prevalidate
from chalicelib.rules.duplicates import Naming
from chalicelib.tasks.counting import with_departures
from chalicelib.work import BATCHES_PER_SPAN, SourceFacts, partition_of

PHASE = PhaseName.PREVALIDATION


def read_span(journey: Journey, span: int) -> TaskResult:
    """Raises Refused where the source as a whole cannot be read."""
    with open_source(journey) as table:
        reading = Reading.of(journey.resource, journey.import_, journey.limits, table.headers)
        result = _read_batches(journey, span, table, reading)
        findings = (*(one for one in table.findings if one.code not in _SAID_BY_PLAN), *reading.findings)
        journey.work.write_facts(SourceFacts(format=table.format, headers=table.headers, findings=findings))
    return result


_SAID_BY_PLAN = (ProblemCode.HEADER_EMPTY, ProblemCode.HEADER_DUPLICATE)
"""The reader finds them too; the plan also knows which field they would have fed."""


def _read_batches(journey: Journey, span: int, table: Table, reading: Reading) -> TaskResult:
    result = TaskResult(phase=PHASE, task=span, token=journey.work.token)
    for batch, rows in enumerate(_each_batch(table.rows, journey.limits.batch_rows), span * BATCHES_PER_SPAN):
        result = _read_batch(journey, batch, rows, reading, result)
        journey.tell(PHASE, result.entered)
        if stop := journey.find_stop():
            return replace(result, stopped_by=stop)
    return result


def _each_batch(rows: Iterator[Row], batch_rows: int) -> Iterator[list[Row]]:
    while batch := list(islice(rows, batch_rows)):
        yield batch


def _read_batch(journey: Journey, batch: int, rows: list[Row], reading: Reading, result: TaskResult) -> TaskResult:
    done = prevalidate(rows, reading)
    work = journey.work
    work.write_rows(batch, rows)
    work.write_drafts(PHASE, batch, done.drafts)
    work.write_departures(PHASE, batch, done.departures)
    if journey.import_.action is Action.OVERWRITE:
        work.write_failed_keys(batch, done.failed_keys)
    for partition, namings in _shuffle(done.drafts, batch, work.get_manifest().partitions).items():
        work.write_namings(PHASE, batch, partition, namings)
    return with_departures(
        replace(
            result,
            entered=result.entered + len(rows),
            batches=result.batches + 1,
            stats=result.stats + Stats(total=len(rows)),
            is_identity_unreadable=result.is_identity_unreadable or done.is_identity_unreadable,
        ),
        done.departures,
    )


def _shuffle(drafts: Iterable[Draft], batch: int, partitions: int) -> dict[int, list[Naming]]:
    """Keys go to partitions, rows stay in their batch."""
    namings: dict[int, list[Naming]] = defaultdict(list)
    for draft in drafts:
        for key in draft.identity_keys:
            namings[partition_of(key, partitions)].append(Naming(key, batch, draft.row_number))
    return namings


@contextmanager
def open_source(journey: Journey) -> Iterator[Table]:
    """The object version that was there when the import started, as a table."""
    source = journey.import_.source
    if source is None:
        raise Fatal("the import has no source")
    with journey.stores.files.open_file(source.key, source.version_id) as stream:
        yield open_table(stream, journey.import_.reading, journey.limits, filename=source.filename)
