"""The files of an export, put where a schedule's owner wants them: under the same keys, however often it is done."""

from chalicelib.errors import NotFound
from chalicelib.model.exports import Export, ExportFile
from chalicelib.model.object_keys import delivery_key
from chalicelib.model.schedules import DeliveredFile, ScheduleRun
from chalicelib.stores.interfaces import Files


def copy_to_destination(files: Files, run: ScheduleRun, export: Export) -> tuple[DeliveredFile, ...]:
    """Raises NotFound where a file is gone."""
    return tuple(_copy(files, run, export, file) for file in export.files)


def _copy(files: Files, run: ScheduleRun, export: Export, file: ExportFile) -> DeliveredFile:
    stored = files.find_file(file.key)
    if stored is None:
        raise NotFound("not_found", f"The file {file.filename!r} is gone.")
    suffix = file.filename.removeprefix(export.export_id)
    key = delivery_key(run.tenant_id, run.destination or "", run.schedule_id, run.due_at, suffix)
    files.copy_file(stored, key)
    return DeliveredFile(format=file.format, key=key, rows=file.rows, size_bytes=file.size_bytes, sha256=file.sha256)
