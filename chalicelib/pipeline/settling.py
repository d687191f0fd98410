"""What tasks that died have done: read off the records, which carry the stamps of the rows that wrote them.

The result is put once, like that of a task. A try that wakes up later loses, and finds at its next look at the import
that it should stop.
"""

from dataclasses import replace

from chalicelib.errors import NotFound
from chalicelib.journey import Journey
from chalicelib.model.imports import PhaseName, Stats
from chalicelib.model.results import TaskResult
from chalicelib.model.rows import Departure, Draft
from chalicelib.road import tasks_of
from chalicelib.tasks.counting import with_departures
from chalicelib.tasks.sweep_shard import NO_ROW

SETTLED = "settled"


def settle(journey: Journey) -> None:
    """Gives every task of processing and cleanup that has no result the result that its records prove."""
    results, import_ = journey.stores.results, journey.import_
    for phase, count in ((PhaseName.PROCESSING, _settle_batch), (PhaseName.CLEANUP, _settle_shard)):
        for task in _tasks_begun(journey, phase):
            if results.find_result(import_.import_id, import_.attempt, phase, task) is None:
                results.put_once(import_.import_id, import_.attempt, count(journey, task))


def _tasks_begun(journey: Journey, phase: PhaseName) -> tuple[int, ...]:
    """None where the road has not come to the phase."""
    is_begun = any(one.name is phase and one.started_at is not None for one in journey.import_.phases)
    try:
        return tasks_of(journey, phase) if is_begun else ()
    except NotFound:
        return ()


def _settle_batch(journey: Journey, batch: int) -> TaskResult:
    drafts = list(journey.work.each_draft(PhaseName.VALIDATION, batch))
    departures = _departures(journey, drafts)
    journey.work.write_departures(PhaseName.PROCESSING, batch, departures)
    result = _empty(journey, PhaseName.PROCESSING, batch)
    return with_departures(replace(result, entered=len(departures)), departures)


def _departures(journey: Journey, drafts: list[Draft]) -> list[Departure]:
    """A row that wrote nothing has no stamp and stays without an outcome: unprocessed."""
    import_ = journey.import_
    ids = [draft.record_id for draft in drafts if draft.record_id]
    stored = journey.stores.records.get_many(import_.tenant_id, import_.resource, ids)
    departures = []
    for draft in drafts:
        record = stored.get(draft.record_id) if draft.record_id else None
        stamp = record.find_stamp(import_.import_id, draft.row_number) if record else None
        if stamp:
            departures.append(Departure(draft.row_number, draft.line, stamp.outcome, draft.record_id, draft.problems))
    return departures


def _settle_shard(journey: Journey, shard: int) -> TaskResult:
    import_ = journey.import_
    records = journey.stores.records.each_record(import_.tenant_id, import_.resource, shard)
    gone = sum(record.find_stamp(import_.import_id, NO_ROW) is not None for record in records)
    return replace(_empty(journey, PhaseName.CLEANUP, shard), entered=gone, stats=Stats(overwritten=gone))


def _empty(journey: Journey, phase: PhaseName, task: int) -> TaskResult:
    return TaskResult(phase=phase, task=task, token=journey.work.token, stopped_by=SETTLED)
