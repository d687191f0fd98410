"""The real record store under the real import, with trouble at every single request to DynamoDB.

What one call of the store promises is asked of it in `tests/contract/stores`; here whole imports depend on it.
"""

import pytest

from tests.faults.conftest import Cases
from tests.faults.fake_table import TROUBLES, Line, TableRecords, Trouble, never_sent
from tests.faults.recorder import plainly
from tests.faults.recording import Recording, recorded
from tests.faults.scenarios import SCENES
from tests.faults.simulated_import import Play, Twins

ON_TABLES = Twins(records=TableRecords)
TRIES_OF_THE_CLIENT = 8


@pytest.fixture(params=SCENES, ids=str, scope="module")
def recording(request: pytest.FixtureRequest) -> Recording:
    return recorded(request.param, ON_TABLES)


def spoiled(recording: Recording, at: int, trouble: Trouble, *, times: int = 1) -> Play:
    """`at` counts requests from 0, those that furnished the scene left out."""
    play = recording.replay(lambda _: plainly)
    line = line_of(play)
    line.spoil(line.sent + at, trouble, times=times)
    play.run()
    line.spoil(0, trouble, times=0)
    return play


def line_of(play: Play) -> Line:
    assert isinstance(play.stores.records, TableRecords)
    return play.stores.records.line


def requests(recording: Recording) -> range:
    play = recording.replay(lambda _: plainly)
    furnished = line_of(play).sent
    play.run()
    return range(line_of(play).sent - furnished)


def test_tables_hold_what_memory_holds(recording: Recording) -> None:
    in_memory = recorded(recording.scene)

    assert recording.after.shown == in_memory.after.shown
    assert recording.after.contents == in_memory.after.contents
    assert recording.after.left_over == []


@pytest.mark.parametrize("kind", TROUBLES)
def test_trouble_with_a_request_leaves_no_trace(recording: Recording, kind: str, cases: Cases) -> None:
    for at in cases.some(requests(recording), one_in=17):
        play = spoiled(recording, at, TROUBLES[kind])
        cases.check(f"{kind} at request {at}", recording.violations(play))

    cases.conclude()


@pytest.mark.parametrize("tries", [1, 7, 10])
def test_a_table_that_does_not_answer_ends_the_import_with_truthful_counts(
    recording: Recording, tries: int, cases: Cases
) -> None:
    for at in cases.some(requests(recording), one_in=17):
        play = spoiled(recording, at, never_sent, times=tries * TRIES_OF_THE_CLIENT)
        wrong = recording.violations(play, may_end_early=tries > 1)
        cases.check(f"no answer to {tries} tries from request {at} on", wrong)

    cases.conclude()
