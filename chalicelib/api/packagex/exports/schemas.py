"""The schemas of answers about asynchronous exports. Times are epoch seconds where they are numbers."""

from typing import Annotated, Any, Literal

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex import EXPORT_STATUSES, RESOURCE_WORDS
from chalicelib.api.packagex.schemas import NumberedPage, PackageXEnvelope
from chalicelib.formats.registry import WRITABLE


class PackageXProgress(TypedDict):
    """How far an export has come: shards and records that were read, and rows that were written."""

    shards_total: int
    shards_done: int
    records_read: int
    records_selected: int
    rows: int | None
    """Of each file; null until everything has been read."""
    rows_total: int | None
    """Of all files together."""
    rows_written: int


class PackageXExportFile(TypedDict):
    """One file of an export; its links are in the export itself."""

    format: str
    filename: str
    content_type: str
    rows: int
    size_bytes: int
    sha256: str | None
    """Null for a file in several pieces; its manifest has one for each."""


class _PublishedExport(TypedDict):
    """An export as PackageX publishes it, with links to the files that PackageX has."""

    object: Literal["export"]
    id: str
    organization_id: str
    resource: Annotated[str, one_of(RESOURCE_WORDS.values())]
    status: Annotated[str, one_of(EXPORT_STATUSES)]
    reason: str | None
    name: str | None
    formats: list[Annotated[str, one_of(WRITABLE)]]
    fields: list[str]
    options: dict[str, Any]
    since: str | None
    progress: PackageXProgress
    files: list[PackageXExportFile]
    snapshot_at: str | None
    until: str | None
    """The `since` of the next export by changes."""
    expires_at: int | None
    """Until when its files can be fetched."""
    created_by: str
    created_at: int
    started_at: int | None
    ended_at: int | None
    updated_at: int
    updated_by: str
    _json_url: str | None
    _csv_url: str | None
    _csv_error_url: None
    _csv_sanitized_url: str | None
    """The rows of the CSV file whose formulas were disarmed."""


MORE_LINKS = (*(name for name in WRITABLE if f"_{name}_url" not in _PublishedExport.__annotations__), "manifest")
"""The files that PackageX does not have: each format that the registry knows how to write has a link."""

_MoreLinks = TypedDict("_MoreLinks", {f"_{name}_url": str | None for name in MORE_LINKS})  # type: ignore[misc]


class PackageXExport(_PublishedExport, _MoreLinks):
    """An export: what was asked for, where it stands, and its files once it is completed."""


class PackageXDeletedExport(TypedDict):
    """The id of an export that was deleted."""

    object: Literal["export"]
    id: str
    deleted: Literal[True]


class PackageXExportAnswer(PackageXEnvelope):
    """The response about one export."""

    data: PackageXExport
    pagination: None


class PackageXExportsAnswer(PackageXEnvelope):
    """One page of exports, the newest first."""

    data: list[PackageXExport]
    pagination: NumberedPage


class PackageXExportDeletionAnswer(PackageXEnvelope):
    """The response to the deletion of an export."""

    data: PackageXDeletedExport
    pagination: None
