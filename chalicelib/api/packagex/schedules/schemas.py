"""The schemas of answers about export schedules. Times are epoch seconds where they are numbers."""

from typing import Annotated, Any, Literal

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex import EXPORT_STATUSES
from chalicelib.api.packagex.exports.schemas import PackageXProgress
from chalicelib.api.packagex.schemas import NumberedPage, PackageXEnvelope
from chalicelib.model.schedules import RunStatus


class PackageXSchedule(TypedDict):
    """A schedule of exports: when they are made, what they hold, and when the next one is due."""

    object: Literal["export_schedule"]
    id: str
    organization_id: str
    name: str | None
    schedule: str
    time_zone: str
    export: dict[str, Any]
    """As it was asked for."""
    incremental: bool
    destination: str | None
    paused: bool
    next_due_at: int | None
    """Null while it is paused."""
    last_due_at: int | None
    created_by: str
    created_at: int
    updated_at: int
    updated_by: str


class PackageXRunExport(TypedDict):
    """The export that a run made, as far as it has come."""

    status: Annotated[str, one_of(EXPORT_STATUSES)]
    reason: str | None
    progress: PackageXProgress


class PackageXDeliveredFile(TypedDict):
    """One file that was copied to the destination of the schedule."""

    format: str
    key: str
    rows: int
    size_bytes: int
    sha256: str | None


class PackageXScheduleRun(TypedDict):
    """One run of a schedule, made at a due time, with its export and what it delivered."""

    object: Literal["export_schedule_run"]
    schedule_id: str
    due_at: int
    status: Annotated[str, one_of(RunStatus)]
    reason: str | None
    fired_at: int
    ended_at: int | None
    export_id: str | None
    export: PackageXRunExport | None
    """As it stands now."""
    full: bool
    """Whether it brings everything though its schedule is incremental."""
    since: str | None
    until: str | None
    rows: int | None
    delivered: list[PackageXDeliveredFile]
    missed: int
    """How many due times this entry stands for, if they were missed."""
    missed_until: int | None


class PackageXDeletedSchedule(TypedDict):
    """The id of a schedule that was deleted."""

    object: Literal["export_schedule"]
    id: str
    deleted: Literal[True]


class PackageXScheduleAnswer(PackageXEnvelope):
    """The response about one schedule."""

    data: PackageXSchedule
    pagination: None


class PackageXSchedulesAnswer(PackageXEnvelope):
    """One page of schedules, the newest first."""

    data: list[PackageXSchedule]
    pagination: NumberedPage


class PackageXScheduleDeletionAnswer(PackageXEnvelope):
    """The response to the deletion of a schedule."""

    data: PackageXDeletedSchedule
    pagination: None


class PackageXScheduleRunsAnswer(PackageXEnvelope):
    """One page of the runs of a schedule, the latest first."""

    data: list[PackageXScheduleRun]
    pagination: NumberedPage
