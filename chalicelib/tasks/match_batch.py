"""Transforming, validation and processing of one batch: drafts → drafts, with look-ups and writes in the store."""

from collections import defaultdict
from collections.abc import Iterable

from chalicelib.journey import Journey
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import Action, PhaseName
from chalicelib.model.records import shard_of
from chalicelib.model.results import TaskResult
from chalicelib.model.rows import Departure, Draft, Outcome
from chalicelib.phases.transforming import transform
from chalicelib.phases.validation import validate
from chalicelib.rules.duplicates import Naming
from chalicelib.tasks.counting import with_departures
from chalicelib.tasks.creating import create_missing
from chalicelib.tasks.looking_up import other_records, own_records
from chalicelib.work import partition_of


def transform_batch(journey: Journey, batch: int) -> TaskResult:
    work, import_ = journey.work, journey.import_
    drafts = list(work.each_draft(PhaseName.PREVALIDATION, batch))
    drops = work.get_drops(PhaseName.PREPARSING, batch, work.get_manifest().partitions)
    is_overwrite = import_.action is Action.OVERWRITE
    done = transform(
        drafts,
        drops,
        own_records(journey),
        journey.new_record_id,
        also_named=work.each_failed_key(batch) if is_overwrite else (),
    )
    _name_records(journey, batch, done.drafts, done.named)
    return _hand_over(journey, PhaseName.TRANSFORMING, batch, done.drafts, done.departures)


def validate_batch(journey: Journey, batch: int) -> TaskResult:
    work = journey.work
    drafts = list(work.each_draft(PhaseName.TRANSFORMING, batch))
    drops = work.get_drops(PhaseName.PARSING, batch, work.get_manifest().partitions)
    done = validate(drafts, drops, journey.resource, other_records(journey))
    create_missing(journey, done.missing)
    return _hand_over(journey, PhaseName.VALIDATION, batch, done.drafts, done.departures)


def _name_records(journey: Journey, batch: int, drafts: Iterable[Draft], named: Iterable[RecordId]) -> None:
    """For parsing: which rows mean which stored record. For cleanup: which stored records are named at all."""
    work = journey.work
    manifest = work.get_manifest()
    namings: dict[int, list[Naming]] = defaultdict(list)
    for draft in drafts:
        if draft.is_match and draft.record_id:
            key = f"id:{draft.record_id}"
            namings[partition_of(key, manifest.partitions)].append(Naming(key, batch, draft.row_number))
    for partition, ones in namings.items():
        work.write_namings(PhaseName.TRANSFORMING, batch, partition, ones)
    spared: dict[int, list[RecordId]] = defaultdict(list)
    for record_id in named if manifest.shards else ():
        spared[shard_of(record_id, manifest.shards)].append(record_id)
    for shard, ids in spared.items():
        work.write_named(batch, shard, ids)


def _hand_over(
    journey: Journey, phase: PhaseName, batch: int, drafts: list[Draft], departures: list[Departure]
) -> TaskResult:
    work = journey.work
    work.write_drafts(phase, batch, drafts)
    work.write_departures(phase, batch, departures)
    skipped = sum(departure.outcome is Outcome.SKIPPED for departure in departures)
    entered = len(drafts) + len(departures)
    result = TaskResult(phase=phase, task=batch, token=work.token, entered=entered, dropped=skipped)
    return with_departures(result, departures)
