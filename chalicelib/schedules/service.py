"""Export schedules: make, show, list, change and delete them, and tell what came of their due times.

What belongs to another tenant is not found. What happens at a due time stands in `schedules/runner.py`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.access.context import Caller, Context
from chalicelib.access.validation import checked_name
from chalicelib.errors import Conflict, NotFound, Retryable
from chalicelib.exports.request import ExportRequest
from chalicelib.model.exports import Export
from chalicelib.model.ids import ScheduleId
from chalicelib.model.schedules import Schedule, ScheduleRun
from chalicelib.schedules.request import (
    ScheduleRequest,
    checked_destination,
    checked_export_fields,
    checked_template,
    draft_schedule,
    timed,
)
from chalicelib.stores.interfaces import Counted, Listing

ROUNDS = 5
"""How often a change may lose the race against a round that fires, until it gives up."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleChanges:
    """What is to be changed, by parameter; None as a value takes a name or a destination away."""

    given: dict[str, Any]
    """Of `name`, `expression`, `time_zone`, `destination`, `is_paused`."""
    export: ExportRequest | None = None
    asked: dict[str, Any] | None = None
    """The export as it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWithExport:
    """A run, and its export as far as there is one."""

    run: ScheduleRun
    export: Export | None


def create_schedule(context: Context, caller: Caller, wanted: ScheduleRequest) -> Schedule:
    """Stores a new schedule and returns it. Raises Refused for what `draft_schedule` refuses, Conflict
    `too_many_schedules`.
    """
    drafted = draft_schedule(context, caller, wanted, ScheduleId(context.new_id("sch")))
    limit = context.limits.tenant_schedules
    context.begin_work()
    match context.stores.schedules.add(drafted, limit=limit):
        case Counted.FULL:
            raise Conflict("too_many_schedules", f"There are {limit} schedules already. Delete one first.", limit=limit)
        case Counted.REFUSED:  # the answer to an earlier try was lost
            return get_schedule(context, caller, drafted.schedule_id)
        case Counted.DONE:
            return drafted


def to_schedule_id(text: str) -> ScheduleId:
    """Returns the id that a caller gives as text. Raises NotFound for a text that cannot be an id."""
    if not _ID.fullmatch(text):
        raise _not_found(text)
    return ScheduleId(text)


def get_schedule(context: Context, caller: Caller, schedule_id: ScheduleId) -> Schedule:
    """Returns the schedule. Raises NotFound `schedule_not_found`."""
    schedule = context.stores.schedules.find(caller.tenant_id, schedule_id)
    if schedule is None:
        raise _not_found(schedule_id)
    return schedule


def list_schedules(context: Context, caller: Caller, *, page: int, per_page: int) -> Listing[Schedule]:
    """Returns a page of schedules, newest first, `page` from 1."""
    return context.stores.schedules.list_page(caller.tenant_id, page=page, per_page=per_page)


def change_schedule(context: Context, caller: Caller, schedule_id: ScheduleId, changes: ScheduleChanges) -> Schedule:
    """Changes what is given and returns the schedule. A new expression or time zone counts from now on, and so does a
    pause that ends: nothing is made up. A new export is delivered from the beginning. Raises Refused as
    `create_schedule` does.
    """

    def changed(schedule: Schedule) -> Schedule:
        now = context.clock()
        after = _changed(context, caller, schedule, changes)
        return replace(after, updated_by=caller.key_id, updated_at=now)

    return _replaced(context, caller, schedule_id, changed)


def delete_schedule(context: Context, caller: Caller, schedule_id: ScheduleId) -> None:
    """Removes the schedule. Exports that were begun end by themselves; what was delivered stays."""
    get_schedule(context, caller, schedule_id)
    context.begin_work()
    context.stores.schedules.delete(caller.tenant_id, schedule_id)


def list_runs(
    context: Context, caller: Caller, schedule_id: ScheduleId, *, page: int, per_page: int
) -> Listing[RunWithExport]:
    """Returns a page of runs, latest due time first, each with its export as it stands now."""
    get_schedule(context, caller, schedule_id)
    listing = context.stores.schedules.list_runs(caller.tenant_id, schedule_id, page=page, per_page=per_page)
    runs = (RunWithExport(run=run, export=_find_export(context, run)) for run in listing.entries)
    return Listing(tuple(runs), total=listing.total)


def _find_export(context: Context, run: ScheduleRun) -> Export | None:
    return None if run.missed else context.stores.exports.find(run.tenant_id, run.export_id)


def _changed(context: Context, caller: Caller, schedule: Schedule, changes: ScheduleChanges) -> Schedule:
    given = dict(changes.given)
    checked_name(given.get("name"))
    checked_destination(given.get("destination"))
    after = replace(schedule, **given)
    if changes.export is not None:
        after = replace(
            after,
            template=checked_template(context, caller, changes.export, is_incremental=schedule.is_incremental),
            asked=checked_export_fields(context, changes.asked or {}),
            series=schedule.series + 1,
        )
    is_timed_anew = any(
        getattr(after, name) != getattr(schedule, name) for name in ("expression", "time_zone", "is_paused")
    )
    return timed(after, context.clock()) if is_timed_anew else after


def _replaced(
    context: Context, caller: Caller, schedule_id: ScheduleId, change: Callable[[Schedule], Schedule]
) -> Schedule:
    for _ in range(ROUNDS):
        stored = get_schedule(context, caller, schedule_id)
        after = replace(change(stored), revision=stored.revision + 1)
        context.begin_work()
        if context.stores.schedules.replace(after):
            return after
    raise Retryable(f"the schedule {schedule_id} kept changing while it was changed")


def _not_found(schedule_id: str) -> NotFound:
    return NotFound("schedule_not_found", f"There is no export schedule {schedule_id[:64]!r}.")
