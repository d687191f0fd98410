"""Faults between the slices of one task: what earlier slices have written is neither lost nor counted twice."""

from collections.abc import Callable

import pytest

from chalicelib.imports.task_context import SLICE_ROWS
from chalicelib.model.imports import Action
from chalicelib.model.rows import Fields
from tests.faults.conftest import Cases, RecordingOf
from tests.faults.faults import HARMLESS, Mishap, refused
from tests.faults.recorder import Call
from tests.faults.recording import Recording
from tests.faults.scenarios import CONTACTS, Scene
from tests.faults.simulated_import import Play
from tests.faults.test_endings_at_every_call import cancel, cancel_and_crash, interrupted

ROWS = 2 * SLICE_ROWS + SLICE_ROWS // 2
LONG = "email,name\n" + "".join(f"p{n}@x.com,Person {n}\n" for n in range(ROWS))
KNOWN: dict[str, Fields] = {f"con_{n:04}": {"email": f"p{n}@x.com", "name": f"Person {n}"} for n in range(ROWS)}
SCENES = [Scene(action=Action.MERGE, source=LONG), Scene(action=Action.DELETE, source=LONG, contacts=CONTACTS | KNOWN)]
FATAL: dict[str, Mishap] = {**HARMLESS, "refused": refused}


@pytest.fixture(params=SCENES, ids=str, scope="module")
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


def of_processing(recording: Recording) -> list[Call]:
    """From the first look before a slice to the result of the task."""
    first = next(call.number for call in recording.calls if call.name == "records.get_many")
    last = next(call.number for call in reversed(recording.calls) if call.name == "results.put_once")
    return recording.calls[first : last + 1]


@pytest.mark.parametrize("kind", FATAL)
def test_a_fault_between_slices_is_mended_or_counted(recording: Recording, kind: str, cases: Cases) -> None:
    for call in cases.some(of_processing(recording), one_in=27):
        play = recording.replay_with(call.number, FATAL[kind])
        cases.check(f"{kind} {call}", recording.violations(play, may_end_early=kind == "refused"))

    cases.conclude()


@pytest.mark.parametrize("way", [cancel, cancel_and_crash], ids=["alone", "beside a crash"])
def test_a_cancel_between_slices_keeps_what_was_written(
    recording: Recording, way: Callable[[Play], None], cases: Cases
) -> None:
    for call in cases.some(of_processing(recording), one_in=15):
        play, _ = interrupted(recording, call.number, way)
        cases.check(f"canceled at {call}", recording.violations(play, may_end_early=True))

    cases.conclude()
