"""Imports that exist: show them, list them, rename, cancel and delete them.

What exports do in the same way is written once, in `lifecycle/jobs.py`. How an import is made stands in
`imports/create.py`.
"""

from dataclasses import dataclass

from chalicelib.access.context import Caller, Context
from chalicelib.imports.children import occupy_for_deletion
from chalicelib.imports.lifecycle import IMPORTS, end_unbegun
from chalicelib.lifecycle.jobs import list_recent
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.children import previews_of
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Action, Import, Status, UploadMode
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import CANCELED, end_reason_of
from chalicelib.stores.interfaces import Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFilter:
    """Which imports to list; None means any."""

    resources: frozenset[str] | None = None
    """Names of the catalogue."""
    statuses: frozenset[Status] | None = None
    upload_modes: frozenset[UploadMode] | None = None
    actions: frozenset[Action] | None = None
    with_previews: bool = True
    """Whether previews are listed, too."""
    since: int = 0
    """Only those created since the day (UTC) in which this moment lies; epoch seconds."""

    @property
    def parts(self) -> frozenset[str] | None:
        """As which imports are listed that may be selected; None means any."""
        if self.resources is None and self.with_previews:
            return None
        names = self.resources if self.resources is not None else frozenset(RESOURCES)
        return names | {previews_of(one) for one in names} if self.with_previews else names

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


def to_import_id(text: str) -> ImportId:
    """Returns the id that a caller gives as text. Raises NotFound for a text that cannot be an id."""
    return ImportId(IMPORTS.check_id(text))


def get_import(context: Context, caller: Caller, import_id: ImportId) -> Import:
    """Returns the import with its progress so far. Raises NotFound `import_not_found`."""
    return IMPORTS.get(context, caller, import_id)


def list_imports(
    context: Context, caller: Caller, selection: ImportFilter = EVERYTHING, *, page: int, per_page: int
) -> Listing[Import]:
    """Returns a page of imports, newest first, `page` from 1. Filters beyond resource and time look at the newest
    imports only, and `total` then counts what was found among them.
    """
    imports, resources, since = context.stores.imports, selection.parts, selection.since
    if not selection.has_filters:
        return imports.list_page(caller.tenant_id, page=page, per_page=per_page, resources=resources, since=since)
    at_once = context.limits.list_page
    recent = imports.each_recent(caller.tenant_id, resources=resources, since=since, at_once=at_once)
    return list_recent(recent, selection.__contains__, context.limits, page=page, per_page=per_page)


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
