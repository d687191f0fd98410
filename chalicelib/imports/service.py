"""Imports that exist: show them, list them, rename, cancel and delete them.

What exports do in the same way is written once, in `lifecycle/jobs.py`. How an import is made stands in
`imports/create.py`.
"""

from chalicelib.access.context import Caller, Context
from chalicelib.imports.children import occupy_for_deletion
from chalicelib.imports.lifecycle import IMPORTS, end_unbegun
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, Status
from chalicelib.model.list_filters import EVERY_IMPORT, ImportFilter
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import CANCELED, end_reason_of
from chalicelib.stores.interfaces import Listing


def to_import_id(text: str) -> ImportId:
    """Returns the id that a caller gives as text. Raises NotFound for a text that cannot be an id."""
    return ImportId(IMPORTS.check_id(text))


def get_import(context: Context, caller: Caller, import_id: ImportId) -> Import:
    """Returns the import with its progress so far. Raises NotFound `import_not_found`."""
    return IMPORTS.get(context, caller, import_id)


def list_imports(
    context: Context, caller: Caller, selection: ImportFilter = EVERY_IMPORT, *, page: int, per_page: int
) -> Listing[Import]:
    """Returns a page of imports, newest first, `page` from 1, and how many there are on all pages."""
    return context.stores.imports.list_page(caller.tenant_id, selection, page=page, per_page=per_page)


def rename(context: Context, caller: Caller, import_id: ImportId, name: str | None) -> Import:
    """Gives the import another name, or none for None. Raises NotFound, Refused `invalid_parameter`."""
    return IMPORTS.rename(context, caller, import_id, name)


def cancel(context: Context, caller: Caller, import_id: ImportId) -> Import:
    """Cancels at once an import that has not begun. One that has is canceling until its tasks have stopped and are
    counted. Asking again changes nothing. Raises Conflict `already_ended`, NotFound.
    """
    now, by = context.clock(), caller.key_id
    change = ImportChange(to=Status.CANCELING, at=now, by=by, canceled_by=by, canceled_at=now)
    import_ = IMPORTS.cancel(context, caller, import_id, change)
    if import_.started_at is None:
        return end_unbegun(context, import_, end_reason_of(CANCELED)) or get_import(context, caller, import_id)
    return import_


def delete(context: Context, caller: Caller, import_id: ImportId) -> None:
    """Removes the import and every file of it. Raises Conflict `not_ended` for an import without a final status and
    `import_busy` while one that is made of it has not ended, NotFound, and Retryable while its last event cannot be
    published.
    """
    occupy_for_deletion(context, get_import(context, caller, import_id))
    if not IMPORTS.delete(context, caller, import_id):
        raise IMPORTS.not_ended("The import was started again meanwhile.")
