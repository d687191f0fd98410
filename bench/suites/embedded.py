"""The embedded default: how long a warm start takes, and a file of 10,500 rows through S3, machine and tables.

Wall time, because waiting is what a person does here. Only where the size asks for it: it needs both cores.
"""

from bench.children import ask
from bench.figures import Figure, at_most
from bench.race import Report
from bench.sizes import Size
from local.paths import ROOT

ROWS = 10_500


def measure_embedded(size: Size, report: Report) -> list[Figure]:
    if not size.is_embedded:
        return []
    report("two starts, and a file")
    found = ask("bench.embedding", ROWS, python=ROOT / ".venv-run" / "bin" / "python")
    return [
        _figure("embedded default, warm: start to first answer", found["answered_s"], 10),
        _figure(f"embedded default: {ROWS:,} rows through S3, machine and tables", found["imported_s"], 4),
    ]


def _figure(name: str, seconds: float, most_s: float) -> Figure:
    return Figure(
        name=name,
        ours=f"{seconds:.1f} s",
        value=seconds,
        unit="s",
        target=at_most(most_s, "s"),
        counted="wall, 1 run",
    )
