"""Cleanup of one shard of the record store: old records that no row names → deleted."""

from itertools import islice

from chalicelib.journey import SLICE_ROWS, Journey
from chalicelib.model.imports import PhaseName, Stats
from chalicelib.model.records import Record, Stamp, Write, WriteStatus
from chalicelib.model.results import TaskResult
from chalicelib.model.rows import Outcome
from chalicelib.phases.cleanup import Reach, clean_up
from chalicelib.tasks.proving import NO_ROW, begun, prove

PHASE = PhaseName.CLEANUP


def sweep_shard(journey: Journey, shard: int) -> TaskResult:
    """`entered` counts the records looked at, `overwritten` those deleted, by an earlier try of this task included."""
    with begun(journey, PHASE, shard):
        return _sweep_slices(journey, shard)


def _sweep_slices(journey: Journey, shard: int) -> TaskResult:
    seen = deleted = 0
    rest = journey.stores.records.each_record(journey.import_.tenant_id, journey.import_.resource, shard)
    named = {one for batch in journey.work.get_batches() for one in journey.work.each_named(batch, shard)}
    while records := list(islice(rest, SLICE_ROWS)):
        gone = sum(record.find_stamp(journey.import_.import_id, NO_ROW) is not None for record in records)
        going = list(clean_up((record for record in records if not record.is_deleted), named, _reach(journey)))
        if stop := journey.find_stop():
            return prove(journey, PHASE, shard, stop)
        deleted += gone + _delete(journey, going)
        seen += gone + sum(not record.is_deleted for record in records)
        journey.tell(PHASE, seen)
    stats = Stats(overwritten=deleted)
    return TaskResult(phase=PHASE, task=shard, token=journey.work.token, entered=seen, stats=stats)


def _reach(journey: Journey) -> Reach:
    return Reach(
        began_ms=journey.import_.began_ms or 0,
        resource=journey.resource,
        location_id=journey.import_.location_id,
    )


def _delete(journey: Journey, records: list[Record]) -> int:
    """A record that somebody changed since it was read is kept."""
    stamp = Stamp(journey.import_.import_id, NO_ROW, Outcome.DELETED)
    writes = [Write(record_id=record.record_id, before=record, stamp=stamp) for record in records]
    written = journey.stores.records.write_many(
        journey.import_.tenant_id, journey.import_.resource, writes, now_ms=int(journey.now() * 1000)
    )
    return sum(one.status is WriteStatus.WRITTEN for one in written)
