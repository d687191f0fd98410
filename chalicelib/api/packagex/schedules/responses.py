"""Export schedules and their runs as PackageX would show them: like its exports."""

from chalicelib.api.http.response import JsonObject
from chalicelib.api.packagex import EXPORT_STATUS_WORDS
from chalicelib.api.packagex.exports.responses import render_progress, render_time
from chalicelib.model.exports import Export
from chalicelib.model.schedules import DeliveredFile, Schedule
from chalicelib.schedules.service import RunWithExport


def render_schedule(schedule: Schedule) -> JsonObject:
    """Returns a schedule. Times are epoch seconds."""
    return {
        "object": "export_schedule",
        "id": schedule.schedule_id,
        "organization_id": schedule.tenant_id,
        "name": schedule.name,
        "schedule": schedule.expression,
        "time_zone": schedule.time_zone,
        "export": schedule.asked,
        "incremental": schedule.is_incremental,
        "destination": schedule.destination,
        "paused": schedule.is_paused,
        "next_due_at": schedule.next_due_at,
        "last_due_at": schedule.last_run.due_at if schedule.last_run else None,
        "created_by": schedule.created_by,
        "created_at": schedule.created_at,
        "updated_at": schedule.updated_at,
        "updated_by": schedule.updated_by,
    }


def render_run(listed: RunWithExport) -> JsonObject:
    """Returns a run. `since` and `until` are the window of an incremental run; `full` says that it brings everything
    all the same.
    """
    run, export = listed.run, listed.export
    return {
        "object": "export_schedule_run",
        "schedule_id": run.schedule_id,
        "due_at": run.due_at,
        "status": run.status.value,
        "reason": run.reason,
        "fired_at": run.fired_at,
        "ended_at": run.ended_at,
        "export_id": None if run.missed else run.export_id,
        "export": _render_export(export) if export else None,
        "full": run.is_full,
        "since": render_time(run.since_ms),
        "until": render_time(run.until_ms),
        "rows": run.rows,
        "delivered": [_render_delivered(one) for one in run.delivered],
        "missed": run.missed,
        "missed_until": run.missed_until,
    }


def _render_export(export: Export) -> JsonObject:
    return {
        "status": EXPORT_STATUS_WORDS[export.status],
        "reason": export.reason,
        "progress": render_progress(export.progress),
    }


def _render_delivered(file: DeliveredFile) -> JsonObject:
    return {
        "format": file.format,
        "key": file.key,
        "rows": file.rows,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
    }
