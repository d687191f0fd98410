"""Drift: the rows of a batch that come to another outcome than the preview of their import told.

Rows are compared by their numbers, whatever batches they lie in. What a preview has left is kept for three times as
long as it can be confirmed; where it is gone nothing is compared.
"""

from collections import Counter
from collections.abc import Sequence

from chalicelib.errors import NotFound
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.retry_chain import is_apart
from chalicelib.imports.workspace import Workspace
from chalicelib.model.ids import ImportId
from chalicelib.model.rows import Outcome, RowOutcome


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
    pairs = ((before.get(number), outcome) for number, outcome in found.items())
    return dict(Counter(f"{was}>{now}" for was, now in pairs if was is not None and was is not now))


def _previewed(context: TaskContext, preview_id: ImportId, rows: Sequence[int]) -> dict[int, Outcome]:
    """The outcomes of these rows, and of some beside them, in the preview."""
    preview = context.stores.imports.find(context.import_.tenant_id, preview_id)
    if preview is None:
        return {}
    workspace = Workspace(context.stores.files, preview, attempt_id=context.workspace.attempt_id)
    try:
        pages = workspace.row_pages.each_page(workspace.get_batches(), lambda one: is_apart(one, rows))
        return {one.row_number: one.outcome for page in pages for one in workspace.row_pages.read_outcomes(page)}
    except NotFound:
        return {}
