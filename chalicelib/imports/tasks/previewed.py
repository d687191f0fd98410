"""What a preview told of rows of the import that is made of it. Rows are found by their numbers, whatever batches they
lie in. A preview is kept for three times as long as it can be confirmed.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.errors import NotFound, Refused
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.retry_chain import is_apart
from chalicelib.imports.workspace import Workspace
from chalicelib.model.ids import ImportId
from chalicelib.model.rows import RowOutcome


def read_previewed(context: TaskContext, preview_id: ImportId, rows: Sequence[int]) -> dict[int, RowOutcome]:
    """Returns what became of these rows in a preview, and of some beside them, by number; `rows` ascend. Raises
    NotFound where it is gone.
    """
    preview = context.stores.imports.find(context.import_.tenant_id, preview_id)
    if preview is None:
        raise NotFound("import_not_found", "The preview was deleted.")
    workspace = Workspace(context.stores.files, preview, attempt_id=context.workspace.attempt_id)
    pages = workspace.row_pages.each_page(workspace.get_batches(), lambda one: is_apart(one, rows))
    return {one.row_number: one for page in pages for one in workspace.row_pages.read_outcomes(page)}


def knowing_preview(context: TaskContext, batch: int) -> TaskContext:
    """Returns the context for a batch of a strict import, with what its rows have to mean still. Raises Refused
    `rows_expired` where that is gone.
    """
    import_ = context.import_
    if import_.strict_since_ms is None or import_.preview_of is None:
        return context
    rows = context.workspace.row_pages.rows_of(batch)
    try:
        return replace(context, previewed=read_previewed(context, import_.preview_of, rows))
    except NotFound:
        raise Refused("rows_expired", "What the preview told of the rows is gone. Preview the file again.") from None
