"""docs/performance.md and the README's ratios: what stands between their markers is written by the bench, all else by
people.

Each suite has a part of its own, which says by which command, when and how it was measured; whoever measures one suite
writes that part anew and leaves the others.
"""

import os
import platform
import re
import timeit
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.figures import Figure
from local.paths import ROOT

PAGE = ROOT / "docs" / "performance.md"
README = ROOT / "README.md"
CPU_PLOT = ROOT / "docs" / "performance-cpu.svg"
MEMORY_PLOT = ROOT / "docs" / "performance-memory.svg"
MANY = 1_000_000
"""Additions, and look-ups, by which a machine is told from another, and one day from the next."""
BEGIN, END = "<!-- results: written by make bench -->", "<!-- end of results -->"

_PART = re.compile(r"^### (?P<suite>[a-z-]+)\n", re.MULTILINE)
_ROW = re.compile(
    r"^\| (?P<name>[^|]+) \| [^|]+ \| (?P<peer>[^|]+): [^|:]+ \| (?P<ratio>[\d.,]+ ×)[^|]* \| (?P<target>≥ [^|]+) \|"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One suite as it was measured."""

    suite: str
    figures: Sequence[Figure]
    size: str
    """Its name."""
    how: str
    """When, on which machine, and how busy that was."""


def with_results(page: str, results: str) -> str:
    """Raises ValueError where a marker is missing."""
    before, _, after = _split(page)
    return f"{before}{BEGIN}\n\n{results}\n{END}{after}"


def with_suites(page: str, measured: Iterable[Measured], order: Sequence[str]) -> str:
    """Returns the page with the parts of these suites written anew; all parts stand in this order. Raises ValueError
    where a marker is missing.
    """
    _, results, _ = _split(page)
    _, *found = _PART.split(results)
    parts = dict(zip(found[::2], (one.strip() for one in found[1::2]), strict=True))
    parts |= {one.suite: part_text(one) for one in measured}
    return with_results(page, "\n".join(f"### {name}\n\n{parts[name]}\n" for name in order if name in parts))


def part_text(measured: Measured) -> str:
    """Returns what a suite has to say under its heading."""
    lines = [
        f"`make bench SIZE={measured.size} ONLY={measured.suite}`, {measured.how}.",
        "",
        "| figure | ours | peer | ratio or amount | target | | counted |",
        "|---|---|---|---|---|---|---|",
        *map(_line, measured.figures),
    ]
    return "\n".join(lines)


def ratios_of(page: str) -> str:
    """Returns in short what the page tells: what is to be faster than a peer, how much faster it is and should be."""
    rows = (_ROW.match(line) for line in _split(page)[1].splitlines())
    lines = ["| | beside | ratio | target |", "|---|---|---|---|"]
    lines += [f"| {row['name']} | {row['peer']} | {row['ratio']} | {row['target']} |" for row in rows if row]
    return "\n".join(lines) + "\n"


def find_machine() -> str:
    """Returns its cores, its processor and its Python, and how fast and how busy it is just now."""
    named = f"{os.cpu_count()} cores ({_processor()}), {platform.system()}, Python {platform.python_version()}"
    speed = f"{_adding_ms():.0f} ms for a million additions, {_looking_up_ms():.0f} ms for a million look-ups"
    return f"{named}, at a load of {os.getloadavg()[0]:.1f}, {speed}"


def _adding_ms() -> float:
    """What a core takes for additions, the best of five: of two days it tells which was the slower one."""
    return min(timeit.repeat("total += 1", "total = 0", number=MANY, repeat=5)) * 1000


def _looking_up_ms() -> float:
    """What the memory takes for look-ups in a large table, the best of two: what keeps rows waits for it, and additions
    do not."""
    table = dict.fromkeys(map(str, range(MANY)))
    keys = Random(1).sample([*table], MANY)
    return min(timeit.repeat(lambda: sum(map(table.__contains__, keys)), number=1, repeat=2)) * 1000


def _split(page: str) -> tuple[str, str, str]:
    before, begin, rest = page.partition(BEGIN)
    results, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has lost its markers")
    return before, results, after


def _line(one: Figure) -> str:
    cells = (one.name, one.ours, one.peer, one.value_text, str(one.target or ""), one.result, one.counted)
    return "| " + " | ".join(cells) + " |"


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
