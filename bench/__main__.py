"""`make bench`: measures figure after figure, shows them in a table, and writes docs/performance.md.

Progress goes to standard error. A run of some suites only (ONLY=…) is shown and not written.
"""

import argparse
import sys
import time
from collections.abc import Callable

from rich.console import Console

from bench.figures import Figure
from bench.page import CPU_PLOT, MEMORY_PLOT, PAGE, README, find_machine, ratios_text, results_text, with_results
from bench.plots import Plot, to_svg
from bench.race import Tell
from bench.sizes import SIZES, Size
from bench.suites.embedded import measure_embedded
from bench.suites.exporting import measure_exports
from bench.suites.growing import MB, MEMORY_TARGET_MB, Grown, measure_growth
from bench.suites.importing import measure_prevalidation, measure_road
from bench.suites.spending import measure_spending
from bench.suites.starting import measure_cold_start
from bench.suites.storing import measure_reads, measure_writes
from bench.table import figures_table

Suite = Callable[[Size, Tell], list[Figure]]

GROWTH = "growth"
SUITES: dict[str, Suite] = {
    "prevalidation": measure_prevalidation,
    "road": measure_road,
    "writes": measure_writes,
    "reads": measure_reads,
    "exports": measure_exports,
    "spending": measure_spending,
    "starts": measure_cold_start,
    GROWTH: lambda size, tell: measure_growth(size, tell)[0],
    "embedded": measure_embedded,
}


def main() -> None:
    wanted = read_arguments()
    size = SIZES[wanted.size]
    begun = time.monotonic()
    grown: list[Grown] = []
    figures = [one for name in wanted.only or SUITES for one in _measured(name, size, grown, begun)]
    console = Console() if sys.stdout.isatty() else Console(width=180)
    console.print(figures_table(figures))
    if not wanted.only:
        write_page(figures, grown, size)
        console.print(f"{PAGE} is written")


def _measured(name: str, size: Size, grown: list[Grown], begun: float) -> list[Figure]:
    def tell(what: str) -> None:
        print(f"{time.monotonic() - begun:6.0f} s  {name}: {what}", file=sys.stderr, flush=True)

    if name != GROWTH:
        return SUITES[name](size, tell)
    figures, imports = measure_growth(size, tell)
    grown += imports
    return figures


def write_page(figures: list[Figure], grown: list[Grown], size: Size) -> None:
    results = results_text(figures, f"make bench SIZE={size.name}", find_machine())
    PAGE.write_text(with_results(PAGE.read_text(), results))
    README.write_text(with_results(README.read_text(), ratios_text(figures)))
    cpu = [(one.rows, one.s_per_million) for one in grown]
    memory = [(one.rows, one.peak_bytes / MB) for one in grown]
    CPU_PLOT.write_text(to_svg(Plot("Seconds of CPU per million rows", cpu)))
    MEMORY_PLOT.write_text(to_svg(Plot("Most memory held, MB; the target dashed", memory, MEMORY_TARGET_MB)))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="usual")
    parser.add_argument("--only", choices=SUITES, nargs="*")
    return parser.parse_args()


if __name__ == "__main__":
    main()
