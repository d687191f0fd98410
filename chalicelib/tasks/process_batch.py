"""Processing of one batch: drafts → records, slice by slice, until every row of the slice has its outcome.

Between slices the task looks whether the import was canceled or ran out of time. A row whose record changed under its
hands is decided again on what is stored now.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain, islice
from operator import attrgetter

from chalicelib.errors import Retryable
from chalicelib.journey import SLICE_ROWS, Journey
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import PhaseName
from chalicelib.model.records import Record, Write
from chalicelib.model.results import TaskResult
from chalicelib.model.rows import Departure, Draft
from chalicelib.phases.processing import Rulebook, conclude, is_meant, process
from chalicelib.phases.transforming import transform
from chalicelib.tasks.counting import with_departures
from chalicelib.tasks.looking_up import own_records
from chalicelib.tasks.match_batch import fields_written_by
from chalicelib.tasks.proving import proven

PHASE = PhaseName.PROCESSING
ROUNDS = 8
"""So often a row may lose a race before the task gives up and is tried again as a whole."""


def process_batch(journey: Journey, batch: int) -> TaskResult:
    result = TaskResult(phase=PHASE, task=batch, token=journey.work.token)
    departures: list[Departure] = []
    bare = journey.work.each_draft(PhaseName.VALIDATION, batch)
    rest = journey.work.each_with_fields(fields_written_by(journey.resource), batch, bare)
    journey.work.mark_begun(PHASE, batch, journey.now())
    while drafts := list(islice(rest, SLICE_ROWS)):
        if stop := journey.find_stop():
            departures.extend(proven(journey, chain(drafts, rest)))
            result = replace(result, stopped_by=stop)
            break
        departures.extend(_process_slice(journey, drafts))
        journey.tell(PHASE, len(departures))
    departures.sort(key=attrgetter("row_number"))
    journey.work.write_departures(PHASE, batch, departures)
    return with_departures(replace(result, entered=len(departures)), departures)


def _process_slice(journey: Journey, drafts: list[Draft]) -> list[Departure]:
    departures: list[Departure] = []
    for _ in range(ROUNDS):
        done, contested = _process_once(journey, drafts)
        departures.extend(done)
        if not contested:
            return departures
        drafts, ambiguous = _match_again(journey, contested)
        departures.extend(ambiguous)
    raise Retryable(f"{len(drafts)} records kept changing while rows were written to them")


def _process_once(journey: Journey, drafts: list[Draft]) -> tuple[list[Departure], list[Draft]]:
    """The rows that are done, and those whose record changed meanwhile."""
    tenant_id, resource = journey.import_.tenant_id, journey.import_.resource
    records, rules = journey.stores.records, _rules(journey)
    stored = records.get_many(tenant_id, resource, [draft.record_id for draft in drafts if draft.record_id])
    drafts, contested = _with_strays_apart(drafts, stored, rules)
    decided = process(drafts, stored, rules)
    writing = [(draft, what) for draft, what in decided if isinstance(what, Write)]
    written = records.write_many(tenant_id, resource, [what for _, what in writing], now_ms=int(journey.now() * 1000))
    done = [what for _, what in decided if isinstance(what, Departure)]
    for (draft, write), answer in zip(writing, written, strict=True):
        departure = conclude(draft, write, answer)
        if departure:
            done.append(departure)
        else:
            contested.append(draft)
    return done, contested


def _with_strays_apart(
    drafts: list[Draft], stored: Mapping[RecordId, Record], rules: Rulebook
) -> tuple[list[Draft], list[Draft]]:
    """The drafts that still mean the record they matched, and those that have to look for theirs again."""
    meant: list[Draft] = []
    strays: list[Draft] = []
    for draft in drafts:
        record = stored.get(draft.record_id) if draft.record_id else None
        if draft.is_match and not is_meant(draft, record, rules):
            draft.is_match = False
            strays.append(draft)
        else:
            meant.append(draft)
    return meant, strays


def _match_again(journey: Journey, drafts: list[Draft]) -> tuple[list[Draft], list[Departure]]:
    """Another import may have made the very record a row was to make, or changed the one it meant: such rows look for
    their record anew, and this time closely."""
    homeless = [draft for draft in drafts if not draft.is_match]
    settled = [draft for draft in drafts if draft.is_match]
    found = transform(homeless, {}, own_records(journey, closely=True), journey.new_record_ids)
    return [*settled, *found.drafts], found.departures


def _rules(journey: Journey) -> Rulebook:
    import_ = journey.import_
    return Rulebook(
        import_id=import_.import_id,
        resource=journey.resource,
        action=import_.action,
        strategy=import_.rules.strategy,
        record_bytes=journey.limits.record_bytes,
    )
