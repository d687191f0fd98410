"""How far an import has come, and how long it still takes, as far as its phases tell.

Comes in: an import with the counters of its phases, and the time. Goes out: a percentage that never falls within an
attempt, the rate of the last minute, and an estimate. The weights are fixed: what each phase takes of the time of a
large import, measured.
"""

from dataclasses import dataclass
from math import ceil

from chalicelib.model.imports import Import, PhaseProgress, PhaseStatus
from chalicelib.model.passes import passes_of
from chalicelib.model.phases import PhaseName, public_name

WEIGHTS = {
    PhaseName.PREVALIDATION: 25,
    PhaseName.PREPARSING: 4,
    PhaseName.TRANSFORMING: 12,
    PhaseName.PARSING: 3,
    PhaseName.VALIDATION: 6,
    PhaseName.REHEARSAL: 15,
    PhaseName.REHEARSAL_CLEANUP: 5,
    PhaseName.PROCESSING: 40,
    PhaseName.CLEANUP: 10,
}
"""By phase, what it takes of the whole; only those count that the import passes through."""


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import has come."""

    percent: int
    """From 0 to 100, and 100 only when it has ended, however it ended."""
    rows_per_second: int | None = None
    """How many rows of the phase that runs were done in each second of the last minute; None where none runs, and under
    1 percent."""
    remaining_s: int | None = None
    """How long it is likely to take still; None where it does not run, and under 1 percent."""


def progress_of(import_: Import, now: int) -> ImportProgress:
    """Returns how far the import has come."""
    percent = 100 if import_.is_final else min(99, int(100 * _done(import_)))
    running = next((one for one in import_.phases if one.status is PhaseStatus.PROCESSING), None)
    if import_.is_final or running is None or percent < 1:
        return ImportProgress(percent)
    elapsed_s = max(now - (import_.started_at or now), 1)
    return ImportProgress(percent, running.rows_per_second, ceil(elapsed_s * (100 - percent) / percent))


def _done(import_: Import) -> float:
    """The part of the whole, from 0 to 1."""
    phases = {phase.name: phase for phase in import_.phases}
    passes = passes_of(import_)
    done = sum(WEIGHTS[name] * _part(phases.get(public_name(name))) for name in passes)
    return done / sum(WEIGHTS[name] for name in passes)


def _part(phase: PhaseProgress | None) -> float:
    if phase is None or phase.status is PhaseStatus.PENDING:
        return 0
    return min(phase.part_done, 1.0) if phase.status is PhaseStatus.PROCESSING else 1
