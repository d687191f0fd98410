"""What a task of an import needs to do its work: the import, its resource, the stores, and the clock.

Made anew for every attempt of every task; nothing here outlives it. A task that woke up late, or whose import was
canceled or has ended, finds out here that it should stop. What it wrote until then harms nothing: work objects lie
under its own attempt, which no gate has committed (`imports/workspace/`), and records are written on conditions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.imports.workspace import Workspace
from chalicelib.model.identity_keys import given_ids
from chalicelib.model.ids import RecordId, derived_ids
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import Limits
from chalicelib.model.phases import PhaseName
from chalicelib.model.reading_budget import UNLIMITED, ReadingBudget
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Draft
from chalicelib.model.stop_reasons import CANCELED, SUPERSEDED, TIMED_OUT, StopReason
from chalicelib.model.time_left import TimeLeft, endless
from chalicelib.stores.interfaces import Stores

WRITE_BATCH_ROWS = 500
"""How many rows are written between two looks at the import: a cancel takes effect within a write batch."""


def _ignore_progress(phase: PhaseName, processed: int) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskContext:
    """What one attempt of one task works with."""

    import_: Import
    resource: Resource
    stores: Stores
    workspace: Workspace
    limits: Limits
    now: Callable[[], float]
    """Epoch seconds."""
    time_left_s: TimeLeft = endless
    """Seconds until the function is killed."""
    can_hand_over: bool = False
    """Whether the task can go on in another function; inside a request it cannot."""
    budget: ReadingBudget = UNLIMITED
    """What reading the source may take."""
    report_progress: Callable[[PhaseName, int], None] = _ignore_progress
    """Called between write batches with how many rows of a phase this task has done."""

    def find_stop(self) -> StopReason | None:
        """Returns why the task should stop now: the import was canceled, ran out of time, or a newer attempt has taken
        over. None means: go on. Costs one read."""
        stored = self.stores.imports.find(self.import_.tenant_id, self.import_.import_id)
        if stored is None or stored.attempt != self.import_.attempt or stored.is_final:
            return SUPERSEDED
        if stored.status is Status.CANCELING:
            return CANCELED
        is_late = stored.deadline_at is not None and self.now() >= stored.deadline_at
        return TIMED_OUT if is_late else None

    def must_hand_over(self) -> bool:
        """Returns whether so little time is left of the function that another one should go on."""
        return self.can_hand_over and self.time_left_s() < self.limits.hand_over_s

    def new_record_ids(self, drafts: Sequence[Draft]) -> list[RecordId]:
        """Returns for each row the id it gives, or one derived from import and row: the same at every attempt."""
        given = given_ids(draft.identity_keys for draft in drafts)
        nameless = [draft.row_number for draft, id_ in zip(drafts, given, strict=True) if id_ is None]
        derived = iter(derived_ids(self.resource.id_prefix, self.import_.root_id, nameless))
        return [next(derived) if id_ is None else id_ for id_ in given]
