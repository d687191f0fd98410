"""Undoing an import: another import is made of it, whose rows are what it has written, and which brings each record
back to what it was before. What others have changed since is kept.

An import can be undone until `undo_until`, and once more as long as not everything is reversed. An undo is an import,
too: it can be undone itself. The preview of an undo tells what it would do, and writes nothing.
"""

from dataclasses import replace

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict
from chalicelib.imports.children import busy, child_of, start_apart, start_child
from chalicelib.imports.service import get_import
from chalicelib.model.children import Occupation
from chalicelib.model.guard_rails import NO_GUARD_RAILS
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, UndoSummary
from chalicelib.model.passes import initial_phases
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.row_rules import RowRules


def undo(context: Context, caller: Caller, import_id: ImportId, *, is_preview: bool = False) -> Import:
    """Makes the undo of an import, or a preview of it, and returns it. Raises NotFound, and Conflict: `not_ended`,
    `nothing_to_undo` for what has changed no record, `already_reverted`, `undo_expired`, `import_busy`.
    """
    undone = get_import(context, caller, import_id)
    child = undo_of(context, caller, undone, is_preview=is_preview)
    is_begun = undone.undo is not None and undone.undo.import_id == child.import_id
    if not is_begun:  # by a request that broke off
        _check(context, undone)
    if is_preview:
        return start_apart(context, child)
    started = start_undo(context, child, undone)
    if started is None:
        _check(context, get_import(context, caller, import_id))
        raise Conflict("import_busy", "The import has changed meanwhile. Try again.")
    return started


def start_undo(context: Context, child: Import, undone: Import) -> Import | None:
    """Adds the undo of an import, makes that busy with it, and queues it. Returns None, and leaves no undo behind,
    where the import cannot be made busy.
    """
    occupation = Occupation(
        busy_with=child.import_id,
        values={"undo": UndoSummary(import_id=child.import_id), "undo_due": False},
        demands_absent=("reverted_by",),
        undone_by={"undo": undone.undo, "undo_due": undone.undo_due},
    )
    return start_child(context, child, occupation)


def undo_of(context: Context, caller: Caller, undone: Import, *, is_preview: bool = False) -> Import:
    """Returns the undo of an import, which is not stored yet."""
    child = replace(
        child_of(context, caller, undone),
        undo_of=undone.import_id,
        is_preview=is_preview,
        source=None,
        save_upload=False,
        column_mapping={},
        value_mapping={},
        reading=ReadingOptions(),
        rules=RowRules(),
        guard_rails=NO_GUARD_RAILS,
    )
    return replace(child, phases=initial_phases(child))


def _check(context: Context, undone: Import) -> None:
    if not undone.is_final:
        raise Conflict("not_ended", f"The import is still {undone.status.value}. It can be undone when it has ended.")
    if undone.reverted_by is not None:
        raise Conflict(
            "already_reverted", f"All that the import changed was reversed already, by {undone.reverted_by}."
        )
    if undone.undo_until is None:
        raise Conflict("nothing_to_undo", "The import has changed no record.")
    if undone.busy_with is not None:
        raise busy(undone)
    if context.clock() >= undone.undo_until:
        raise Conflict("undo_expired", f"An import can be undone for {context.limits.undo_days} days.")
