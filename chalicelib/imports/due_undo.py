"""The undo of an import that is done as a whole or not at all: it begins by itself, where the import was not done as a
whole and has written something.

    the undo is added, requested  → the import gets its final status, with `undo_due` → it is made busy with the undo

A crash in between leaves an undo that is requested. The reaper finds it: it waits for the end of the import, begins the
undo that is due, and removes one that is not.
"""

from collections.abc import Callable

from chalicelib.access.context import Caller, Context, ImportRunner
from chalicelib.errors import Fatal
from chalicelib.imports.undo import start_undo, undo_of
from chalicelib.model.ids import derived_id
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import Limits
from chalicelib.stores.interfaces import Stores


def is_undo_due(import_: Import, to: Status) -> bool:
    """Returns whether an import that has changed records and ends with this status is to be undone."""
    return to is not Status.COMPLETED and import_.guard_rails.all_or_nothing and not import_.is_preview


def surroundings(stores: Stores, limits: Limits, now: Callable[[], float], import_: Import) -> Context:
    """Returns the context in which an undo is made that no caller has asked for: the same attempt of the same import
    has the same undo, however often it is begun.
    """
    return Context(
        stores=stores,
        clock=lambda: int(now()),
        new_id=lambda prefix: derived_id(prefix, "undo", import_.import_id, import_.attempt),
        open_runner=_no_runner,
        limits=limits,
    )


def _no_runner() -> ImportRunner:
    raise Fatal("an undo runs in no request")


def add_due_undo(context: Context, import_: Import) -> None:
    """Adds the undo of an import that is about to end; does nothing where it is there."""
    context.stores.imports.add(_undo(context, import_))


def start_due_undo(context: Context, import_: Import) -> None:
    """Begins the undo of an import that has ended, if it is due."""
    if import_.undo_due:
        start_undo(context, _undo(context, import_), import_)


def _undo(context: Context, import_: Import) -> Import:
    caller = Caller(tenant_id=import_.tenant_id, key_id=import_.created_by, scopes=frozenset())
    return undo_of(context, caller, import_)
