"""The routes of export schedules. Each view parses, calls the service, and renders."""

from http import HTTPStatus

from chalicelib.api.http.request_model import NoParameters
from chalicelib.api.http.router import Call, Route
from chalicelib.api.packagex.envelope import PackageXAnswer, render_page
from chalicelib.api.packagex.schedules.requests import (
    PackageXScheduleRequest,
    PackageXSchedulesQuery,
    PackageXScheduleUpdate,
)
from chalicelib.api.packagex.schedules.responses import render_run, render_schedule
from chalicelib.model.api_keys import Scope
from chalicelib.model.ids import ScheduleId
from chalicelib.schedules import service


def create_schedule(call: Call) -> PackageXAnswer:
    """Creates an export schedule and answers with it."""
    call.query(NoParameters)
    request = call.body(PackageXScheduleRequest).to_request(call.context.limits)
    schedule = service.create_schedule(call.context, call.caller, request)
    return PackageXAnswer(
        message="Export schedule created.",
        data=render_schedule(schedule),
        status=HTTPStatus.CREATED,
        location=f"/v1/export-schedules/{schedule.schedule_id}",
    )


def list_schedules(call: Call) -> PackageXAnswer:
    """Answers with a page of export schedules, newest first."""
    query = call.query(PackageXSchedulesQuery)
    listing = service.list_schedules(call.context, call.caller, page=query.page, per_page=query.limit)
    data = [render_schedule(schedule) for schedule in listing.entries]
    pagination = render_page(query.page, query.limit, listing.total)
    return PackageXAnswer(message="Export schedules retrieved.", data=data, pagination=pagination)


def show_schedule(call: Call) -> PackageXAnswer:
    """Answers with one export schedule."""
    call.query(NoParameters)
    schedule = service.get_schedule(call.context, call.caller, _schedule_id(call))
    return PackageXAnswer(message="Export schedule retrieved.", data=render_schedule(schedule))


def update_schedule(call: Call) -> PackageXAnswer:
    """Changes what is given of an export schedule and answers with it."""
    call.query(NoParameters)
    changes = call.body(PackageXScheduleUpdate).to_changes(call.context.limits)
    schedule = service.change_schedule(call.context, call.caller, _schedule_id(call), changes)
    return PackageXAnswer(message="Export schedule updated.", data=render_schedule(schedule))


def delete_schedule(call: Call) -> PackageXAnswer:
    """Deletes an export schedule; exports that it began go on."""
    call.query(NoParameters)
    service.delete_schedule(call.context, call.caller, _schedule_id(call))
    data = {"object": "export_schedule", "id": _schedule_id(call), "deleted": True}
    return PackageXAnswer(message="Export schedule deleted.", data=data)


def list_runs(call: Call) -> PackageXAnswer:
    """Answers with a page of a schedule's runs, latest first."""
    query = call.query(PackageXSchedulesQuery)
    listing = service.list_runs(call.context, call.caller, _schedule_id(call), page=query.page, per_page=query.limit)
    pagination = render_page(query.page, query.limit, listing.total)
    data = [render_run(one) for one in listing.entries]
    return PackageXAnswer(message="Runs of the export schedule retrieved.", data=data, pagination=pagination)


ROUTES = (
    Route("POST", "/v1/export-schedules", Scope.EXPORTS_WRITE, create_schedule),
    Route("GET", "/v1/export-schedules", Scope.EXPORTS_READ, list_schedules),
    Route("GET", "/v1/export-schedules/{schedule_id}", Scope.EXPORTS_READ, show_schedule),
    Route("POST", "/v1/export-schedules/{schedule_id}", Scope.EXPORTS_WRITE, update_schedule),
    Route("DELETE", "/v1/export-schedules/{schedule_id}", Scope.EXPORTS_WRITE, delete_schedule),
    Route("GET", "/v1/export-schedules/{schedule_id}/runs", Scope.EXPORTS_READ, list_runs),
)


def _schedule_id(call: Call) -> ScheduleId:
    return service.to_schedule_id(call.path["schedule_id"])
