"""Races: two or more sides, each in a process of its own, take their rounds in turn, so that whatever else the machine
does falls on all of them.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench.measured import Measured, Round
from local.paths import ROOT

Tell = Callable[[str], None]
"""Told what is being measured now."""


@dataclass(frozen=True, slots=True)
class Side:
    """A contestant."""

    name: str
    place: str
    """module:function, see `bench.contestant`."""
    rows: int


class ContestantFailed(Exception):
    """Its name, and how it ended; what it said went to standard error."""


class Contestant:
    def __init__(self, side: Side, process: "subprocess.Popen[str]") -> None:
        self._side = side
        self._process = process
        self._read()

    def run(self) -> Round:
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


def race(sides: Sequence[Side], rounds: int, tell: Tell, *, is_same_work: bool = False) -> dict[str, list[Round]]:
    """By name. One round more than asked for is run and forgotten: it warms up. `is_same_work`: all must have done as
    many as the first."""
    with ExitStack() as stack:
        runners = {side.name: stack.enter_context(running(side)) for side in sides}
        found: dict[str, list[Round]] = {side.name: [] for side in sides}
        for number in range(rounds + 1):
            for name, runner in runners.items():
                tell(f"{name}, round {number} of {rounds}")
                done = runner.run()
                found[name] += [done] if number else []
    if is_same_work:
        demand_same({name: taken[0].done for name, taken in found.items()})
    return found


@contextmanager
def running(side: Side) -> Iterator[Contestant]:
    command = [sys.executable, "-m", "bench.contestant", side.place, str(side.rows)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield Contestant(side, process)
        finally:
            process.kill()


def rates(rounds: Sequence[Round]) -> Measured:
    """Done per second of CPU."""
    return Measured.of([one.rate for one in rounds])


def demand_same(done: dict[str, int]) -> None:
    if len(set(done.values())) > 1:
        raise ContestantFailed(f"they have not done the same: {done}")
