"""Export schedules: exports again and again, all records or what has changed."""

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack

from sluice.models.exports import Schedule, ScheduleRun
from sluice.operations import Async, Sync, listing, operation
from sluice.pages import Pages, numbered_pages
from sluice.session import Session, below
from sluice.transport import Flow

_PATH = "/v1/export-schedules"


class ScheduleOptions(TypedDict, total=False):
    """What may be said of a schedule beside when and what; docs/schedules.md tells what each means."""

    name: str | None
    time_zone: str
    incremental: bool
    destination: str | None
    paused: bool


class ScheduleChanges(TypedDict, total=False):
    """What may be changed of a schedule; None takes a name or a destination away."""

    name: str | None
    schedule: str
    time_zone: str
    export: Mapping[str, Any]
    destination: str | None
    paused: bool


class _ScheduleOperations:
    """What can be done with export schedules."""

    _session: Session

    @operation
    def create(self, schedule: str, export: Mapping[str, Any], **options: Unpack[ScheduleOptions]) -> Flow[Schedule]:
        """Creates a schedule: `rate(1 hour)` or `cron(30 1 * * ? *)`, and what is exported then, as `exports.start`
        takes it, with its `resource`."""
        answer = yield from self._session.post(_PATH, {"schedule": schedule, "export": dict(export), **options})
        return Schedule.from_json(answer.data)

    @listing
    def each(self, *, limit: int = 100) -> Pages[Schedule]:
        """Yields schedules, the newest first, lazily."""
        return numbered_pages(self._session, _PATH, Schedule.from_json, limit=limit)

    @operation
    def get(self, schedule_id: str) -> Flow[Schedule]:
        """Returns a schedule."""
        answer = yield from self._session.get(below(_PATH, schedule_id))
        return Schedule.from_json(answer.data)

    @operation
    def change(self, schedule_id: str, **changes: Unpack[ScheduleChanges]) -> Flow[Schedule]:
        """Changes what is given, and returns the schedule."""
        answer = yield from self._session.post(below(_PATH, schedule_id), changes)
        return Schedule.from_json(answer.data)

    @operation
    def delete(self, schedule_id: str) -> Flow[None]:
        """Removes a schedule; exports that it began go on."""
        yield from self._session.delete(below(_PATH, schedule_id))

    @listing
    def runs(self, schedule_id: str, *, limit: int = 100) -> Pages[ScheduleRun]:
        """Yields what became of each due time, the latest first, lazily."""
        return numbered_pages(self._session, below(_PATH, schedule_id, "runs"), ScheduleRun.from_json, limit=limit)


class Schedules(_ScheduleOperations, Sync):
    """The export schedules of a tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session


class AsyncSchedules(_ScheduleOperations, Async):
    """The same for programs that await."""

    def __init__(self, session: Session) -> None:
        self._session = session
