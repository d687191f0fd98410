"""The manifest of an export: what the files hold, of which moment, by which selection, and how to check them."""

from hashlib import sha256

import orjson

from chalicelib.exports.columns import DELETED
from chalicelib.exports.task_context import ExportTaskContext
from chalicelib.model.exports import ExportFile, FilePart, Progress
from chalicelib.schema.query.record_values import get_output_field, to_time

MANIFEST = "manifest"


def write_manifest(context: ExportTaskContext, progress: Progress, files: list[ExportFile]) -> ExportFile:
    """Writes the manifest and returns it as one more file of the export."""
    content = orjson.dumps(_manifest(context, progress, files), option=orjson.OPT_INDENT_2) + b"\n"
    filename = f"{context.export.export_id}.{MANIFEST}.json"
    stored = context.stores.files.write_file(context.file_key(filename), content, content_type="application/json")
    return ExportFile(
        format=MANIFEST,
        key=stored.key,
        filename=filename,
        content_type="application/json",
        rows=progress.rows or 0,
        size_bytes=len(content),
        parts=(FilePart(key=stored.key, rows=0, size_bytes=len(content), sha256=sha256(content).hexdigest()),),
    )


def _manifest(context: ExportTaskContext, progress: Progress, files: list[ExportFile]) -> dict[str, object]:
    export = context.export
    return {
        "export_id": export.export_id,
        "resource": export.resource,
        "snapshot_at": to_time(export.snapshot_ms or 0),
        "until": to_time(export.until_ms or 0),
        "rows": progress.rows,
        "records_read": progress.records_read,
        "records_selected": progress.records_selected,
        "selection": export.options,
        "schema": _schema(context),
        "files": [_render_file(file) for file in files],
    }


def _schema(context: ExportTaskContext) -> list[dict[str, str]]:
    selection = context.export.selection
    fields = (get_output_field(context.resource, name) for name in selection.fields)
    columns = [{"name": field.name, "type": field.type} for field in fields]
    return columns + ([{"name": DELETED, "type": "boolean"}] if selection.since_ms is not None else [])


def _render_file(file: ExportFile) -> dict[str, object]:
    """Its `pieces` are the parts of the file, in order: one, unless writing took longer than a function may run."""
    return {
        "format": file.format,
        "filename": file.filename,
        "content_type": file.content_type,
        "rows": file.rows,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
        "pieces": [{"rows": one.rows, "size_bytes": one.size_bytes, "sha256": one.sha256} for one in file.parts],
    }
