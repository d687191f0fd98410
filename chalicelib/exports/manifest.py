"""The manifest of an export: what the files hold, of which moment, by which selection, and how to check them."""

from hashlib import sha256

import orjson

from chalicelib.exports.columns import DELETED
from chalicelib.exports.task_context import ExportRun
from chalicelib.model.exports import ExportFile, Piece, Progress
from chalicelib.schema.query.record_values import get_shown_field, to_time

MANIFEST = "manifest"


def write_manifest(run: ExportRun, progress: Progress, files: list[ExportFile]) -> ExportFile:
    content = orjson.dumps(_manifest(run, progress, files), option=orjson.OPT_INDENT_2) + b"\n"
    filename = f"{run.export.export_id}.{MANIFEST}.json"
    stored = run.stores.files.write_file(run.file_key(filename), content, content_type="application/json")
    return ExportFile(
        format=MANIFEST,
        key=stored.key,
        filename=filename,
        content_type="application/json",
        rows=progress.rows or 0,
        size_bytes=len(content),
        pieces=(Piece(key=stored.key, rows=0, size_bytes=len(content), sha256=sha256(content).hexdigest()),),
    )


def _manifest(run: ExportRun, progress: Progress, files: list[ExportFile]) -> dict[str, object]:
    export = run.export
    return {
        "export_id": export.export_id,
        "resource": export.resource,
        "snapshot_at": to_time(export.snapshot_ms or 0),
        "until": to_time(export.until_ms or 0),
        "rows": progress.rows,
        "records_read": progress.records_read,
        "records_selected": progress.records_selected,
        "selection": export.options,
        "schema": _schema(run),
        "files": [_shown(file) for file in files],
    }


def _schema(run: ExportRun) -> list[dict[str, str]]:
    columns = [{"name": name, "type": get_shown_field(run.resource, name).type} for name in run.export.selection.fields]
    return columns + ([{"name": DELETED, "type": "boolean"}] if run.export.selection.since_ms is not None else [])


def _shown(file: ExportFile) -> dict[str, object]:
    """Pieces lie behind each other in the file; there is one, unless writing took longer than a function may."""
    return {
        "format": file.format,
        "filename": file.filename,
        "content_type": file.content_type,
        "rows": file.rows,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
        "pieces": [{"rows": one.rows, "size_bytes": one.size_bytes, "sha256": one.sha256} for one in file.pieces],
    }
