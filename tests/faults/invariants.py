"""What must hold after every run, whatever went wrong on the way.

In come what the stores hold after a run with a fault and after the same run without one; out go sentences about what is
violated, none where all is well. I1 to I7 are the invariants of `docs/reliability.md`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import cast

import orjson

from chalicelib.model.events import LifecycleEvent, event_of_export, event_of_import
from chalicelib.model.exports import Export
from chalicelib.model.imports import Import, PhaseStatus, Status
from chalicelib.model.rows import Outcome
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.memory import MemoryEvents
from tests.faults.scenarios import OURS
from tests.faults.stored_state import NO_ROW, StoredState

WRITING = (Outcome.CREATED, Outcome.UPDATED, Outcome.DELETED)
REJECTING = (Outcome.FAILED, Outcome.SKIPPED)
COUNTED = tuple(outcome for outcome in Outcome if outcome is not Outcome.UNPROCESSED)


def each_violation(found: StoredState, healthy: StoredState, before: StoredState, ends: int) -> Iterator[str]:
    """Yields what is violated. `before` is the state before the import, `ends` the number of final statuses set."""
    yield from _ended_once(found, ends)
    yield from _conserved(found)
    yield from _errors_files_hold_rejected_rows(found)
    yield from _counted_is_written(found)
    yield from (f"I7: {text}" for text in found.astray)
    if found.import_.status is Status.COMPLETED:
        yield from (f"I7: {text}" for text in found.left_over)
    if found.theirs != before.theirs:
        yield "I3: a record of the other tenant was touched"
    yield from (
        _as_in_health(found, healthy) if found.import_.status is Status.COMPLETED else _within(found, healthy, before)
    )


def _ended_once(found: StoredState, ends: int) -> Iterator[str]:
    import_ = found.import_
    if not import_.is_final or import_.ended_at is None:
        yield f"I4: the import never ended: {import_.status}"
    if ends != 1:
        yield f"I4: {ends} final statuses were set"
    open_ = [f"{phase.name} {phase.status}" for phase in import_.phases if phase.status in _OPEN]
    if open_:
        yield f"I4: phases were left open: {open_}"


def each_unpublished(import_: Import, published: Sequence[LifecycleEvent]) -> Iterator[str]:
    """I4: the ending was published at least once, under its one id, as it is stored; and before it, of an import that
    was held, that it was."""
    yield from _unpublished(
        event_of_import(import_), [one for one in published if not one.is_held], import_.unpublished_since
    )
    held = {one.event_id: one for one in published if one.is_held}
    if len(held) != (import_.held_until is not None) or (held and not published[0].is_held):
        yield f"I4: published of its being held were {held}"


def each_unpublished_export(export: Export, published: Sequence[LifecycleEvent]) -> Iterator[str]:
    """I4 for exports, once they have ended."""
    if export.is_final:
        yield from _unpublished(event_of_export(export), published, export.unpublished_since)


def each_unlogged(stores: Stores) -> Iterator[str]:
    """I4: what was published stands in the log of events, and each event there once."""
    published = {one.event_id for one in cast(MemoryEvents, stores.events).published}
    logged = [orjson.loads(one.body)["event_id"] for one in stores.event_log.list_after(OURS, 0, limit=100)]
    if any(logged.count(event_id) != 1 for event_id in {*published, *logged}):
        yield f"I4: published were {published}, logged are {logged}"


def each_source_left_over(stores: Stores, import_: Import) -> Iterator[str]:
    """I7: a source that is not to be saved is gone, or it is known until when it is kept."""
    source, is_forgotten = import_.source, import_.is_final and import_.source_until is None
    is_to_go = source is not None and not import_.save_upload and is_forgotten
    if source and is_to_go and stores.files.find_file(source.key, source.version_id) is not None:
        yield f"I7: nobody will delete the source {source.key}"


def _unpublished(
    expected: LifecycleEvent, published: Sequence[LifecycleEvent], unpublished_since: int | None
) -> Iterator[str]:
    if {one.event_id for one in published} != {expected.event_id} or any(one != expected for one in published):
        yield f"I4: published were {published}"
    if unpublished_since is not None:
        yield "I4: its event is still pending"


_OPEN = (PhaseStatus.PENDING, PhaseStatus.PROCESSING)


def _conserved(found: StoredState) -> Iterator[str]:
    """I1: every row has one outcome, and the counts are those of the outcomes."""
    stats, numbers = found.import_.stats, [one.row_number for one in found.outcomes]
    twice = [number for number, times in Counter(numbers).items() if times > 1]
    if twice:
        yield f"I1: rows with two outcomes: {twice}"
    if sorted(found.rows) != list(range(1, len(found.rows) + 1)):
        yield f"I1: the rows read are {found.rows}"
    if not set(numbers) <= set(found.rows):
        yield f"I1: outcomes of rows that do not exist: {set(numbers) - set(found.rows)}"
    counted = Counter(one.outcome for one in found.outcomes)
    for outcome in COUNTED:
        if getattr(stats, outcome) != counted[outcome]:
            yield f"I1: {getattr(stats, outcome)} {outcome} by the counters, {counted[outcome]} by the rows"
    if stats.total != len(found.rows) or stats.unprocessed != len(found.rows) - len(set(numbers)):
        yield f"I1: {stats} of {len(found.rows)} rows, {len(set(numbers))} of them with a outcome"


def _errors_files_hold_rejected_rows(found: StoredState) -> Iterator[str]:
    """I6: the errors file has the rejected rows, in file order, and no others."""
    rejected = sorted(one.row_number for one in found.outcomes if one.outcome in REJECTING)
    if found.import_.has_errors_file != bool(rejected):
        yield f"I6: has_errors_file is {found.import_.has_errors_file} with {len(rejected)} rejected rows"
    for rows in (found.errors_json, found.errors_csv):
        if rejected and [int(row["_row_number"]) for row in rows or ()] != rejected:
            yield f"I6: the errors file has {[row['_row_number'] for row in rows or ()]}, rejected are {rejected}"


def _counted_is_written(found: StoredState) -> Iterator[str]:
    """I6: what is counted as written was written, and nothing else: the records bear the stamps of the rows."""
    import_id = found.import_.import_id
    stamps = {
        (stamp.row_number, record.record_id, stamp.outcome)
        for record in found.records.values()
        for stamp in record.stamps
        if stamp.import_id == import_id
    }
    if found.import_.is_preview:
        yield from (f"I6: a preview has written {one}" for one in stamps)
        return
    cleaned = {one for one in stamps if one[0] == NO_ROW}
    counted = {(one.row_number, one.record_id, one.outcome) for one in found.outcomes if one.outcome in WRITING}
    deleted = {one for one in cleaned if one[2] is Outcome.DELETED}
    if found.import_.stats.overwritten != len(deleted):
        yield f"I6: {found.import_.stats.overwritten} overwritten, {len(deleted)} records cleaned up"
    if found.made != found.import_.stats.created_references:
        yield f"I6: {found.import_.stats.created_references} records made for rows, {found.made} bear their stamps"
    if stamps - cleaned != counted:
        yield f"I6: written but not counted {stamps - cleaned - counted}, counted but not written {counted - stamps}"


def _as_in_health(found: StoredState, healthy: StoredState) -> Iterator[str]:
    """I2: nothing shows that something went wrong."""
    if found.contents != healthy.contents:
        yield f"I2: the records differ: {_differences(found.contents, healthy.contents)}"
    if found.visible != healthy.visible:
        yield f"I2: the import shows {found.visible}, in good health {healthy.visible}"


def _within(found: StoredState, healthy: StoredState, before: StoredState) -> Iterator[str]:
    """I2: an import that ended early has brought each record to where the whole would have, or left it alone."""
    for name in found.contents.keys() | healthy.contents.keys() | before.contents.keys():
        content = found.contents.get(name)
        if content not in (healthy.contents.get(name), before.contents.get(name)):
            yield f"I2: {name} is neither as before nor as afterwards: {content}"


def _differences(one: dict[str, object], other: dict[str, object]) -> dict[str, tuple[object, object]]:
    names = sorted(one.keys() | other.keys())
    return {name: (one.get(name), other.get(name)) for name in names if one.get(name) != other.get(name)}
