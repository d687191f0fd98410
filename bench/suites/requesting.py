"""Imports inside a request, on the embedded stack: how long they take, beside a plain handler that does the same.

Wall time, because a caller waits; the processor time of our side stands beside it. How many requests to AWS each of
them makes, `tests/contract/costs` holds.
"""

from statistics import median, quantiles

from bench.children import ask
from bench.figures import Figure, Target, at_least
from bench.race import Report
from bench.sizes import Size
from local.paths import ROOT

Taken = list[tuple[float, float]]
"""Seconds on the clock and of CPU, by request."""

AT_LEAST = {1: 1 / 1.5, 50: 3.0, 500: 3.0}
"""How many times as fast as the plain handler, by rows."""


def measure_requests(size: Size, report: Report) -> list[Figure]:
    if not size.is_embedded:
        return []
    report("requests of every dialect, and plain ones")
    rounds = 10 * size.rounds
    found = ask("bench.requesting", rounds, python=ROOT / ".venv" / "bin" / "python")
    return [request_figure(**one) for one in found]


def request_figure(dialect: str, rows: int, ours: Taken, plain: Taken) -> Figure:
    """Compares medians; PackageX answers before its records are written, so that it has no target."""
    value = _middle_ms(plain) / _middle_ms(ours)
    cpu_ms = median(cpu for _, cpu in ours) * 1000
    return Figure(
        name=f"request: {dialect}, {rows:,} new row{'s' if rows > 1 else ''}",
        ours=f"p50 {_middle_ms(ours):,.0f} ms, p99 {_slowest_ms(ours):,.0f} ms, CPU {cpu_ms:,.0f} ms",
        peer=f"chalice + pydantic + boto3 put_item: p50 {_middle_ms(plain):,.0f} ms, p99 {_slowest_ms(plain):,.0f} ms",
        value=value,
        target=_target_of(dialect, rows),
        counted=f"wall, {len(ours)} requests",
    )


def _target_of(dialect: str, rows: int) -> Target | None:
    return None if dialect == "PackageX" else at_least(AT_LEAST[rows])


def _middle_ms(taken: Taken) -> float:
    return median(wall for wall, _ in taken) * 1000


def _slowest_ms(taken: Taken) -> float:
    """The 99th of a hundred."""
    in_hundredths = quantiles([wall for wall, _ in taken], n=100, method="inclusive")
    return in_hundredths[98] * 1000
