"""docs/performance.md and the README's ratios: what stands between their markers is written by the bench, all else by
people.
"""

import os
import platform
from collections.abc import Iterable
from pathlib import Path

from bench.figures import Figure, Sense, rounded
from local.paths import ROOT

PAGE = ROOT / "docs" / "performance.md"
README = ROOT / "README.md"
CPU_PLOT = ROOT / "docs" / "performance-cpu.svg"
MEMORY_PLOT = ROOT / "docs" / "performance-memory.svg"
BEGIN, END = "<!-- results: written by make bench -->", "<!-- end of results -->"


def with_results(page: str, results: str) -> str:
    """Raises ValueError where a marker is missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has lost its markers")
    return f"{before}{BEGIN}\n\n{results}\n{END}{after}"


def results_text(figures: Iterable[Figure], command: str, machine: str) -> str:
    lines = [
        f"`{command}` on {machine}.",
        "",
        "| figure | ours | peer | ratio or amount | target | | counted |",
        "|---|---|---|---|---|---|---|",
        *map(_line, figures),
    ]
    return "\n".join(lines) + "\n"


def ratios_text(figures: Iterable[Figure]) -> str:
    """In short: what is to be faster than a peer, how much faster it is and should be."""
    faster = [one for one in figures if one.target and one.target.sense is Sense.AT_LEAST]
    lines = ["| | beside | ratio | target |", "|---|---|---|---|"]
    lines += [f"| {one.name} | {_peer_of(one)} | {rounded(one.value)} × | {one.target} |" for one in faster]
    return "\n".join(lines) + "\n"


def _peer_of(figure: Figure) -> str:
    return figure.peer.rpartition(":")[0]


def _line(one: Figure) -> str:
    cells = (one.name, one.ours, one.peer, one.value_text, str(one.target or ""), one.result, one.counted)
    return "| " + " | ".join(cells) + " |"


def find_machine() -> str:
    """Its cores, its processor and its Python."""
    return f"{os.cpu_count()} cores ({_processor()}), {platform.system()}, Python {platform.python_version()}"


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
