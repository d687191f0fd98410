"""Imports that find no function, in a model: the shipped state machine and queue over Lambda's documented limits."""

from bench.figures import Figure, at_most
from bench.race import Report
from bench.simulated_account import File, Load, Outcome, SimulatedAccount
from bench.sizes import Size

ROWS, FEW_ROWS = 200_000, 10_000
TENANTS = 20
SMALL = "small"
SMALL_COMES_S = 300
"""When every slot has been taken for a while."""
BURST = Load(30, 120, 60)
"""More requests than an account of 10 has functions for: tasks find none for a minute and a half."""
USUAL = Load(0, 600, 100)
ARRIVALS_A_S = 100
COUNTED = "model"


def measure_concurrency(size: Size, report: Report) -> list[Figure]:
    """Models a new account during a burst of requests, a usual one with many tenants, and one with a large tenant."""
    report("5 imports in an account of 10")
    new = SimulatedAccount(10).run([File(0, "one", ROWS)] * 5, (BURST,))
    report(f"{size.imports:,} imports in an account of 1,000")
    late = File(SMALL_COMES_S, SMALL, FEW_ROWS)
    usual = SimulatedAccount(1_000).run([*many_files(size.imports, TENANTS), late], (USUAL,))
    report(f"{size.imports // 2:,} imports of one tenant")
    large = SimulatedAccount(1_000).run([*many_files(size.imports // 2, 1), late], (USUAL,))
    return [
        failed_figure("imports failed, 5 at once in an account of 10, under a burst of requests", new),
        failed_figure(f"imports failed, {size.imports:,} at once in an account of 1,000", usual),
        wait_figure(f"wait of a small tenant's import beside {size.imports:,} of {TENANTS} others", usual, 90),
        wait_figure(f"wait of a small tenant's import beside {size.imports // 2:,} of another", large, 5),
    ]


def many_files(count: int, tenants: int) -> list[File]:
    """Returns files of so many tenants in turn, a hundred a second."""
    return [File(number / ARRIVALS_A_S, f"tenant_{number % tenants}", ROWS) for number in range(count)]


def failed_figure(name: str, outcome: Outcome) -> Figure:
    """Says how many imports did not complete; beside it how long they waited and how often they were throttled."""
    return Figure(
        name=name,
        ours=f"{len(outcome.failed)} of {len(outcome.imports):,}; longest wait {max(outcome.waits_s()):,} s, "
        f"{outcome.throttles:,} calls throttled",
        value=len(outcome.failed),
        unit="",
        target=at_most(0, ""),
        counted=COUNTED,
    )


def wait_figure(name: str, outcome: Outcome, most_s: float) -> Figure:
    """Says how long the small tenant waited, beside the longest wait of all."""
    [wait_s] = outcome.waits_s(SMALL)
    return Figure(
        name=name,
        ours=f"{wait_s:,} s",
        peer=f"the longest of theirs: {max(outcome.waits_s()):,} s",
        value=wait_s,
        unit="s",
        target=at_most(most_s, "s"),
        counted=COUNTED,
    )
