"""docs/performance.md: what stands between its markers is written by the bench, all else by people."""

import os
import platform
from collections.abc import Iterable
from pathlib import Path

from bench.figures import Figure
from local.paths import ROOT

PAGE = ROOT / "docs" / "performance.md"
CPU_PLOT = ROOT / "docs" / "performance-cpu.svg"
MEMORY_PLOT = ROOT / "docs" / "performance-memory.svg"
BEGIN, END = "<!-- results: written by make bench -->", "<!-- end of results -->"


def with_results(page: str, results: str) -> str:
    """Raises ValueError where a marker is missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("docs/performance.md has lost its markers")
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


def _line(one: Figure) -> str:
    cells = (one.name, one.ours, one.peer, one.shown_value, str(one.target or ""), one.verdict, one.counted)
    return "| " + " | ".join(cells) + " |"


def find_machine() -> str:
    """Its cores, its processor and its Python."""
    return f"{os.cpu_count()} cores ({_processor()}), {platform.system()}, Python {platform.python_version()}"


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
