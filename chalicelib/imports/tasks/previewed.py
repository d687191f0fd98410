"""What a preview told of rows of the import that is made of it. Rows are found by their numbers, whatever batches they
lie in. A preview is kept for three times as long as it can be confirmed.
"""

from dataclasses import replace

from chalicelib.errors import NotFound, Refused
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.retry_chain import is_apart
from chalicelib.imports.workspace import Workspace
from chalicelib.model.rows import RowOutcome


def read_previewed(context: TaskContext, rows: range) -> dict[int, RowOutcome]:
    """Returns what became of these rows in the preview, by number. Raises NotFound where it is gone."""
    import_ = context.import_
    preview = context.stores.imports.find(import_.tenant_id, import_.preview_of) if import_.preview_of else None
    if preview is None:
        raise NotFound("import_not_found", "The preview was deleted.")
    workspace = Workspace(context.stores.files, preview, attempt_id=context.workspace.attempt_id)
    pages = workspace.row_pages.each_page(workspace.get_batches(), lambda one: is_apart(one, rows))
    told = (one for page in pages for one in workspace.row_pages.read_outcomes(page))
    return {one.row_number: one for one in told if one.row_number in rows}


def knowing_preview(context: TaskContext, batch: int) -> TaskContext:
    """Returns the context for a batch of a strict import, with what its rows have to mean still. Raises Refused
    `rows_expired` where that is gone.
    """
    if context.import_.strict_since_ms is None:
        return context
    try:
        return replace(context, previewed=read_previewed(context, context.workspace.row_pages.rows_of(batch)))
    except NotFound:
        raise Refused("rows_expired", "What the preview told of the rows is gone. Preview the file again.") from None
