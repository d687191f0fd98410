"""Drift: the rows of a batch that come to another outcome than the preview of their import told. Where that is gone
nothing is compared.
"""

from collections import Counter
from collections.abc import Sequence

from chalicelib.errors import NotFound
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.previewed import read_previewed
from chalicelib.model.ids import ImportId
from chalicelib.model.rows import RowOutcome


def find_drift(
    context: TaskContext, preview_id: ImportId, batch: int, processed: Sequence[RowOutcome]
) -> dict[str, int]:
    """Returns how many rows of the batch have another outcome now than in the preview, by both: created>updated.
    `processed` are the outcomes of processing; those of earlier phases are read.
    """
    workspace = context.workspace
    earlier = (one for phase in workspace.row_phases[:-1] for one in workspace.each_outcome(phase, batch))
    found = {one.row_number: one.outcome for one in (*earlier, *processed)}
    before = _previewed(context, preview_id, sorted(found))
    pairs = ((before[number].outcome, outcome) for number, outcome in found.items() if number in before)
    return dict(Counter(f"{was}>{now}" for was, now in pairs if was is not now))


def _previewed(context: TaskContext, preview_id: ImportId, rows: Sequence[int]) -> dict[int, RowOutcome]:
    try:
        return read_previewed(context, preview_id, rows)
    except NotFound:
        return {}
