"""Where an import stands, and which status may follow which."""

from enum import StrEnum


class Status(StrEnum):
    REQUESTED = "requested"
    """Created; its source has not arrived."""
    QUEUED = "queued"
    """Its source is here; the machine has been asked to start."""
    PROCESSING = "processing"
    CANCELING = "canceling"
    """Cancel was asked for, or the execution died: tasks stop at their next slice, then what they did is counted."""
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"
    TIMED_OUT = "timed_out"
    EXPIRED = "expired"


FINAL = frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELED, Status.TIMED_OUT, Status.EXPIRED})

PREDECESSORS = {
    Status.REQUESTED: frozenset[Status](),
    Status.QUEUED: frozenset({Status.REQUESTED}),
    Status.PROCESSING: frozenset({Status.QUEUED}),
    Status.CANCELING: frozenset({Status.REQUESTED, Status.QUEUED, Status.PROCESSING}),
    Status.COMPLETED: frozenset({Status.PROCESSING}),
    Status.FAILED: frozenset({Status.REQUESTED, Status.QUEUED, Status.PROCESSING, Status.CANCELING}),
    Status.CANCELED: frozenset({Status.CANCELING}),
    Status.TIMED_OUT: frozenset({Status.QUEUED, Status.PROCESSING}),
    Status.EXPIRED: frozenset({Status.REQUESTED}),
}
"""From which statuses each may be reached; every status change is one conditional update on this table."""
