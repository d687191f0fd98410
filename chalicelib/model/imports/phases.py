"""The seven phases with their public names and counters."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.model.imports.wanted import UploadMode


class PhaseName(StrEnum):
    """The seven phases, in order."""

    PREVALIDATION = "prevalidation"
    PREPARSING = "preparsing"
    TRANSFORMING = "transforming"
    PARSING = "parsing"
    VALIDATION = "validation"
    PROCESSING = "processing"
    CLEANUP = "cleanup"


class PhaseStatus(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"
    """Nothing to do for this action, or the import ended before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A phase with its counters. Rows, except in cleanup, which counts records."""

    name: PhaseName
    mode: UploadMode
    status: PhaseStatus = PhaseStatus.PENDING
    total: int = 0
    """Rows that entered."""
    processed: int = 0
    success: int = 0
    """Rows that go on."""
    error: int = 0
    """Rows that left here, failed or skipped."""
    started_at: int | None = None
    ended_at: int | None = None


def phases_ahead(upload_mode: UploadMode) -> tuple[Phase, ...]:
    """The seven phases of an import that has not begun; only the first two follow its upload mode (PackageX)."""
    following = (PhaseName.PREVALIDATION, PhaseName.PREPARSING)
    return tuple(Phase(name=name, mode=upload_mode if name in following else UploadMode.ASYNC) for name in PhaseName)
