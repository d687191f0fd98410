"""docs/performance.md and the README's ratios: what stands between their markers is written by the bench, all else by
people.

Each suite has a part of its own, which says by which command, when and how it was measured; whoever measures one suite
writes that part anew and leaves the others.
"""

import os
import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure
from local.paths import ROOT

PAGE = ROOT / "docs" / "performance.md"
README = ROOT / "README.md"
CPU_PLOT = ROOT / "docs" / "performance-cpu.svg"
MEMORY_PLOT = ROOT / "docs" / "performance-memory.svg"
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
    """Its cores, its processor and its Python."""
    return f"{os.cpu_count()} cores ({_processor()}), {platform.system()}, Python {platform.python_version()}"


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
