"""Which limit is met first: a model of a stack's busiest hours, in arithmetic. `python -m bench.scaling` prints it.

Comes in: how many tenants have how many records, each of which sends them all again once a day. Goes out: what share of
each limit that takes at the peak, the largest first, and what it costs. The limits are those of the code, and AWS's
quotas of us-east-1; what a row takes is what `docs/performance.md` counts, rounded up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.prices import AwsUsage
from chalicelib.model.concurrency import ACCOUNTS, ConcurrencyShares, shares_of
from chalicelib.model.limits import DEFAULT_LIMITS

ACCOUNT = 1_000
assert ACCOUNT in ACCOUNTS
BUSY_S = 8 * 3600
"""The hours of a day in which files come."""
PEAK = 2
"""How many times the mean of those hours comes at the peak."""
CHANGED = 0.1
"""The part of the rows that change a record; the others are looked up and left."""
WRITE_UNITS, READ_UNITS = 3, 2.0
"""Of a changed row with two identities, and of looking up any row."""
CPU_S = 45e-6
"""Of a row, through all phases."""
STATEMENTS_S = 1 / 9_000
"""What a task waits for each write unit."""
SMALL_IMPORT_S = 3.0
"""What an import takes of functions beside its rows."""
TRANSITIONS = 6
"""Of a small import."""
REQUESTS = 12
"""To the API for each import: create, upload, look, fetch."""
REQUEST_S = 0.06
ROWS_OF_AN_IMPORT = 400_000_000
"""Where the numbers of a phase's tasks fill the state of a machine (`docs/architecture.md`)."""
TABLE_UNITS = 40_000
"""Write units, and read units, a second of one table: the quota of an account."""
GATEWAY_REQUESTS = 10_000
TRANSITIONS_S = 5_000
DAYS = 30


@dataclass(frozen=True, slots=True)
class Stack:
    """Who uses a stack: every tenant imports all its records once a day."""

    tenants: int
    records_of_each: int

    @property
    def imports_s(self) -> float:
        """Imports a second at the peak."""
        return self.tenants * PEAK / BUSY_S

    @property
    def rows_s(self) -> float:
        """Rows a second at the peak."""
        return self.imports_s * self.records_of_each


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a limit is used at the peak; above 1 it does not suffice, and what comes waits or ends."""

    limit: str
    used: float


STACKS = (Stack(1, 10_000), Stack(100, 100_000), Stack(10_000, 100_000), Stack(1, 1_000_000_000))


def shares(stack: Stack) -> list[Share]:
    """Returns the share of every limit, the largest first."""
    return sorted(_each_share(stack, shares_of(ACCOUNT)), key=lambda one: -one.used)


def monthly_cost(stack: Stack) -> float:
    """Returns US dollars a month, without what is stored."""
    imports = stack.tenants * DAYS
    rows = imports * stack.records_of_each
    used = AwsUsage(
        write_units=rows * CHANGED * WRITE_UNITS + imports * 40,
        read_units=rows * READ_UNITS + imports * 80,
        transitions=imports * TRANSITIONS,
        invocations=imports * (TRANSITIONS + REQUESTS),
        cpu_s=rows * _row_s() + imports * SMALL_IMPORT_S,
    )
    return used.cost()


def table(stacks: Sequence[Stack] = STACKS) -> str:
    """Returns the model's results as a table in Markdown."""
    headings = ("tenants", "records of each", "rows a second", "met first", "then", "then", "a month")
    lines = [headings, ("---",) * len(headings)]
    for one in stacks:
        most = [f"{share.limit}: {_as_percent(share.used)}" for share in shares(one)[:3]]
        used = (f"{one.tenants:,}", f"{one.records_of_each:,}", f"{one.rows_s:,.0f}")
        lines.append((*used, *most, f"${monthly_cost(one):,.2f}"))
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _as_percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0.001 else "below 0.1%"


def _row_s() -> float:
    return CPU_S + CHANGED * WRITE_UNITS * STATEMENTS_S


def _import_s(stack: Stack, given: ConcurrencyShares) -> float:
    """What one import takes, alone: its tasks side by side, its writes as fast as writers or the table take them."""
    units = stack.records_of_each * CHANGED * WRITE_UNITS
    writing_s = max(units * STATEMENTS_S / given.writers, units / TABLE_UNITS)
    return SMALL_IMPORT_S + stack.records_of_each * CPU_S / given.tasks + writing_s


def _each_share(stack: Stack, given: ConcurrencyShares) -> Iterator[Share]:
    functions = ACCOUNT - given.api - given.announcements - given.spare
    requests_s = stack.imports_s * REQUESTS
    yield Share("functions of the account", (stack.rows_s * _row_s() + stack.imports_s * SMALL_IMPORT_S) / functions)
    yield Share("imports at once", stack.imports_s * _import_s(stack, given) / given.imports)
    yield Share("write units of the records table", stack.rows_s * CHANGED * WRITE_UNITS / TABLE_UNITS)
    yield Share("read units of the records table", stack.rows_s * READ_UNITS / TABLE_UNITS)
    yield Share("time of one import", _import_s(stack, given) / DEFAULT_LIMITS.import_time_s)
    yield Share("rows of one import", stack.records_of_each / ROWS_OF_AN_IMPORT)
    yield Share("requests to the gateway", requests_s / GATEWAY_REQUESTS)
    yield Share("functions of the API", requests_s * REQUEST_S / given.api)
    yield Share("transitions of the machines", stack.imports_s * TRANSITIONS / TRANSITIONS_S)


if __name__ == "__main__":
    print(table(), end="")
