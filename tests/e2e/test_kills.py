"""`make run` is killed, at any moment and in any part: the next start goes on with what was saved, nothing is left
over, and imports and records agree.

`make soak` kills at all moments, `make test` at the first two, one after the other.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.locks import is_locked
from tests.e2e.killed_runs import Run, check_next_start, functions_of, processes_of, wait_until

pytestmark = pytest.mark.e2e

IS_SOAK = "SOAK" in os.environ
NOTICED_S = 5
STOPPED_IDLE_S = 5
STOPPED_AT_WORK_S = 15
ROWS = 6000 if IS_SOAK else 300
"""In a soak so many that a state is saved while they are imported."""
SERVING = "Serving at"
AT_WORK = "prevalidation completed"
UNPLANNED = "The emulator has died (signal: killed)"


@dataclass(frozen=True, slots=True)
class Moment:
    """When what is killed, and what becomes of it."""

    kill: Callable[[Run], None]
    status: int
    within_s: float
    """From the kill to the end of `make run`."""
    is_lost: bool = False
    """Whether the import may be lost that had begun."""


def kill_idle_emulator(run: Run) -> None:
    run.wait_for(SERVING)
    run.wait_until_saved()
    os.kill(run.emulator, signal.SIGKILL)


def kill_run_at_work(run: Run) -> None:
    """The file has just arrived: its event is on its way, or its execution begins."""
    wait_until(lambda: list(run.layout.objects.glob("*/*/uploads/*/*/source")), "an uploaded file")
    run.kill()


def kill_idle_run(run: Run) -> None:
    run.wait_for(SERVING)
    run.kill()


def kill_emulator_at_work(run: Run) -> None:
    run.wait_until_saved_in_the_middle()
    os.kill(run.emulator, signal.SIGKILL)


def kill_emulator_while_it_saves(run: Run) -> None:
    run.wait_for(AT_WORK)
    wait_until(lambda: list(run.layout.snapshots.glob("unfinished-*/state/dynamodb.json")), "a snapshot being written")
    os.kill(run.emulator, signal.SIGKILL)


def kill_emulator_while_it_deploys(run: Run) -> None:
    wait_until(lambda: list(run.layout.objects.glob("*/sluice-artifacts/*.zip")), "an upload of the functions' code")
    os.kill(run.emulator, signal.SIGKILL)


def kill_run_while_it_starts(run: Run) -> None:
    wait_until(lambda: is_locked(run.layout.emulator_lock), "an emulator that starts")
    run.kill()


def kill_both_at_work(run: Run) -> None:
    run.wait_until_saved_in_the_middle()
    emulator = run.emulator
    run.kill()
    os.kill(emulator, signal.SIGKILL)


def kill_emulator_that_saves_for_the_last_time(run: Run) -> None:
    run.wait_until_saved_in_the_middle()
    emulator = run.emulator
    run.kill(signal.SIGTERM)
    wait_until(lambda: list(run.layout.snapshots.glob("unfinished-*")), "the last snapshot being written")
    os.kill(emulator, signal.SIGKILL)


def kill_functions_at_work(run: Run) -> None:
    """Twice, as a person might; the task is called again each time."""
    run.wait_for(AT_WORK)
    for function in functions_of(run.emulator):
        os.kill(function, signal.SIGKILL)
    run.wait_for(SERVING)
    run.kill(signal.SIGTERM)


def terminate_at_work(run: Run) -> None:
    run.wait_for(AT_WORK)
    run.kill(signal.SIGTERM)


def interrupt_idle(run: Run) -> None:
    run.wait_for(SERVING)
    run.kill(signal.SIGINT)


def hang_emulator_and_interrupt(run: Run) -> None:
    """It saves nothing more; what was saved before stays."""
    run.wait_for(SERVING)
    run.wait_until_saved()
    os.kill(run.emulator, signal.SIGSTOP)
    run.wait_for("The emulator runs, but has not answered for")
    run.kill(signal.SIGINT)


MOMENTS = {
    "run at work": Moment(kill_run_at_work, -signal.SIGKILL, NOTICED_S),
    "idle emulator": Moment(kill_idle_emulator, 1, NOTICED_S),
    "idle run": Moment(kill_idle_run, -signal.SIGKILL, NOTICED_S),
    "emulator at work": Moment(kill_emulator_at_work, 1, NOTICED_S),
    "emulator that saves": Moment(kill_emulator_while_it_saves, 1, NOTICED_S, is_lost=True),
    "emulator that deploys": Moment(kill_emulator_while_it_deploys, 1, NOTICED_S, is_lost=True),
    "run that starts": Moment(kill_run_while_it_starts, -signal.SIGKILL, NOTICED_S, is_lost=True),
    "both at work": Moment(kill_both_at_work, -signal.SIGKILL, NOTICED_S),
    "emulator that ends": Moment(kill_emulator_that_saves_for_the_last_time, 0, STOPPED_AT_WORK_S),
    "functions at work": Moment(kill_functions_at_work, 0, STOPPED_IDLE_S),
    "SIGTERM at work": Moment(terminate_at_work, 0, STOPPED_AT_WORK_S),
    "SIGINT when idle": Moment(interrupt_idle, 0, STOPPED_IDLE_S),
    "emulator that hangs": Moment(hang_emulator_and_interrupt, 0, STOPPED_AT_WORK_S),
}
IN_MAKE_TEST = tuple(MOMENTS)[:2]
TOGETHER = [IN_MAKE_TEST, *((name,) for name in MOMENTS if name not in IN_MAKE_TEST)]


def slowness() -> float:
    """Returns how many times longer everything takes than on an idle machine: processes that wait for each processor,
    each of which has caches and disks to wait for, too."""
    return max(1.0, 2 * os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.mark.parametrize("names", TOGETHER if IS_SOAK else TOGETHER[:1], ids=" and ".join)
def test_the_next_start_goes_on_after_a_killed(names: tuple[str, ...], tmp_path: Path) -> None:
    state = tmp_path / "state"
    for name in names:
        kill(name, state)

    imports = check_next_start(state, ROWS)

    assert len(imports) == len(names) + 1 or any(MOMENTS[name].is_lost for name in names)


def kill(name: str, state: Path) -> None:
    """Lets a run begin, kills it, or a part of it, and checks how it ends."""
    moment = MOMENTS[name]
    with Run(state, ROWS) as run:
        moment.kill(run)
        status, took_s = run.end(UNPLANNED if moment.status == 1 else "")
    print(f"\n{name}: {took_s:.1f} s")
    assert (status, processes_of(state)) == (moment.status, []), run.output
    assert took_s <= moment.within_s * slowness(), run.output
    assert (UNPLANNED in run.output) == (status == 1), run.output
