"""Exports as PackageX shows them: like imports, with options, progress and links of their own."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api.packagex import EXPORT_STATUS_WORDS, RESOURCE_WORDS
from chalicelib.api.packagex.exports.schemas import MORE_LINKS, PackageXExport, PackageXExportFile, PackageXProgress
from chalicelib.model.exports import Export, ExportFile, Progress
from chalicelib.schema.query.record_values import to_time


def render_export(export: Export, links: Mapping[str, str | None]) -> PackageXExport:
    """Returns an export with `links` by format; those that were not asked for, or lead nowhere, are null.

    Times are epoch seconds, but for `snapshot_at` and `until`, which may be given back as `since` and must lose
    nothing. No row is ever left out of a CSV file, so that `_csv_error_url` is always null.
    """
    return {
        "object": "export",
        "id": export.export_id,
        "organization_id": export.tenant_id,
        "resource": RESOURCE_WORDS.get(export.resource, export.resource),
        "status": EXPORT_STATUS_WORDS[export.status],
        "reason": export.reason,
        "name": export.name,
        "formats": [one.format for one in export.renderings],
        "fields": list(export.selection.fields),
        "options": export.options,
        "since": render_time(export.selection.since_ms),
        "progress": render_progress(export.progress),
        "files": [_render_file(file) for file in export.files],
        "snapshot_at": render_time(export.snapshot_ms),
        "until": render_time(export.until_ms),
        "expires_at": export.files_until,
        "created_by": export.created_by,
        "created_at": export.created_at,
        "started_at": export.started_at,
        "ended_at": export.ended_at,
        "updated_at": export.updated_at,
        "updated_by": export.updated_by,
        "_json_url": links.get("json"),
        "_csv_url": links.get("csv"),
        "_csv_error_url": None,
        "_csv_sanitized_url": links.get("csv_sanitized"),
        **_more_links(links),
    }


def _more_links(links: Mapping[str, str | None]) -> Any:
    return {f"_{name}_url": links.get(name) for name in MORE_LINKS}


def render_progress(progress: Progress) -> PackageXProgress:
    """Returns how far an export has come."""
    return {
        "shards_total": progress.shards,
        "shards_done": progress.shards_done,
        "records_read": progress.records_read,
        "records_selected": progress.records_selected,
        "rows": progress.rows,
        "rows_total": progress.rows_total,
        "rows_written": progress.rows_written,
    }


def _render_file(file: ExportFile) -> PackageXExportFile:
    return {
        "format": file.format,
        "filename": file.filename,
        "content_type": file.content_type,
        "rows": file.rows,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
    }


def render_time(epoch_ms: int | None) -> str | None:
    """Returns a time as ISO 8601 in UTC, with its milliseconds, or None."""
    return None if epoch_ms is None else to_time(epoch_ms)
