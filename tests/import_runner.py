"""Runners of imports for tests of what stands above the pipeline: one that only pretends, one that is interrupted."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from io import BytesIO

from chalicelib.access.context import ImportRunner, InlineRun
from chalicelib.errors import SluiceError
from chalicelib.formats import open_table
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, PhaseProgress, PhaseStatus, Stats, Status, UploadMode
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.rows import Outcome, Row, RowOutcome
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import EndReason
from chalicelib.model.task_results import InlineResult
from chalicelib.stores.interfaces import Stores


@dataclass
class FakeRunner:
    """Keeps `ImportRunner`: reads the rows of an import and counts them, without storing a record."""

    stores: Stores
    now: Callable[[], int]
    limits: Limits = DEFAULT_LIMITS
    rows: list[Row] = field(default_factory=list)
    """Of the last import, as they were read."""
    raises: SluiceError | None = None
    """What every run raises."""
    first_phases_end_as: Status = Status.PROCESSING
    run_ends_as: Status = Status.COMPLETED
    run_counts: Stats | None = None
    """The counts of a run; None: every row is created."""
    ended: list[tuple[ImportId, Status, str | None]] = field(default_factory=list)
    """Imports that were ended, with status and reason."""

    def run_first_phases(self, import_: Import, inline: InlineRun) -> Import:
        """Counts the first phases as done."""
        if not self._read(import_, inline):
            return self._stored(import_)
        return self._changed(import_, self.first_phases_end_as, Stats(total=len(self.rows)))

    def run_all_phases(self, import_: Import, inline: InlineRun) -> InlineResult:
        """Counts every row as created."""
        self._read(import_, inline)
        stats = self.run_counts or Stats(total=len(self.rows), created=len(self.rows))
        import_ = self._changed(import_, Status.PROCESSING, stats)
        outcomes = tuple(RowOutcome(row.number, row.line, Outcome.CREATED) for row in self.rows)
        return InlineResult(self._changed(import_, self.run_ends_as, stats), outcomes)

    def end(self, import_: Import, reason: EndReason) -> Import | None:
        """Notes the end, and changes the status."""
        self.ended.append((import_.import_id, reason.status, reason.text))
        change = ImportChange(to=reason.status, at=self.now(), reason=reason.text, ended_at=self.now())
        return self.stores.imports.change(import_.tenant_id, import_.import_id, change)

    def _read(self, import_: Import, inline: InlineRun) -> bool:
        """Returns whether the import is new; then it is stored."""
        if self.raises:
            raise self.raises
        inline.begin_work()
        is_new = self.stores.imports.add(import_)
        assert import_.source is not None
        name = import_.source.filename
        self.rows = list(open_table(BytesIO(inline.content), import_.reading, self.limits, filename=name).rows)
        return is_new

    def _changed(self, import_: Import, status: Status, stats: Stats) -> Import:
        phases = tuple(_done(phase, stats.total, self.now()) for phase in import_.phases)
        change = ImportChange(to=status, at=self.now(), phases=phases, stats=stats)
        changed = self.stores.imports.change(import_.tenant_id, import_.import_id, change)
        return changed or self._stored(import_)

    def _stored(self, import_: Import) -> Import:
        stored = self.stores.imports.find(import_.tenant_id, import_.import_id)
        assert stored is not None
        return stored


@dataclass(frozen=True)
class InterruptedRunner:
    """Keeps `ImportRunner`: does something else before what another runner does."""

    runner: ImportRunner
    before_run: Callable[[Import], object] = id
    before_end: Callable[[Import], object] = id

    def run_first_phases(self, import_: Import, inline: InlineRun) -> Import:
        """Interrupts, then runs the first phases."""
        self.before_run(import_)
        return self.runner.run_first_phases(import_, inline)

    def run_all_phases(self, import_: Import, inline: InlineRun) -> InlineResult:
        """Interrupts, then runs all phases."""
        self.before_run(import_)
        return self.runner.run_all_phases(import_, inline)

    def end(self, import_: Import, reason: EndReason) -> Import | None:
        """Interrupts, then ends the import."""
        self.before_end(import_)
        return self.runner.end(import_, reason)


def _done(phase: PhaseProgress, rows: int, at: int) -> PhaseProgress:
    """Returns a phase as it is after its end, if it belongs to the request."""
    if phase.mode is not UploadMode.SYNC:
        return phase
    counted = replace(phase, total=rows, processed=rows, success=rows)
    return replace(counted, status=PhaseStatus.COMPLETED, started_at=at, ended_at=at)
