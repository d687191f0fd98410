"""Writes per created row, and what a million rows cost, from counted calls."""

from typing import Any

from bench.children import ask
from bench.figures import Figure, at_most
from bench.prices import AwsUsage, least_cost
from bench.race import Report
from bench.sizes import Size

IDENTITIES = {"customers": 2, "tickets": 1}
"""Unique ones that every row of the source gives."""
MILLION = 1_000_000


def measure_spending(size: Size, report: Report) -> list[Figure]:
    figures = []
    for resource, identities in IDENTITIES.items():
        rows = size.rows * 2
        report(f"calls of an import of {rows:,} {resource}")
        figures += figures_of(ask("bench.spending", rows, resource), resource, identities, rows)
    return figures


def figures_of(found: Any, resource: str, identities: int, rows: int) -> list[Figure]:
    usage, unchanged, created = AwsUsage(**found["usage"]), AwsUsage(**found["usage_unchanged"]), found["created"]
    beside = AwsUsage(**found["usage_beside"])
    writes = round(found["record_write_units"] / created, 2)
    least = least_cost(created, identities)
    return [
        Figure(
            name=f"write units per created row, {resource}",
            ours=f"{writes:.2f}",
            peer=f"1 + {identities} unique {'identity' if identities == 1 else 'identities'}",
            value=writes,
            unit="",
            target=at_most(1 + identities, ""),
            counted=f"calls, {rows:,} rows",
        ),
        *[
            Figure(
                name=f"cost per million rows, {resource}{where}",  # of the source, bad ones included
                ours=f"{dollars(used.cost() / rows)} ({cost_shares(used)})",
                peer=f"the writes alone: {dollars(least / rows)}",
                value=used.cost() / least,
                target=at_most(1.15),
                counted=f"calls, {rows:,} rows",
            )
            for where, used in ((", the first ones", usage), (" beside others", beside))
        ],
        Figure(
            name=f"cost per million rows that change nothing, {resource}",
            ours=f"{dollars(unchanged.cost() / rows)} ({cost_shares(unchanged)})",
            value=round(unchanged.cost() / rows * MILLION, 3),
            unit="$",
            target=at_most(0.1, "$"),
            counted=f"calls, {rows:,} rows",
        ),
    ]


def dollars(per_row: float) -> str:
    """Writes what a million rows cost."""
    return f"${per_row * MILLION:.2f}"


def cost_shares(usage: AwsUsage) -> str:
    """Largest first; what rounds to nothing is left out."""
    cost = usage.cost()
    parts = sorted(usage.costs().items(), key=lambda part: -part[1])
    return ", ".join(f"{name} {one / cost:.0%}" for name, one in parts if one / cost >= 0.005)
