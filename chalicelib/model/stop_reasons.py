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
    MAX_FAILED = "max_failed"
    """More rows would fail than the import may have; nothing is written."""
    MAX_DELETED = "max_deleted"
    """More records would be deleted than the import may delete; nothing is written."""
    ALL_OR_NOTHING = "all_or_nothing"
    """A row fails of an import that is to be done as a whole or not at all."""
    FATAL = "fatal"
    """No retry can mend it; the message is all there is to say."""
    INTERNAL_ERROR = "internal_error"
    """The fault is ours: the execution of the state machine died, or an export wrote other rows than it selected."""
    OUT_OF_MEMORY = "out_of_memory"
    """A function was killed because it needed more memory than it has, and again when it was tried once more."""
    TASK_CRASHED = "task_crashed"
    """A function's process ended for another reason, and again when it was tried once more."""
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


_INTERRUPTIONS = frozenset(
    {StopCode.INTERNAL_ERROR, StopCode.OUT_OF_MEMORY, StopCode.TASK_CRASHED, StopCode.ATTEMPT_DIED}
)
NOT_STARTED = "not_started"
"""What the reason of an import begins with whose execution could not be started."""


def was_interrupted(reason: str | None) -> bool:
    """Returns whether an import that failed for this reason, as callers read it, might have come to its end if it had
    gone on.
    """
    code = (reason or "").partition(":")[0]
    return code in {NOT_STARTED, *_INTERRUPTIONS}


CANCELED = StopReason(StopCode.CANCELED)
TIMED_OUT = StopReason(StopCode.TIMED_OUT)
SUPERSEDED = StopReason(StopCode.SUPERSEDED)


_CRASHED = StopReason(StopCode.TASK_CRASHED, "the process of a task ended before its work did. Try again.")

_MEMORY_ERRORS = frozenset({"Runtime.OutOfMemory", "MemoryError"})
"""What Lambda says of a process that was killed for its memory, and Python of memory that the machine refused it."""
_SIGNS_OF_MEMORY = ("signal: killed", "exit status 137")
"""What stands in the cause of a `Runtime.ExitError` where the process was killed for its memory."""


def reason_of_killing(error: str, cause: str, *, advice: str) -> StopReason | None:
    """Returns why a function ended of which Step Functions tells this error and cause; None for one that was not
    killed. `advice` says in a sentence what the caller can do about too little memory.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
    """
    if error in _MEMORY_ERRORS or (error == "Runtime.ExitError" and any(sign in cause for sign in _SIGNS_OF_MEMORY)):
        return StopReason(StopCode.OUT_OF_MEMORY, f"a task needed more memory than its function has. {advice}")
    return _CRASHED if error == "Runtime.ExitError" else None


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
