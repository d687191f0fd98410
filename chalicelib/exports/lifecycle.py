"""In what the lifecycle of an export differs from that of an import."""

from dataclasses import replace

from chalicelib.errors import Conflict, NotFound
from chalicelib.lifecycle.jobs import JobLifecycle
from chalicelib.model.exports import Export, ExportStage, ExportStatus
from chalicelib.model.ids import ExportId
from chalicelib.model.object_keys import export_files_folder, export_work_folder
from chalicelib.model.status_changes import ExportChange
from chalicelib.stores.interfaces import Stores


def with_progress(stores: Stores, export: Export, _now: int) -> Export:
    """Returns the export; while its shards are read, with the sum of what their tasks have reported so far."""
    if export.status is not ExportStatus.PROCESSING or export.progress.rows is not None:
        return export
    done = stores.exports.list_results(export.export_id, ExportStage.SHARD)
    progress = replace(
        export.progress,
        shards_done=len(done),
        records_read=sum(one.records_read for one in done),
        records_selected=sum(one.records_selected for one in done),
    )
    return replace(export, progress=progress)


EXPORTS: JobLifecycle[Export, ExportId, ExportChange] = JobLifecycle(
    noun="export",
    store=lambda stores: stores.exports,
    executions=lambda stores: stores.export_executions,
    id_of=lambda export: export.export_id,
    folders_of=lambda tenant_id, export_id: (
        export_work_folder(tenant_id, export_id),
        export_files_folder(tenant_id, export_id),
    ),
    with_progress=with_progress,
    not_found=lambda message: NotFound("export_not_found", message),
    already_ended=lambda message: Conflict("export_already_ended", message),
    not_ended=lambda message: Conflict("export_not_ended", message),
)
