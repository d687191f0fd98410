"""Growth and memory: the same import at several sizes, its counts checked against an independent count of the file.

What a task holds must not depend on how long the source is, nor what a row costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.children import ask
from bench.figures import Figure, at_most
from bench.page import CPU_PLOT, MEMORY_PLOT
from bench.plots import Plot, to_svg
from bench.race import Report
from bench.sizes import SMALL, Size

MB = 1 << 20
MEMORY_TARGET_MB = 256
FLAT = 1.1
"""What counts as flat: a tenth more memory, whatever the size."""
STEADY = 1.08
"""How much more CPU a row may take, whatever the size."""
OTHERS = ("tsv", "ndjson", "json")
COMPARED = ("total", "created", "skipped", "failed")


class WrongCounts(Exception):
    """An import said something else than the independent count: nothing it measures is worth anything."""


@dataclass(frozen=True, slots=True)
class Grown:
    """One import."""

    rows: int
    cpu_s: float
    peak_bytes: int
    phases: dict[str, float] = field(default_factory=dict)

    @property
    def s_per_million(self) -> float:
        return self.cpu_s / self.rows * 1_000_000


def grow(rows: int, report: Report) -> Grown:
    """Raises WrongCounts."""
    report(f"import of {rows:,} tickets, with an independent count")
    found = ask("bench.growing", rows, "csv", "all")
    check(found, rows)
    return Grown(rows, found["cpu_s"], found["peak_bytes"], found["phases"])


def check(found: Any, rows: int) -> None:
    """The outcomes, the dead references, the writes, and that the sizes are those asked for."""
    said = {name: found["stats"][name] for name in COMPARED}
    said |= {"dead_references": found["codes"].get("reference_dead", 0)}
    if said != found["expected"] or said["total"] != rows or found["written"] != said["created"]:
        raise WrongCounts(f"{rows:,} rows: {said}, {found['written']:,} written, instead of {found['expected']}")


def measure_growth(size: Size, report: Report) -> list[Figure]:
    """Draws the two plots anew, too, but for small sizes."""
    grown = [grow(rows, report) for rows in size.growth]
    figures = [*_memory(grown), _flatness(grown), _growth(grown), *_formats(size, report)]
    if size.name != SMALL:
        draw(grown)
    return figures


def draw(grown: Sequence[Grown]) -> None:
    """Draws how CPU and memory grow with the rows."""
    cpu = [(one.rows, one.s_per_million) for one in grown]
    memory = [(one.rows, one.peak_bytes / MB) for one in grown]
    CPU_PLOT.write_text(to_svg(Plot("Seconds of CPU per million rows", cpu)))
    MEMORY_PLOT.write_text(to_svg(Plot("Most memory held, MB; the target dashed", memory, MEMORY_TARGET_MB)))


def _memory(grown: Sequence[Grown]) -> list[Figure]:
    return [memory_figure("the tasks of an import of CSV", one.rows, one.peak_bytes) for one in grown]


def _flatness(grown: Sequence[Grown]) -> Figure:
    first, last = grown[0], grown[-1]
    return Figure(
        name=f"memory from {first.rows:,} to {last.rows:,} rows",
        ours=f"{last.peak_bytes / MB:,.0f} MB",
        peer=f"{first.rows:,} rows: {first.peak_bytes / MB:,.0f} MB",
        value=last.peak_bytes / first.peak_bytes,
        target=at_most(FLAT),
        counted="peak RSS, 1 run of each",
    )


def memory_figure(name: str, rows: int, peak_bytes: int) -> Figure:
    peak_mb = peak_bytes / MB
    return Figure(
        name=f"memory of {name}, {rows:,} rows",
        ours=f"{peak_mb:,.0f} MB",
        value=peak_mb,
        unit="MB",
        target=at_most(MEMORY_TARGET_MB, "MB"),
        counted="peak RSS, 1 run",
    )


def _growth(grown: Sequence[Grown]) -> Figure:
    first, worst = grown[0], max(grown, key=lambda one: one.s_per_million)
    return Figure(
        name=f"growth from {first.rows:,} to {grown[-1].rows:,} rows",
        ours=", ".join(f"{one.s_per_million:.0f} s" for one in grown) + " per million",
        peer="the smallest of them",
        value=worst.s_per_million / first.s_per_million,
        target=at_most(STEADY),
        counted=f"CPU, 1 run of each of {len(grown)}",
    )


def _formats(size: Size, report: Report) -> list[Figure]:
    figures = []
    for format_ in OTHERS:
        for rows in size.formats:
            report(f"prevalidation of {rows:,} rows of {format_}")
            found = ask("bench.growing", rows, format_, "first")
            figures.append(memory_figure(f"prevalidation of {format_.upper()}", rows, found["peak_bytes"]))
    return figures
