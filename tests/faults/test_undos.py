"""Whatever happened to an import, its undo brings the records back to what they were; and what others do to them while
an undo runs is kept."""

from typing import Any

import pytest

from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.records import Record, Stamp, Write
from chalicelib.model.rows import Outcome
from chalicelib.stores.interfaces import Records
from tests.faults.conftest import Cases, RecordingOf
from tests.faults.faults import RECOVERABLE
from tests.faults.recorder import Call
from tests.faults.recording import Recording
from tests.faults.scenarios import BEFORE_MS, OURS, RESOURCE, SCENARIOS, UNDONE
from tests.faults.simulated_import import SimulatedImport
from tests.faults.simulated_undo import undo_and_compare
from tests.faults.stored_state import content_of
from tests.faults.test_endings_at_every_call import cancel, cancel_and_crash, interrupted, run_out_of_time

ONES = [one for one in SCENARIOS if not (one.is_undone or one.is_preview)]
ENDS = {"canceled": cancel, "canceled and crashed": cancel_and_crash, "out of time": run_out_of_time}


@pytest.fixture(params=ONES, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


@pytest.mark.parametrize("kind", RECOVERABLE)
def test_the_undo_of_an_import_in_which_something_went_wrong_leads_back(
    recording: Recording, kind: str, cases: Cases
) -> None:
    calls = [call for call in recording.calls if is_near_a_write(call)]
    offset = list(RECOVERABLE).index(kind)

    for call in cases.some(calls[offset % len(calls) :], one_in=61):
        simulation = recording.replay_with(call.number, RECOVERABLE[kind])
        cases.check(f"{kind} {call}", undo_and_compare(simulation, recording.before.contents))

    cases.conclude()


def is_near_a_write(call: Call) -> bool:
    """Whether a fault at a call may come between an image and its record."""
    return call.name in ("records.write_many", "files.write_file", "results.put_once")


@pytest.mark.parametrize("end", ENDS)
def test_the_undo_of_an_import_that_was_broken_off_leads_back(recording: Recording, end: str, cases: Cases) -> None:
    for number in cases.some(range(len(recording.calls)), one_in=167):
        simulation, _ = interrupted(recording, number, ENDS[end])
        cases.check(f"{end} before {recording.calls[number]}", undo_and_compare(simulation, recording.before.contents))

    cases.conclude()


@pytest.fixture(params=UNDONE, ids=str)
def undoing(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


def test_what_others_write_while_an_undo_runs_is_kept(undoing: Recording, cases: Cases) -> None:
    for label, wrong in each_lost_change(undoing):
        cases.check(label, wrong)

    cases.conclude()


def each_lost_change(recording: Recording) -> list[tuple[str, list[str]]]:
    """Changes records right before an undo writes them, and returns what is lost of the changes."""
    return [
        (f"changed before {call}", changed_before(recording, call))
        for call in recording.calls
        if call.name == "records.write_many"
    ]


def changed_before(recording: Recording, call: Call) -> list[str]:
    changed: list[Record] = []

    def intercept(one: Call) -> Any:
        if one.number == call.number:
            changed.extend(change(simulation.stores.records, [write.record_id for write in one.args[2]]))
        return one.perform()

    simulation: SimulatedImport = recording.replay(lambda _: intercept)
    simulation.run()
    now = simulation.stores.records.get_many(OURS, RESOURCE, [one.record_id for one in changed])
    wrong = [f"{one.record_id} lost its change" for one in changed if content_of(now[one.record_id]) != content_of(one)]
    kept = simulation.import_.stats.skipped
    return wrong + ([f"{len(changed)} records were changed, {kept} kept"] if kept < len(changed) else [])


def change(records: Records, ids: list[RecordId], *, by: str = "imp_others", now_ms: int = BEFORE_MS) -> list[Record]:
    """Gives live records another name, and returns them as they are then."""
    stored = [one for one in records.get_many(OURS, RESOURCE, ids).values() if not one.is_deleted]
    writes = [
        Write(
            record_id=one.record_id,
            before=one,
            fields=one.fields | {"name": "Of Others"},
            claims=one.claims,
            match_keys=one.match_keys,
            stamp=Stamp(ImportId(by), number, Outcome.UPDATED),
        )
        for number, one in enumerate(stored, 1)
    ]
    records.write_many(OURS, RESOURCE, writes, now_ms=now_ms)
    return [*records.get_many(OURS, RESOURCE, [one.record_id for one in stored]).values()]
