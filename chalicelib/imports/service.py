"""Imports that exist: show them, list them, rename, cancel and delete them.

Whatever belongs to another tenant is not found. How an import comes to be stands in `creation.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.access.context import Caller, Context
from chalicelib.access.validation import checked_name
from chalicelib.errors import Conflict, NotFound, Retryable
from chalicelib.imports.ending import end_unbegun
from chalicelib.imports.progress import with_progress
from chalicelib.imports.task_context import CANCELED
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Action, Import, Status, StatusChange, UploadMode
from chalicelib.model.object_keys import folders_of
from chalicelib.stores.interfaces import Listing
from chalicelib.webhooks.outbox import publish_import

FILTERED_PAGES = 20
"""So many full pages of the newest imports a filter looks through: a bound on what one request may read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFilter:
    """Which imports to list; None means any."""

    resources: frozenset[str] | None = None
    """Names of the catalogue."""
    statuses: frozenset[Status] | None = None
    upload_modes: frozenset[UploadMode] | None = None
    actions: frozenset[Action] | None = None
    since: int = 0
    """Only those created then or later; epoch seconds."""

    @property
    def has_filters(self) -> bool:
        """Whether imports must be looked at one by one; by resource and time the store selects itself."""
        return any(given is not None for given in (self.statuses, self.upload_modes, self.actions))

    def __contains__(self, import_: Import) -> bool:
        return (
            (self.statuses is None or import_.status in self.statuses)
            and (self.upload_modes is None or import_.upload_mode in self.upload_modes)
            and (self.actions is None or import_.action in self.actions)
        )


EVERYTHING = ImportFilter()

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def to_import_id(text: str) -> ImportId:
    """An id as a caller gives it. Raises NotFound for what can be none, before any store is asked."""
    if not _ID.fullmatch(text):
        raise _not_found(text)
    return ImportId(text)


def get_import(context: Context, caller: Caller, import_id: ImportId) -> Import:
    """With its progress so far. Raises NotFound `import_not_found`."""
    import_ = context.stores.imports.find(caller.tenant_id, import_id)
    if import_ is None:
        raise _not_found(import_id)
    return with_progress(context, import_)


def list_imports(
    context: Context, caller: Caller, selection: ImportFilter = EVERYTHING, *, page: int, per_page: int
) -> Listing:
    """Newest first, `page` from 1. Filters beyond the resource look at the newest `FILTERED_PAGES` pages only, and
    `total` then counts what was found there.
    """
    if not selection.has_filters:
        return _list_page(context, caller, selection, page=page, per_page=per_page)
    found = {one.import_id: one for one in _each_recent(context, caller, selection) if one in selection}
    start = (page - 1) * per_page
    return Listing(imports=tuple(found.values())[start : start + per_page], total=len(found))


def rename(context: Context, caller: Caller, import_id: ImportId, name: str | None) -> Import:
    """None takes the name away."""
    checked_name(name)
    context.begin_work()
    context.stores.imports.rename(caller.tenant_id, import_id, name, by=caller.key_id, at=context.clock())
    return get_import(context, caller, import_id)


def cancel(context: Context, caller: Caller, import_id: ImportId) -> Import:
    """Canceled at once if it has not begun; otherwise canceling, until its tasks have stopped and the finaliser ends
    it. Asking again changes nothing. Raises Conflict `already_ended`.
    """
    now, by = context.clock(), caller.key_id
    change = StatusChange(to=Status.CANCELING, at=now, by=by, canceled_by=by, canceled_at=now)
    context.begin_work()
    asked = context.stores.imports.change(caller.tenant_id, import_id, change)
    import_ = asked or get_import(context, caller, import_id)
    if import_.is_final:
        raise Conflict("already_ended", f"The import has ended already: {import_.status.value}.")
    if import_.started_at is None:
        return end_unbegun(context, import_, Status.CANCELED, CANCELED) or get_import(context, caller, import_id)
    return import_


def delete(context: Context, caller: Caller, import_id: ImportId) -> None:
    """Removes the import and every file of it. Files go first: broken off half way, asking again ends it.

    Raises Conflict `not_ended` for an import without a final status, Retryable while nobody could be told of its end:
    afterwards nobody would know what to tell.
    """
    import_ = get_import(context, caller, import_id)
    if not import_.is_final:
        raise Conflict("not_ended", f"The import is still {import_.status.value}; cancel it first.")
    if not publish_import(context.stores, import_):
        raise Retryable("the end of the import is still to be announced")
    for folder in folders_of(caller.tenant_id, import_id):
        context.stores.files.delete_files(folder)
    if not context.stores.imports.delete(caller.tenant_id, import_id):
        raise Conflict("not_ended", "The import was started again meanwhile.")


def _list_page(context: Context, caller: Caller, selection: ImportFilter, *, page: int, per_page: int) -> Listing:
    return context.stores.imports.list_page(
        caller.tenant_id, page=page, per_page=per_page, resources=selection.resources, since=selection.since
    )


def _not_found(import_id: str) -> NotFound:
    return NotFound("import_not_found", f"There is no import {import_id[:64]!r}.")


def _each_recent(context: Context, caller: Caller, selection: ImportFilter) -> Iterator[Import]:
    """A page read while new imports come in may show one twice."""
    per_page = context.limits.list_page
    for page in range(1, FILTERED_PAGES + 1):
        listing = _list_page(context, caller, selection, page=page, per_page=per_page)
        yield from listing.imports
        if page * per_page >= listing.total:
            return
