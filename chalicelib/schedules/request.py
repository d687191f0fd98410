"""What a caller wants scheduled, and the checks of it that every dialect needs before anything is written.

In: a `ScheduleRequest` in the core's words. Out: a sound `Schedule`, not stored yet, or a Refused that names the
parameter.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.access.context import Caller, Context
from chalicelib.access.validation import check_storable, checked_name
from chalicelib.errors import Refused
from chalicelib.exports.request import ExportRequest, draft_export
from chalicelib.model.ids import ExportId, ScheduleId
from chalicelib.model.schedules import ExportTemplate, Schedule, ScheduleRun
from chalicelib.schedules.recurrence import Recurrence, recurrence

DESTINATION_CHARACTERS = 200
_SEGMENT = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9!_.*'()-]+", re.ASCII)
"""What S3 calls safe; `.` and `..` would be taken for folders where the files are copied to a disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRequest:
    """A request to export again and again."""

    expression: str
    export: ExportRequest
    asked: dict[str, Any] = field(default_factory=dict)
    """The export as it was asked for, to be shown."""
    name: str | None = None
    time_zone: str = "UTC"
    is_incremental: bool = False
    destination: str | None = None
    is_paused: bool = False


def draft_schedule(context: Context, caller: Caller, wanted: ScheduleRequest, schedule_id: ScheduleId) -> Schedule:
    """Returns a sound schedule that is not stored yet. Raises Refused: `invalid_schedule`, `invalid_time_zone`, and
    what `draft_export` refuses, its parameters under `export`.
    """
    now = context.clock()
    checked_name(wanted.name)
    drafted = Schedule(
        schedule_id=schedule_id,
        tenant_id=caller.tenant_id,
        expression=wanted.expression,
        time_zone=wanted.time_zone,
        template=checked_template(context, caller, wanted.export, is_incremental=wanted.is_incremental),
        name=wanted.name,
        asked=checked_export_fields(context, wanted.asked),
        is_incremental=wanted.is_incremental,
        destination=checked_destination(wanted.destination),
        is_paused=wanted.is_paused,
        created_by=caller.key_id,
        updated_by=caller.key_id,
        created_at=now,
        updated_at=now,
    )
    return timed(drafted, now)


def timed(schedule: Schedule, now: int) -> Schedule:
    """Returns the schedule with its next due time from now on; what was due before is forgotten."""
    anchored = replace(schedule, anchor_at=now)
    following = recurrence_of(anchored).next_after(now)
    return replace(anchored, next_due_at=None if schedule.is_paused else following)


def recurrence_of(schedule: Schedule) -> Recurrence:
    """Returns when the schedule is due. Raises Refused where its expression or time zone cannot be read (any more)."""
    return recurrence(schedule.expression, schedule.time_zone, anchor=schedule.anchor_at)


def checked_template(
    context: Context, caller: Caller, wanted: ExportRequest, *, is_incremental: bool
) -> ExportTemplate:
    """Returns what all exports of the schedule have in common. Checks it as an export that is asked for at once; raises
    Refused, with parameters under `export`.
    """
    with _under_export():
        if wanted.since_ms is not None:
            message = "A schedule knows itself since when. Give incremental instead."
            raise Refused("invalid_parameter", message, param="since")
        drafted = draft_export(context, caller, wanted, ExportId("exp_drafted"))
        if is_incremental and drafted.selection.limit is not None:
            message = "An incremental export has no limit: what is beyond it would never be delivered."
            raise Refused("invalid_parameter", message, param="options.limit")
        if is_incremental and "id" not in drafted.selection.fields:
            message = "An incremental export needs the field id: without it nobody knows what was deleted."
            raise Refused("invalid_parameter", message, param="fields")
    return ExportTemplate(
        dialect=drafted.dialect,
        resource=drafted.resource,
        name=drafted.name,
        selection=drafted.selection,
        renderings=drafted.renderings,
        options=drafted.options,
    )


def to_export_request(run: ScheduleRun) -> ExportRequest:
    """Returns the request for the export of a run."""
    template, selection = run.template, run.template.selection
    return ExportRequest(
        dialect=template.dialect,
        resource=template.resource,
        name=template.name,
        renderings=template.renderings,
        filter=selection.filter,
        fields=selection.fields,
        order_by=selection.order_by,
        is_descending=selection.is_descending,
        limit=selection.limit,
        since_ms=run.since_ms,
        options=template.options,
    )


def checked_destination(destination: str | None) -> str | None:
    """Returns the destination if it is a folder, or folders in folders. Raises Refused."""
    if destination is None:
        return None
    is_short = 0 < len(destination) <= DESTINATION_CHARACTERS
    if not is_short or not all(_SEGMENT.fullmatch(one) for one in destination.split("/")):
        message = (
            f"Folders such as reports/daily, of up to {DESTINATION_CHARACTERS} characters: letters, digits and "
            "!_.*'()- only, no slash in front or at the end, no '.' or '..'."
        )
        raise Refused("invalid_parameter", message, param="destination")
    return destination


def checked_export_fields(context: Context, asked: dict[str, Any]) -> dict[str, Any]:
    """Returns the export as it was asked for, if it can be stored. Raises Refused."""
    check_storable(asked, context.limits.export_options_bytes, param="export")
    return asked


@contextmanager
def _under_export() -> Iterator[None]:
    """Puts `export.` before the parameter of every Refused that is raised inside."""
    try:
        yield
    except Refused as refusal:
        param = f"export.{refusal.param}" if refusal.param else "export"
        refusal.param = param
        raise
