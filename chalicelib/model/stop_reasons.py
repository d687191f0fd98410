"""Why tasks of an import or export stop before their rows do, and why an import ends.

A `StopReason` passes from the task that stopped to the gate and through the state machine to the finaliser, which makes
an `EndReason` of it: the final status, and the text that callers read as `reason`.
"""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.errors import Refused
from chalicelib.model.imports import Import, Status


class StopCode(StrEnum):
    """What can stop an import or export."""

    CANCELED = "canceled"
    TIMED_OUT = "timed_out"
    SUPERSEDED = "superseded"
    """The import or export has ended or is gone, or a newer attempt has taken over: the task is not needed."""
    SOURCE_MISSING = "source_missing"
    TOO_MANY_ROWS = "too_many_rows"
    REFUSED = "refused"
    """The source as a whole cannot be imported; the message says why, and begins with the refusal's own code."""
    FATAL = "fatal"
    """No retry can mend it; the message is all there is to say."""
    INTERNAL_ERROR = "internal_error"
    """The fault is ours: the execution of the state machine died, or an export wrote other rows than it selected."""
    ATTEMPT_DIED = "attempt_died"
    """The task's process is gone; its result tells what its records prove."""


_SPEAKING_FOR_ITSELF = frozenset({StopCode.REFUSED, StopCode.FATAL})


@dataclass(frozen=True, slots=True)
class StopReason:
    """Why a task, or the whole import or export, stops early."""

    code: StopCode
    message: str = ""

    @classmethod
    def of_refusal(cls, refusal: Refused) -> "StopReason":
        """Returns the reason that the source is refused as a whole."""
        return cls(StopCode.REFUSED, str(refusal))

    def to_refusal(self) -> Refused | None:
        """Returns the refusal that this reason tells of, without its details; None for any other reason."""
        return Refused.from_text(self.message) if self.code is StopCode.REFUSED else None

    @property
    def text(self) -> str:
        """Returns what callers read: the code, and the message where there is one."""
        if self.code in _SPEAKING_FOR_ITSELF:
            return self.message
        return f"{self.code}: {self.message}" if self.message else self.code.value


CANCELED = StopReason(StopCode.CANCELED)
TIMED_OUT = StopReason(StopCode.TIMED_OUT)
SUPERSEDED = StopReason(StopCode.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class EndReason:
    """The final status of an import, and why it has it."""

    status: Status
    text: str | None = None
    """What callers read as `reason`; None where all went well."""


COMPLETED = EndReason(Status.COMPLETED)

_STATUSES = {StopCode.CANCELED: Status.CANCELED, StopCode.TIMED_OUT: Status.TIMED_OUT}


def end_reason_of(stop: StopReason | None) -> EndReason:
    """Returns how an import ends that was stopped so; None means that nothing stopped it."""
    return EndReason(_STATUSES.get(stop.code, Status.FAILED), stop.text) if stop else COMPLETED


def end_of_canceling(import_: Import) -> EndReason:
    """Returns how an import ends that is canceling: failed where its execution died, which its `reason` tells, and
    canceled otherwise."""
    return EndReason(Status.FAILED, import_.reason) if import_.reason else end_reason_of(CANCELED)
