"""What export schedules tell of their routes in the OpenAPI document. Examples are rendered as real answers are."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from chalicelib.api.openapi.operation import FeatureDescription, Operation, PathParameter, Success
from chalicelib.api.openapi.refusal_examples import AT
from chalicelib.api.packagex.envelope import render_page
from chalicelib.api.packagex.openapi_examples import created, enveloped, success
from chalicelib.api.packagex.schedules import requests, routes, schemas
from chalicelib.api.packagex.schedules.responses import render_run, render_schedule
from chalicelib.errors import Conflict, NotFound, Refused
from chalicelib.model.ids import ScheduleId, TenantId
from chalicelib.model.refusals import RefusalCode
from chalicelib.model.schedules import ExportTemplate, RunStatus, Schedule, ScheduleRun
from chalicelib.schedules.service import RunWithExport

_PATH = "/v1/export-schedules"
_EXPORT = {"resource": "contact", "format": "csv"}
_TEMPLATE = ExportTemplate(dialect="packagex", resource="contacts")
_SCHEDULE = Schedule(
    schedule_id=ScheduleId("sch_x5k2n7q4v6b3m1c8z0d9f2g4h6"),
    tenant_id=TenantId("a81d22b5-d522-46e4-ab01-29565240c648"),
    expression="cron(30 1 * * ? *)",
    time_zone="Europe/Berlin",
    template=_TEMPLATE,
    name="Every night",
    asked=_EXPORT,
    is_incremental=True,
    next_due_at=AT + 3600,
    created_by="key_1f8e",
    updated_by="key_1f8e",
    created_at=AT,
    updated_at=AT,
)
_RUN = ScheduleRun(
    schedule_id=_SCHEDULE.schedule_id,
    tenant_id=_SCHEDULE.tenant_id,
    due_at=AT + 3600,
    template=_TEMPLATE,
    status=RunStatus.COMPLETED,
    since_ms=0,
    until_ms=(AT + 2640) * 1000,
    fired_at=AT + 3612,
    ended_at=AT + 3672,
    rows=100,
)
_ONE = f"{_PATH}/{_SCHEDULE.schedule_id}"

_PATH_PARAMETERS = {"schedule_id": PathParameter("The export schedule.", _SCHEDULE.schedule_id)}

_SAMPLES = (
    NotFound("schedule_not_found", "There is no export schedule 'sch_1'."),
    Refused("invalid_schedule", "This is no schedule: it is neither a rate nor a cron expression.", param="schedule"),
    Refused("invalid_time_zone", "There is no time zone 'Mars/Phobos'.", param="time_zone"),
    Conflict("too_many_schedules", "There are 100 schedules already. Delete one first."),
)


def _one(text: str) -> list[Success]:
    return success(schemas.PackageXScheduleAnswer, enveloped(text, render_schedule(_SCHEDULE), _ONE))


_SCHEDULES = enveloped(
    "Export schedules retrieved.", [render_schedule(_SCHEDULE)], _PATH, pagination=render_page(1, 10, 1)
)
_DELETED = {"object": "export_schedule", "id": _SCHEDULE.schedule_id, "deleted": True}
_RUNS = enveloped(
    "Runs of the export schedule retrieved.",
    [render_run(RunWithExport(run=_RUN, export=None))],
    f"{_ONE}/runs",
    pagination=render_page(1, 10, 1),
)
_REFUSALS: Sequence[RefusalCode] = (
    "invalid_schedule",
    "invalid_time_zone",
    "unknown_resource",
    "unknown_field",
    "invalid_filter",
)

_OPERATIONS: Mapping[Any, Operation] = {
    routes.create_schedule: Operation(
        summary="Create an export schedule",
        text="`schedule` is a rate or a cron expression, `export` what `POST /v1/exports` takes.",
        body=requests.PackageXScheduleRequest,
        bodies={"changes of every night": {"schedule": _SCHEDULE.expression, "export": _EXPORT, "incremental": True}},
        successes=created(
            schemas.PackageXScheduleAnswer,
            enveloped("Export schedule created.", render_schedule(_SCHEDULE), _PATH, int(HTTPStatus.CREATED)),
        ),
        refusals=(*_REFUSALS, "too_many_schedules"),
    ),
    routes.list_schedules: Operation(
        summary="List export schedules",
        text="Newest first.",
        query=requests.PackageXSchedulesQuery,
        successes=success(schemas.PackageXSchedulesAnswer, _SCHEDULES),
    ),
    routes.show_schedule: Operation(
        summary="Show an export schedule",
        text="With the time at which it is due next.",
        successes=_one("Export schedule retrieved."),
        refusals=("schedule_not_found",),
    ),
    routes.update_schedule: Operation(
        summary="Change an export schedule",
        text="Whatever is given changes. What was due during a pause is not made up.",
        body=requests.PackageXScheduleUpdate,
        bodies={"pause": {"paused": True}},
        successes=_one("Export schedule updated."),
        refusals=("schedule_not_found", *_REFUSALS),
    ),
    routes.delete_schedule: Operation(
        summary="Delete an export schedule",
        text="Exports that were begun end by themselves; what was delivered stays.",
        successes=success(
            schemas.PackageXScheduleDeletionAnswer, enveloped("Export schedule deleted.", _DELETED, _ONE, 200)
        ),
        refusals=("schedule_not_found",),
    ),
    routes.list_runs: Operation(
        summary="List runs of an export schedule",
        text="The history of 90 days, latest due time first, each run with its export as it stands now.",
        query=requests.PackageXSchedulesQuery,
        successes=success(schemas.PackageXScheduleRunsAnswer, _RUNS),
        refusals=("schedule_not_found",),
    ),
}

FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations=_OPERATIONS,
    path_parameters=_PATH_PARAMETERS,
    samples=_SAMPLES,
)
"""What schedules add to the description of PackageX."""
