"""Confirming a preview: an import is made of it, which reads the same version of its source and decides again.

Nothing is held for a preview meanwhile, so records may have changed: `drift` tells how many rows have come to another
outcome than the preview told. A strict import leaves what has changed alone. A preview is confirmed once.
"""

from dataclasses import replace

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict
from chalicelib.imports.children import busy, child_of, start_child
from chalicelib.imports.service import get_import
from chalicelib.model.children import Occupation
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, Status


def confirm(context: Context, caller: Caller, preview_id: ImportId, *, is_strict: bool = False) -> Import:
    """Makes the import that a preview was about, and returns it. Raises NotFound, and Conflict: `not_ended`,
    `not_confirmable` for what is no preview that has completed, `preview_expired`, `already_confirmed`, `import_busy`.
    """
    preview = get_import(context, caller, preview_id)
    since_ms = preview.began_ms or preview.created_at * 1000
    child = replace(
        child_of(context, caller, preview),
        preview_of=preview.import_id,
        strict_since_ms=since_ms if is_strict else None,
    )
    if preview.confirmed_as != child.import_id:  # unless a request that broke off has come so far
        _check(context, preview)
    occupation = Occupation(
        busy_with=child.import_id,
        values={"confirmed_as": child.import_id},
        demands_absent=("confirmed_as",),
        undone_by={"confirmed_as": None},
    )
    started = start_child(context, child, occupation)
    if started is None:
        _check(context, get_import(context, caller, preview_id))
        raise Conflict("import_busy", "The preview has changed meanwhile. Try again.")
    return started


def _check(context: Context, preview: Import) -> None:
    if not preview.is_final:
        raise Conflict(
            "not_ended", f"The preview is still {preview.status.value}. It can be confirmed when it has ended."
        )
    if preview.confirmed_as is not None:
        raise Conflict("already_confirmed", f"The preview was confirmed already, as {preview.confirmed_as}.")
    if preview.retry_of is not None:
        raise Conflict("not_confirmable", "A retry is not confirmed. Ask for it again without preview.")
    if not preview.is_preview or preview.undo_of is not None or preview.status is not Status.COMPLETED:
        raise Conflict("not_confirmable", "Only a preview that has completed can be confirmed.")
    if preview.busy_with is not None:
        raise busy(preview)
    if context.clock() >= (preview.confirm_until or 0):
        message = f"A preview can be confirmed for {context.limits.confirm_days} days. Preview the file again."
        raise Conflict("preview_expired", message)
