"""How long an import takes whose table throttles, beside the time that its writes take at least."""

from typing import Any

from bench.children import ask
from bench.figures import Figure, at_most
from bench.race import Report
from bench.sizes import Size

WRITES_PER_S = 4_000
"""What a new table takes (AWS)."""
BATCHES = 50
"""Tasks of processing, whatever the size: those of a million rows in batches of 20,000."""
MILLION = 1_000_000


def measure_throttling(size: Size, report: Report) -> list[Figure]:
    """Imports a million rows at 4,000 write units a second; a part of both where there is little time."""
    share = min(MILLION, size.rows * 20) if size.name == "full" else size.rows * 5
    report(f"an import of {share:,} rows into a table that throttles")
    return figures_of(ask("bench.throttling", share, WRITES_PER_S * share // MILLION, share // BATCHES))


def figures_of(found: Any) -> list[Figure]:
    """Returns the figures of what was measured. Raises ValueError where the import did not create every row."""
    if (found["status"], found["created"], found["failed_tasks"]) != ("completed", found["rows"], 0):
        raise ValueError(f"the import did not end well: {found}")
    share = found["throttled"] / found["statements"]
    counted = f"model, {found['rows']:,} rows"
    return [
        Figure(
            name="import while DynamoDB throttles, processing",
            ours=f"{found['writing_s']:,} s ({share:.0%} of statements throttled, {found['hand_overs']} hand-overs)",
            peer=f"its writes alone: {found['ideal_s']:,.0f} s",
            value=found["writing_s"] / found["ideal_s"],
            target=at_most(1.25),
            counted=counted,
        ),
        Figure(
            name="import while DynamoDB throttles, all phases",
            ours=f"{found['took_s']:,} s",
            peer=f"its reads and writes alone: {found['least_s']:,.0f} s",
            value=found["took_s"] / found["least_s"],
            target=at_most(1.25),
            counted=counted,
        ),
    ]
