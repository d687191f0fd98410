"""Faults between the write batches of one task: what earlier ones have written is neither lost nor counted twice."""

from collections.abc import Callable

import pytest

from chalicelib.imports.task_context import WRITE_BATCH_ROWS
from chalicelib.model.imports import Action
from chalicelib.model.rows import Fields
from tests.faults.conftest import Cases, RecordingOf
from tests.faults.faults import RECOVERABLE, Fault, refused
from tests.faults.recorder import Call
from tests.faults.recording import Recording
from tests.faults.scenarios import CONTACTS, IN_ONE_TASK, RESULT_CALLS, Scenario
from tests.faults.simulated_import import SimulatedImport
from tests.faults.test_endings_at_every_call import cancel, cancel_and_crash, interrupted

ROWS = 2 * WRITE_BATCH_ROWS + WRITE_BATCH_ROWS // 2
LONG = "email,name\n" + "".join(f"p{n}@x.com,Person {n}\n" for n in range(ROWS))
KNOWN: dict[str, Fields] = {f"con_{n:04}": {"email": f"p{n}@x.com", "name": f"Person {n}"} for n in range(ROWS)}
SCENARIOS = [
    Scenario(action=Action.MERGE, source=LONG),
    Scenario(action=Action.MERGE, source=LONG, limits=IN_ONE_TASK, name="merge 1250 rows in the bucket"),
    Scenario(action=Action.DELETE, source=LONG, contacts=CONTACTS | KNOWN),
]
FATAL: dict[str, Fault] = {**RECOVERABLE, "refused": refused}


@pytest.fixture(params=SCENARIOS, ids=str, scope="module")
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


def of_processing(recording: Recording) -> list[Call]:
    """Returns the calls from the first read before a write batch to the result of the task."""
    first = next(call.number for call in recording.calls if call.name == "records.get_many")
    last = next(call.number for call in reversed(recording.calls) if call.name in RESULT_CALLS)
    return recording.calls[first : last + 1]


@pytest.mark.parametrize("kind", FATAL)
def test_a_fault_between_write_batches_is_mended_or_counted(recording: Recording, kind: str, cases: Cases) -> None:
    for call in cases.some(of_processing(recording), one_in=53):
        simulation = recording.replay_with(call.number, FATAL[kind])
        cases.check(f"{kind} {call}", recording.violations(simulation, may_end_early=kind == "refused"))

    cases.conclude()


@pytest.mark.parametrize("way", [cancel, cancel_and_crash], ids=["alone", "with a crash"])
def test_a_cancel_between_write_batches_keeps_what_was_written(
    recording: Recording, way: Callable[[SimulatedImport], None], cases: Cases
) -> None:
    for call in cases.some(of_processing(recording), one_in=31):
        simulation, _ = interrupted(recording, call.number, way)
        cases.check(f"canceled at {call}", recording.violations(simulation, may_end_early=True))

    cases.conclude()
