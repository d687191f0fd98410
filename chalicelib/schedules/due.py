"""Which run a schedule's next due time becomes, and when it is due after that: a decision, nothing is written.
The times themselves come from `schedules/recurrence.py`.

A due time that passed longer ago than the catch-up window is missed: all of those become one entry that tells their
number. A run of an incremental schedule begins where the last delivered window ended, and waits while the run before it
is open.
"""

from dataclasses import dataclass, replace

from chalicelib.errors import Refused
from chalicelib.exports.request import DELETIONS_KEPT_S
from chalicelib.model.exports import FROM_THE_BEGINNING_MS
from chalicelib.model.limits import Limits
from chalicelib.model.retention import kept_until
from chalicelib.model.schedules import RunStatus, Schedule, ScheduleRun
from chalicelib.schedules.recurrence import Following
from chalicelib.schedules.request import recurrence_of

COUNTED = 10_000
"""How many missed due times are counted at most."""
READING_S = 24 * 3600
"""How long an export may wait and read: it must have read deletions before the store forgets them."""


class PreviousRunOpen(Exception):
    """The run before this one is open: its incremental successor has to wait."""


@dataclass(frozen=True, slots=True)
class NextRun:
    """The run of a due time, and when the schedule is due after it."""

    run: ScheduleRun
    next_due_at: int | None
    """None where it cannot be computed any more: the schedule pauses."""


def find_next_run(schedule: Schedule, last: ScheduleRun | None, *, now: int, limits: Limits) -> NextRun | None:
    """Returns the run that is due now, or None. `last` is the run of `schedule.last_run`, as it stands now. Raises
    PreviousRunOpen.
    """
    due_at = schedule.next_due_at
    if due_at is None or due_at > now:
        return None
    run = ScheduleRun(
        schedule_id=schedule.schedule_id,
        tenant_id=schedule.tenant_id,
        due_at=due_at,
        template=schedule.template,
        destination=schedule.destination,
        series=schedule.series,
        since_ms=_since(schedule, last, now),
        fired_at=now,
        forgotten_at=kept_until(max(due_at, now - limits.schedule_catch_up_s), limits.schedule_history_s),
    )
    try:
        following = recurrence_of(schedule).next_after
    except Refused as refusal:  # it was stored when more was understood, or a time zone is gone
        return NextRun(run.failed(f"paused: {refusal.message}", now), None)
    horizon = now - limits.schedule_catch_up_s
    if due_at < horizon:
        return _missed(following, run, horizon)
    return NextRun(run, following(due_at))


def _missed(following: Following, run: ScheduleRun, horizon: int) -> NextRun:
    """Returns one run for all due times before the horizon."""
    last, count, next_due_at = run.due_at, 1, following(run.due_at)
    while next_due_at < horizon and count < COUNTED:
        last, count, next_due_at = next_due_at, count + 1, following(next_due_at)
    next_due_at = next_due_at if next_due_at >= horizon else following(horizon - 1)
    return NextRun(_as_missed(run, count, last), next_due_at)


def _as_missed(run: ScheduleRun, count: int, last: int) -> ScheduleRun:
    reason = f"missed: {count} due times had passed too long ago when they were noticed."
    return replace(run, status=RunStatus.MISSED, missed=count, missed_until=last, ended_at=run.fired_at, reason=reason)


def _since(schedule: Schedule, last: ScheduleRun | None, now: int) -> int | None:
    """Raises PreviousRunOpen."""
    if not schedule.is_incremental:
        return None
    if last is None or last.series != schedule.series:
        return FROM_THE_BEGINNING_MS
    if last.is_open:
        raise PreviousRunOpen
    since_ms = last.next_since_ms or FROM_THE_BEGINNING_MS
    is_remembered = since_ms >= (now - DELETIONS_KEPT_S + READING_S) * 1000
    return since_ms if is_remembered else FROM_THE_BEGINNING_MS
