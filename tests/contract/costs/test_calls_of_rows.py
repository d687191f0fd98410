"""How many functions are called for a row of CSV on its way through all phases, those of Python included. What one more
feature costs each row of every import shows here, on any machine.
"""

from cProfile import Profile

from chalicelib.model.imports import Status
from tests.import_world import ImportWorld

AT_MOST = 103
"""A figure that falls is lowered here in the same commit."""
FEW, MANY = 1_000, 5_000


def calls_of(rows: int) -> int:
    """Returns how many functions the import of so many new records calls."""
    source = "name,email\n" + "".join(f"Ann {n},ann.{n}@example.com\n" for n in range(rows))
    world, profile = ImportWorld(), Profile()
    import_ = world.queue(source)
    profile.enable()
    world.run_queued(import_)
    profile.disable()
    ended = world.get(import_)
    assert (ended.status, ended.stats.created) == (Status.COMPLETED, rows)
    return sum(one.callcount for one in profile.getstats())


def test_a_row_calls_no_more_functions_than_before() -> None:
    calls_of(MANY)  # loads what is loaded late

    assert (calls_of(MANY) - calls_of(FEW)) / (MANY - FEW) <= AT_MOST
