"""Functions that run twice: one after the other, or the first waking up when the second has long been done."""

import pytest

from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.records import Stamp, Write
from chalicelib.model.rows import Outcome
from chalicelib.stores.interfaces import Records
from tests.faults.conftest import Cases, RecordingOf
from tests.faults.faults import each_with_next, invoking_twice
from tests.faults.recorder import Call
from tests.faults.recording import Recording
from tests.faults.scenarios import BEFORE_MS, OURS, RESOURCE, SCENARIOS, put
from tests.faults.stalled_functions import WAKES_AFTER, StalledFunction


@pytest.fixture(params=SCENARIOS, ids=str)
def recording(request: pytest.FixtureRequest, recording_of: RecordingOf) -> Recording:
    return recording_of(request.param)


@pytest.mark.parametrize("believed", [0, 1], ids=["first", "second"])
def test_a_function_that_runs_twice_leaves_no_trace(recording: Recording, believed: int, cases: Cases) -> None:
    for nth, name in cases.some(list(enumerate(recording.invocations)), one_in=29):
        simulation = recording.replay(
            lambda clock: lambda call: call.perform(), invoking_twice(nth, believed=believed)
        ).run()
        cases.check(f"{name} twice, invocation {nth}", recording.violations(simulation))

    cases.conclude()


@pytest.mark.parametrize("wake_after", WAKES_AFTER, ids=["after its successor", "phases later", "after the end"])
@pytest.mark.parametrize("is_performed", [False, True], ids=["before", "after"])
def test_a_task_attempt_that_wakes_up_late_changes_nothing(
    recording: Recording, is_performed: bool, wake_after: int, cases: Cases
) -> None:
    calls = [call for call, following in each_with_next(recording.calls) if following is None or not is_performed]

    for call in cases.some(calls, one_in=211):
        stalled = StalledFunction(call.number, is_performed=is_performed, wake_after=wake_after)
        simulation = recording.replay(lambda _, stalled=stalled: stalled.intercept, stalled.invoke).run()  # type: ignore[misc]
        stalled.wake()
        cases.check(f"stalled at {call}", recording.violations(simulation))

    cases.conclude()


@pytest.mark.parametrize("wake_after", [1, 2, 6, 12])
def test_a_task_attempt_that_wakes_up_in_a_changed_world_changes_nothing(
    recording: Recording, wake_after: int, cases: Cases
) -> None:
    """Its decision now may differ from what its successor decided then."""
    looking = "records.get_many" if recording.scenario.is_undone else "records.find_claims"

    for call in (one for one in recording.calls if one.name == looking):
        cases.check(f"stalled at {call}", woken_in_a_changed_world(recording, call, wake_after))

    cases.conclude()


def woken_in_a_changed_world(recording: Recording, call: Call, wake_after: int) -> list[str]:
    """Returns what is wrong afterwards; the records are no longer those of a run without faults, of course."""
    stalled = StalledFunction(call.number, is_performed=False, wake_after=wake_after)
    simulation = recording.replay(lambda _: stalled.intercept, stalled.invoke)
    stalled.meanwhile = lambda: divide_cy(simulation.stores.records)
    simulation.run()
    return [one for one in recording.violations(simulation) if not one.startswith("I2")]


def divide_cy(records: Records) -> None:
    """Moves the e-mail address of one record to a new one: a row with both identities then means two records."""
    (cy,) = records.get_many(OURS, RESOURCE, [RecordId("con_c")]).values()
    fields = {name: value for name, value in cy.fields.items() if name != "email"}
    stamp = Stamp(ImportId("imp_else"), 1, Outcome.UPDATED)
    claims = tuple(key for key in cy.claims if not key.startswith("email:"))
    write = Write(
        record_id=cy.record_id, before=cy, fields=fields, claims=claims, match_keys=cy.match_keys, stamp=stamp
    )
    records.write_many(OURS, RESOURCE, [write], now_ms=BEFORE_MS)
    put(records, OURS, RESOURCE, {"con_cy": {"email": "cy@x.com", "name": "Another Cy"}})
