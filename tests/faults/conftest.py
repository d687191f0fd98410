"""Counts the cases of the fault runs, and chooses how many of them are run.

make test      a good part: some of each kind
make faults    all of them
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import pytest

from tests.faults.recording import Recording, record
from tests.faults.scenarios import Scenario

PROPERTY = "fault cases"
LIMIT = "rows met the known limit of two task attempts at once"
NAMED_CASES = 5

One = TypeVar("One")
RecordingOf = Callable[[Scenario], Recording]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults")
    group.addoption("--every-case", action="store_true", help="run all fault cases, not a part of them")
    group.addoption("--seeds", type=int, default=200, help="how many random schedules to run")
    group.addoption("--first-seed", type=int, default=1, help="the seed of the first of them")


class Cases:
    """The cases of one test; it fails when all of them were run, naming some that ended wrongly."""

    def __init__(self, *, is_every: bool) -> None:
        self.is_every = is_every
        self.count = 0
        self.wrong: list[str] = []

    def some(self, ones: Sequence[One], *, one_in: int) -> Sequence[One]:
        """All of them if all were asked for, else every n-th."""
        return ones if self.is_every else ones[::one_in]

    def check(self, label: str, violations: Sequence[str]) -> None:
        self.count += 1
        if violations:
            self.wrong.append("\n    ".join([label, *violations]))

    def conclude(self) -> None:
        assert self.count, "there was no case"
        shown = "\n".join(self.wrong[:NAMED_CASES])
        assert not self.wrong, f"{len(self.wrong)} of {self.count} cases ended wrongly:\n{shown}"


@pytest.fixture
def cases(request: pytest.FixtureRequest) -> Iterator[Cases]:
    made = Cases(is_every=request.config.getoption("--every-case"))
    yield made
    request.node.user_properties.append((PROPERTY, made.count))


@pytest.fixture(scope="session")
def recording_of() -> RecordingOf:
    """Finds the recording of a scenario, which is made once."""
    kept: dict[str, Recording] = {}

    def find(scenario: Scenario) -> Recording:
        if str(scenario) not in kept:
            kept[str(scenario)] = record(scenario)
        return kept[str(scenario)]

    return find


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    ended = [one for ones in terminalreporter.stats.values() for one in ones if isinstance(one, pytest.TestReport)]
    counts = [one.user_properties for one in ended if one.when == "teardown"]
    sums = {name: sum(int(str(n)) for ones in counts for one, n in ones if one == name) for name in (PROPERTY, LIMIT)}
    for name, total in sums.items():
        if total:
            terminalreporter.write_line(f"{total} {name}")
