"""Parts of a run of the reaper, for tests that call one of them alone."""

from chalicelib.access.context import Context
from chalicelib.lifecycle.reaper import Run


def a_run(context: Context, *, time_s: int = 100) -> Run:
    """Returns a part of a run that has this much time."""
    return Run(context, until=context.clock() + time_s)
