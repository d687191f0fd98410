"""What the export machine sends to its functions and gets back: ids and numbers, never records.

Source: `statemachine/export_machine.py`; a test compares the two.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Json

from chalicelib.lifecycle.error_output import ErrorOutput
from chalicelib.lifecycle.task_route import TaskRoute
from chalicelib.model.ids import ExportId, TenantId
from chalicelib.model.stop_reasons import StopCode, StopReason, reason_of_killing

ADVICE = "Ask for fewer fields or a narrower filter; the operator of the service can give its functions more memory."
"""What to do about an export that needs too much memory."""


class ExportRoute(StrEnum):
    """Where an answer sends the machine."""

    READ = "read"
    """The Map over shards."""
    JOIN = "join"
    FINISH = "finish"


class ExportEvent(BaseModel):
    """Names the export; every function gets at least this."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    tenant_id: TenantId
    export_id: ExportId


class ShardEvent(ExportEvent):
    """Names one shard to read."""

    task: int
    part_key: str | None = None
    """Where the function before has kept how far it has read the shard."""


class ShardStep(ShardEvent):
    """What the task of a shard answers: its event, and where to go."""

    route: TaskRoute


class ExportStep(ExportEvent):
    """What every function but those of the shards answers: where to go, and with which tasks."""

    route: ExportRoute
    tasks: tuple[int, ...] = ()
    stopped_by: StopReason | None = None
    """Why the export ends here, if it ends early."""


class Steering(StrEnum):
    """The steps that share one function."""

    START = "start"
    GATE = "gate"
    FINISH = "finish"


class SteerEvent(ExportEvent):
    """Names the step that an export is to take."""

    step: Steering


class FinishExportEvent(ExportEvent):
    """Says that an export is to get its final status."""

    stopped_by: StopReason | None = None
    killed: ErrorOutput | None = None
    """Says how a function of the export was killed."""

    @property
    def reason(self) -> StopReason | None:
        """Why the export ends, if it ends early."""
        return self.killed.to_stop_reason(ADVICE) if self.killed else self.stopped_by


class ExportStopped(BaseModel):
    """The `detail` of EventBridge's "Step Functions Execution Status Change", as far as we need it."""

    status: str
    input: Json[ExportEvent]
    error: str | None = None
    cause: str | None = None

    def to_finish_event(self) -> FinishExportEvent:
        """Returns the event that ends the export. Callers read where memory was too small, and otherwise only that
        something went wrong: what, stands in the machine's logs.
        """
        killed = reason_of_killing(self.error or "", self.cause or "", advice=ADVICE)
        reason = killed or StopReason(StopCode.INTERNAL_ERROR, f"the export's execution ended as {self.status}")
        return FinishExportEvent(**self.input.model_dump(), stopped_by=reason)


def is_of_export(detail: Mapping[str, object]) -> bool:
    """Returns whether an execution that stopped was one of an export; those of imports come by the same event."""
    return '"export_id"' in str(detail.get("input", ""))


class ExportFunctions(Protocol):
    """What the Lambda functions of exports call. `exports/handlers.py` keeps it, with all that exports need; modules
    that only name it import this one instead.
    """

    def steer(self, event: Mapping[str, Any]) -> dict[str, Any] | None:
        """Starts an export, closes its reading, or finishes it, as the event's `step` says."""

    def read(self, event: ShardEvent) -> ShardStep:
        """Reads one shard, or a part of it."""

    def join(self, event: ExportEvent) -> ExportStep:
        """Writes the next part of the next file."""

    def finish(self, event: FinishExportEvent) -> None:
        """Gives an export its final status."""
