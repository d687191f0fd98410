"""The seven phases of an import, with everything in which they differ: one table of facts.

Every layer reads it, so that none keeps a list of phases of its own: the pipeline, its counters, the files and listings
of rows, and the state machine (`statemachine/import_machine.py`). A new phase is a name and a line here, its rules in
`imports/phases/`, its task in `imports/tasks/`, and the line in `imports/pipeline.py` that joins the task to the name.
"""

from dataclasses import dataclass
from enum import StrEnum


class PhaseName(StrEnum):
    """The public names of the phases, in order."""

    PREVALIDATION = "prevalidation"
    PREPARSING = "preparsing"
    TRANSFORMING = "transforming"
    PARSING = "parsing"
    VALIDATION = "validation"
    PROCESSING = "processing"
    CLEANUP = "cleanup"


class WorkUnit(StrEnum):
    """What one task of a phase works on; tasks are numbered by it."""

    SPLIT = "split"
    """A stretch of the source."""
    BATCH = "batch"
    """Up to `Limits.batch_rows` rows of one split."""
    SUB_PARTITION = "sub-partition"
    """The keys of all batches that fall together by their hash."""
    SHARD = "shard"
    """Of the record store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseSpec:
    """What is true of one phase, whatever the import."""

    name: PhaseName
    unit: WorkUnit
    function: str
    """The Lambda function that runs its tasks, as `app.py` names it."""
    workbook_function: str | None = None
    """The one that runs them where the source is a workbook, which takes more memory."""
    finishes_rows: bool = False
    """Rows get their outcome here: written, failed, or skipped."""
    writes_records: bool = False
    """A task of it that died may have left changed records behind, from which its result is recovered."""
    is_open_ended: bool = False
    """How many rows or records enter it is known only when it has ended."""
    duplicates_skipped_by: PhaseName | None = None
    """It marks duplicates only; this later phase skips the marked rows, and thereby counts them."""
    follows_upload_mode: bool = False
    """A sync import runs it inside the request."""


PHASES: tuple[PhaseSpec, ...] = (
    PhaseSpec(
        name=PhaseName.PREVALIDATION,
        unit=WorkUnit.SPLIT,
        function="prevalidate",
        workbook_function="prevalidate_workbook",
        finishes_rows=True,
        is_open_ended=True,
        follows_upload_mode=True,
    ),
    PhaseSpec(
        name=PhaseName.PREPARSING,
        unit=WorkUnit.SUB_PARTITION,
        function="find_duplicates",
        duplicates_skipped_by=PhaseName.TRANSFORMING,
        follows_upload_mode=True,
    ),
    PhaseSpec(
        name=PhaseName.TRANSFORMING,
        unit=WorkUnit.BATCH,
        function="run_batch_phase",
        finishes_rows=True,
    ),
    PhaseSpec(
        name=PhaseName.PARSING,
        unit=WorkUnit.SUB_PARTITION,
        function="find_duplicates",
        duplicates_skipped_by=PhaseName.VALIDATION,
    ),
    PhaseSpec(
        name=PhaseName.VALIDATION,
        unit=WorkUnit.BATCH,
        function="run_batch_phase",
        finishes_rows=True,
    ),
    PhaseSpec(
        name=PhaseName.PROCESSING,
        unit=WorkUnit.BATCH,
        function="run_batch_phase",
        finishes_rows=True,
        writes_records=True,
    ),
    PhaseSpec(
        name=PhaseName.CLEANUP,
        unit=WorkUnit.SHARD,
        function="clean_up_shard",
        writes_records=True,
        is_open_ended=True,
    ),
)
"""In order."""

FIRST_PHASE = PHASES[0].name
LAST_PHASE = PHASES[-1].name
ROW_PHASES = tuple(one.name for one in PHASES if one.finishes_rows)
"""The phases in which rows get their outcome, in order."""
WRITING_PHASES = tuple(one.name for one in PHASES if one.writes_records)
"""The phases that change records, in order."""
REQUEST_PHASES = tuple(one.name for one in PHASES if one.follows_upload_mode)
"""The phases that a sync import runs inside the request, in order."""

_SPECS = {one.name: one for one in PHASES}
_NAMES = tuple(PhaseName)


def spec_of(name: PhaseName) -> PhaseSpec:
    """Returns what is true of a phase."""
    return _SPECS[name]


def phases_until(name: PhaseName) -> tuple[PhaseName, ...]:
    """Returns the phases up to and with this one, in order."""
    return _NAMES[: _NAMES.index(name) + 1]


def phase_after(name: PhaseName) -> PhaseName | None:
    """Returns the next phase; None after the last."""
    return None if name is LAST_PHASE else _NAMES[_NAMES.index(name) + 1]
