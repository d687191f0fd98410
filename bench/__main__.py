"""`make bench`: measures suite after suite, shows their figures in a table, and writes the part of each on
docs/performance.md as soon as it is measured.

Progress goes to standard error. SIZE=small is shown and not written, and so is a suite that broke off.
"""

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from rich.console import Console

from bench.figures import Figure
from bench.page import PAGE, README, Measured, find_machine, ratios_of, with_results, with_suites
from bench.race import Report
from bench.sizes import SIZES, SMALL, Size
from bench.suites.concurrency import measure_concurrency
from bench.suites.delivering import measure_deliveries
from bench.suites.embedded import measure_embedded
from bench.suites.exporting import measure_exports
from bench.suites.growing import measure_growth
from bench.suites.importing import measure_pipeline, measure_pipeline_with_writes, measure_prevalidation
from bench.suites.listing_rows import measure_row_pages
from bench.suites.requesting import measure_requests
from bench.suites.spending import measure_spending
from bench.suites.starting import measure_cold_start
from bench.suites.storing import measure_reads, measure_writes
from bench.suites.throttling import measure_throttling
from bench.table import figures_table

Suite = Callable[[Size, Report], list[Figure]]

SUITES: dict[str, Suite] = {
    "prevalidation": measure_prevalidation,
    "pipeline": measure_pipeline,
    "pipeline-with-writes": measure_pipeline_with_writes,
    "writes": measure_writes,
    "reads": measure_reads,
    "exports": measure_exports,
    "rows": measure_row_pages,
    "spending": measure_spending,
    "throttling": measure_throttling,
    "starts": measure_cold_start,
    "concurrency": measure_concurrency,
    "growth": measure_growth,
    "embedded": measure_embedded,
    "requests": measure_requests,
    "deliveries": measure_deliveries,
}


def main() -> None:
    """Measures what the arguments name, shows it and writes it."""
    arguments = read_arguments()
    size, started_at = SIZES[arguments.size], time.monotonic()
    figures, broken = list[Figure](), list[str]()
    for name in arguments.only or SUITES:
        try:
            figures += _measure(name, size, started_at)
        except (Exception, SystemExit):
            print(f"{name} broke off, the others go on: {traceback.format_exc()}", file=sys.stderr, flush=True)
            broken.append(name)
    console = Console() if sys.stdout.isatty() else Console(width=180)
    console.print(figures_table(figures))
    if broken:
        raise SystemExit(f"{', '.join(broken)} broke off")


def _measure(name: str, size: Size, started_at: float) -> Sequence[Figure]:
    def report(what: str) -> None:
        print(f"{time.monotonic() - started_at:6.0f} s  {name}: {what}", file=sys.stderr, flush=True)

    if size.name == SMALL:
        return SUITES[name](size, report)
    report("how fast the machine is")
    how = f"{datetime.now(UTC):%Y-%m-%d}, {find_machine()}"
    figures = SUITES[name](size, report)
    write_page(Measured(name, figures, size.name, how))
    return figures


def write_page(measured: Measured) -> None:
    """Writes the figures of a suite into docs/performance.md, and the ratios of all into README.md."""
    page = with_suites(PAGE.read_text(), [measured], [*SUITES])
    PAGE.write_text(page)
    README.write_text(with_results(README.read_text(), ratios_of(page)))


def read_arguments() -> argparse.Namespace:
    """Reads the size and the suites from the command line."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="usual")
    parser.add_argument("--only", choices=SUITES, nargs="*")
    return parser.parse_args()


if __name__ == "__main__":
    main()
