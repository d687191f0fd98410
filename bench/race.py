"""Races: two or more contestants, each in a process of its own, take their rounds in turn, so that other work of the
machine slows all of them alike.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench.measurements import Measurements, Round
from local.paths import ROOT

Report = Callable[[str], None]
"""Called with what is being measured now."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a race: what a contestant's process is started with."""

    name: str
    function: str
    """The function to measure as `module:function`; see `bench.contestant`."""
    rows: int


class ContestantFailed(Exception):
    """A contestant's process ended: the message has its name and exit code; its output went to standard error."""


class Contestant:
    """A contestant's process, which is asked for one round at a time."""

    def __init__(self, side: Side, process: "subprocess.Popen[str]") -> None:
        self._side = side
        self._process = process
        self._read()

    def run(self) -> Round:
        """Lets it run one round; raises ContestantFailed if its process has ended."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return Round(**json.loads(self._read()))

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise ContestantFailed(f"{self._side.name} ended with {self._process.wait()}")
        return line


def race(sides: Sequence[Side], rounds: int, report: Report, *, is_same_work: bool = False) -> dict[str, list[Round]]:
    """Returns the rounds of each side by its name. One more round is run first and not counted, to warm up.

    With `is_same_work`, ContestantFailed is raised unless all sides have done the same number of rows.
    """
    with ExitStack() as stack:
        runners = {side.name: stack.enter_context(running(side)) for side in sides}
        found: dict[str, list[Round]] = {side.name: [] for side in sides}
        for number in range(rounds + 1):
            for name, runner in runners.items():
                report(f"{name}, round {number} of {rounds}")
                done = runner.run()
                found[name] += [done] if number else []
    if is_same_work:
        demand_same({name: taken[0].done for name, taken in found.items()})
    return found


@contextmanager
def running(side: Side) -> Iterator[Contestant]:
    """Starts a contestant's process, and ends it afterwards."""
    command = [sys.executable, "-m", "bench.contestant", side.function, str(side.rows)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield Contestant(side, process)
        finally:
            process.kill()


def rates(rounds: Sequence[Round]) -> Measurements:
    """Returns what each round has done per second of CPU."""
    return Measurements.of([one.rate for one in rounds])


def demand_same(done: dict[str, int]) -> None:
    """Raises ContestantFailed if the sides have not done the same number of rows."""
    if len(set(done.values())) > 1:
        raise ContestantFailed(f"they have not done the same: {done}")
