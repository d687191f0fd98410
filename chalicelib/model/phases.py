"""The seven phases of an import, and the two rehearsals that callers see as phases, with everything in which they
differ: one table of facts.

Every layer reads it, so that none keeps a list of phases of its own: the pipeline, its counters, the files and listings
of rows, and the state machine (`statemachine/import_machine.py`). A new phase is a name and a line here, its rules in
`imports/phases/`, its task in `imports/tasks/`, and the line in `imports/pipeline.py` that joins the task to the name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile


class PhaseName(StrEnum):
    """The names of the phases and of their rehearsals, in order."""

    PREVALIDATION = "prevalidation"
    PREPARSING = "preparsing"
    TRANSFORMING = "transforming"
    PARSING = "parsing"
    VALIDATION = "validation"
    REHEARSAL = "rehearsal"
    REHEARSAL_CLEANUP = "rehearsal_cleanup"
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
    finds_keys: bool = False
    """It leaves keys of its rows, among which the phase behind it looks for duplicates."""
    duplicates_skipped_by: PhaseName | None = None
    """It marks duplicates only; this later phase skips the marked rows, and thereby counts them."""
    follows_upload_mode: bool = False
    """A sync import runs it inside the request."""
    runs_in_undo: bool = False
    """An undo runs it: it knows which records its rows mean, and has nothing to look up."""
    rehearses: PhaseName | None = None
    """It decides what this later phase decides, and writes no record. It runs only where an import rehearses; callers
    see it as the phase that it rehearses (docs/adr/0016-a-rehearsal-is-the-phase-without-its-writes.md)."""


PHASES: tuple[PhaseSpec, ...] = (
    PhaseSpec(
        name=PhaseName.PREVALIDATION,
        unit=WorkUnit.SPLIT,
        function="prevalidate",
        workbook_function="prevalidate_workbook",
        finishes_rows=True,
        is_open_ended=True,
        finds_keys=True,
        follows_upload_mode=True,
        runs_in_undo=True,
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
        finds_keys=True,
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
        name=PhaseName.REHEARSAL,
        unit=WorkUnit.BATCH,
        function="run_batch_phase",
        finishes_rows=True,
        rehearses=PhaseName.PROCESSING,
        runs_in_undo=True,
    ),
    PhaseSpec(
        name=PhaseName.REHEARSAL_CLEANUP,
        unit=WorkUnit.SHARD,
        function="clean_up_shard",
        is_open_ended=True,
        rehearses=PhaseName.CLEANUP,
    ),
    PhaseSpec(
        name=PhaseName.PROCESSING,
        unit=WorkUnit.BATCH,
        function="run_batch_phase",
        finishes_rows=True,
        writes_records=True,
        runs_in_undo=True,
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
PUBLIC_PHASES = tuple(one.name for one in PHASES if one.rehearses is None)
"""The phases that callers see, in order."""
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


def public_name(name: PhaseName) -> PhaseName:
    """Returns the phase that callers see: that which a rehearsal rehearses, and every other phase itself."""
    return _SPECS[name].rehearses or name


def phases_until(name: PhaseName) -> tuple[PhaseName, ...]:
    """Returns the phases up to and with this one, in order."""
    return _NAMES[: _NAMES.index(name) + 1]


def phases_behind(name: PhaseName) -> tuple[PhaseName, ...]:
    """Returns the phases that may come right after this one: the rehearsals that follow, which an import may leave out,
    and the phase behind them; in an undo the next that it runs. None come after the last.
    """
    following = PHASES[_NAMES.index(name) + 1 :]
    of_undo = [one for one in following if one.runs_in_undo] if spec_of(name).runs_in_undo else []
    return tuple(dict.fromkeys(one.name for one in (*_next_of(following), *_next_of(of_undo))))


def _next_of(following: Sequence[PhaseSpec]) -> tuple[PhaseSpec, ...]:
    rehearsals = tuple(takewhile(lambda one: one.rehearses, following))
    return (*rehearsals, *following[len(rehearsals) :][:1])
