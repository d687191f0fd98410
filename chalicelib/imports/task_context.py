"""What a task of an import needs to do its work: the import, its resource, the stores, and the clock.

Made anew for every attempt of every task; nothing here outlives it. A task that woke up late, or whose import was
canceled or has ended, finds out here that it should stop. What it wrote until then harms nothing: work objects lie
under its own attempt, which no gate has committed (`imports/workspace/`), and records are written on conditions.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import BinaryIO

from chalicelib.imports.before_images import BeforeImageWriter
from chalicelib.imports.import_state import ImportState, StoredState
from chalicelib.imports.workspace import Workspace
from chalicelib.model.children import root_of
from chalicelib.model.identity_keys import given_ids
from chalicelib.model.ids import RecordId, derived_ids
from chalicelib.model.imports import Import, Source, Status
from chalicelib.model.limits import Limits
from chalicelib.model.phases import PhaseName
from chalicelib.model.reading_budget import UNLIMITED, ReadingBudget
from chalicelib.model.records import Write, Written
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Draft, RowOutcome
from chalicelib.model.stop_reasons import CANCELED, SUPERSEDED, TIMED_OUT, StopReason
from chalicelib.model.time_left import TimeLeft, endless
from chalicelib.stores.interfaces import Stores

WRITE_BATCH_ROWS = 500
"""How many rows are written between two looks at the import: a cancel takes effect within a write batch."""


def _ignore_progress(phase: PhaseName, processed: int) -> None: ...


def _keep_nothing() -> None: ...


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
    held_state: ImportState | None = None
    """How the import stands while its request runs it; None where the store alone knows."""
    source_in_request: bytes | None = None
    """The source, where it came with the request that runs the import; None where it lies in the bucket."""
    found_in_request: set[RecordId] = field(default_factory=set)
    """Records that references of rows were found to mean a moment ago, inside the same request: none of them has to be
    looked for again before it is linked."""
    before_writing: Callable[[], None] = _keep_nothing
    """Called before records are written: what a crash must not lose is kept then."""
    previewed: Mapping[int, RowOutcome] | None = None
    """What the preview told of the rows of this batch, by number; None unless the import is strict."""
    before_images: BeforeImageWriter | None = None
    """Keeps records as they are before they are written; None for tasks that write none."""

    @property
    def state(self) -> ImportState:
        """How the import stands, and what is reported of it."""
        return self.held_state or StoredState(self.stores.imports, self.import_)

    def open_source(
        self, source: Source, *, start: int = 0, end: int | None = None
    ) -> AbstractContextManager[BinaryIO]:
        """Returns a stream over the source, as `Files.open_file` does."""
        if self.source_in_request is not None:
            return BytesIO(self.source_in_request[start:end])
        return self.stores.files.open_file(source.key, source.version_id, start=start, end=end)

    def write_records(self, resource: str, writes: Sequence[Write]) -> list[Written]:
        """Performs writes of records, as `Records.write_many` promises. What is needed to undo them is kept before."""
        if not writes:
            return []
        self.before_writing()
        if self.before_images:
            self.before_images.write(writes)
        now_ms = int(self.now() * 1000)
        return self.stores.records.write_many(self.import_.tenant_id, resource, writes, now_ms=now_ms)

    def find_stop(self) -> StopReason | None:
        """Returns why the task should stop now: the import was canceled, ran out of time, or a newer attempt has taken
        over. None means: go on. Costs one read, inside a request one now and then."""
        stored = self.state.find()
        if stored is None or stored.attempt != self.import_.attempt or stored.is_final:
            return SUPERSEDED
        if stored.status is Status.CANCELING:
            return CANCELED
        is_late = stored.deadline_at is not None and self.now() >= stored.deadline_at
        return TIMED_OUT if is_late else None

    def must_hand_over(self) -> bool:
        """Returns whether so little time is left of the function that another one should go on."""
        return self.can_hand_over and self.time_left_s() < self.limits.hand_over_s

    def keeping_images(self, task: str) -> "TaskContext":
        """Returns the context for a task that writes records; `task` names the images that it keeps."""
        attempt_id = self.workspace.attempt_id
        return replace(
            self,
            before_images=BeforeImageWriter(self.stores.files, self.import_, task, attempt_id, self.limits),
        )

    def new_record_ids(self, drafts: Sequence[Draft]) -> list[RecordId]:
        """Returns for each row the id it gives, or one derived from import and row: the same at every attempt."""
        given = given_ids(draft.identity_keys for draft in drafts)
        nameless = [draft.row_number for draft, id_ in zip(drafts, given, strict=True) if id_ is None]
        derived = iter(derived_ids(self.resource.id_prefix, root_of(self.import_), nameless))
        return [next(derived) if id_ is None else id_ for id_ in given]
