"""Drift: the rows of a batch that come to another outcome than the preview of their import told. Where that is gone
nothing is compared.
"""

from collections import Counter
from collections.abc import Sequence

from chalicelib.errors import NotFound
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.previewed import read_previewed
from chalicelib.model.rows import RowOutcome


def find_drift(context: TaskContext, batch: int, processed: Sequence[RowOutcome]) -> dict[str, int]:
    """Returns how many rows of the batch have another outcome now, by both: created>updated. `processed` are the
    outcomes of processing; those of earlier phases are read.
    """
    workspace = context.workspace
    earlier = (one for phase in workspace.row_phases[:-1] for one in workspace.each_outcome(phase, batch))
    found = {one.row_number: one.outcome for one in (*earlier, *processed)}
    before = _previewed(context, range(min(found), max(found) + 1)) if found else {}
    pairs = ((before[number].outcome, outcome) for number, outcome in found.items() if number in before)
    return dict(Counter(f"{was}>{now}" for was, now in pairs if was is not now))


def _previewed(context: TaskContext, rows: range) -> dict[int, RowOutcome]:
    try:
        return read_previewed(context, rows)
    except NotFound:
        return {}
