"""Functions that run twice: one after the other, and the first waking up when the second has long been done."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.records import Stamp, Write
from chalicelib.model.rows import Outcome
from chalicelib.stores.interfaces import Records
from tests.faults.conftest import Cases, RecordingOf
from tests.faults.recorder import Call
from tests.faults.recording import Recording
from tests.faults.scenarios import BEFORE_MS, OURS, RESOURCE, SCENES, put
from tests.faults.simulated_import import Invoke, simply
from tests.faults.stalled_functions import WAKES, Sleeper


@pytest.fixture(params=SCENES, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


def doubling(nth: int, *, believed: int) -> Invoke:
    """The n-th invocation happens twice; the machine hears the first answer or the second."""
    numbers = iter(range(1_000_000))

    def invoke(name: str, do: Callable[[], Any]) -> Any:
        answers = [simply(name, do)]
        if next(numbers) == nth:
            answers.append(simply(name, do))
        return answers[-1 if believed else 0]

    return invoke


@pytest.mark.parametrize("believed", [0, 1], ids=["first", "second"])
def test_a_function_that_runs_twice_leaves_no_trace(recording: Recording, believed: int, cases: Cases) -> None:
    for nth, name in cases.some(list(enumerate(recording.invocations)), one_in=7):
        play = recording.replay(lambda clock: lambda call: call.perform(), doubling(nth, believed=believed)).run()
        cases.check(f"{name} twice, invocation {nth}", recording.violations(play))

    cases.conclude()


@pytest.mark.parametrize("wake_after", WAKES, ids=["after its successor", "phases later", "after the end"])
@pytest.mark.parametrize("is_performed", [False, True], ids=["before", "after"])
def test_a_try_that_wakes_up_late_changes_nothing(
    recording: Recording, is_performed: bool, wake_after: int, cases: Cases
) -> None:
    calls = [call for call in recording.calls if call.is_effect or not is_performed]

    for call in cases.some(calls, one_in=53):
        sleeper = Sleeper(call.number, is_performed=is_performed, wake_after=wake_after)
        play = recording.replay(lambda _, sleeper=sleeper: sleeper.tap, sleeper.invoke).run()  # type: ignore[misc]
        sleeper.wake()
        cases.check(f"asleep at {call}", recording.violations(play))

    cases.conclude()


@pytest.mark.parametrize("wake_after", [1, 2, 6, 12])
def test_a_try_that_wakes_up_in_a_changed_world_has_no_say(recording: Recording, wake_after: int, cases: Cases) -> None:
    """What it decides now may be something else than what its successor decided then."""
    for call in (one for one in recording.calls if one.name == "records.find_claims"):
        cases.check(f"asleep at {call}", overslept(recording, call, wake_after))

    cases.conclude()


def overslept(recording: Recording, call: Call, wake_after: int) -> list[str]:
    """What is wrong afterwards; the records are no longer those of a healthy run, of course."""
    sleeper = Sleeper(call.number, is_performed=False, wake_after=wake_after)
    play = recording.replay(lambda _: sleeper.tap, sleeper.invoke)
    sleeper.meanwhile = lambda: divide_cy(play.stores.records)
    play.run()
    return [one for one in recording.violations(play) if not one.startswith("I2")]


def divide_cy(records: Records) -> None:
    """The e-mail address of one record passes to a new one: who gives both identities of the old means two records."""
    (cy,) = records.get_many(OURS, RESOURCE, [RecordId("con_c")]).values()
    fields = {name: value for name, value in cy.fields.items() if name != "email"}
    stamp = Stamp(ImportId("imp_else"), 1, Outcome.UPDATED)
    claims = tuple(key for key in cy.claims if not key.startswith("email:"))
    write = Write(
        record_id=cy.record_id, before=cy, fields=fields, claims=claims, match_keys=cy.match_keys, stamp=stamp
    )
    records.write_many(OURS, RESOURCE, [write], now_ms=BEFORE_MS)
    put(records, OURS, RESOURCE, {"con_cy": {"email": "cy@x.com", "name": "Another Cy"}})
