"""An import whose phases run inside the request that brought it: the same phases, tasks and gates, over work that stays
in memory (`import_state.py`).
"""

import logging
from dataclasses import dataclass, replace

from chalicelib.errors import Refused, Retryable, SluiceError, Throttled
from chalicelib.imports.finalize import finalize
from chalicelib.imports.import_state import HeldState, KeptByOthers
from chalicelib.imports.pipeline import row_outcomes_of, run_phases
from chalicelib.imports.plan import plan
from chalicelib.imports.task_context import TaskContext
from chalicelib.model.imports import Import, Status
from chalicelib.model.phases import LAST_PHASE, PhaseName
from chalicelib.model.stop_reasons import COMPLETED, EndReason, StopReason, end_reason_of
from chalicelib.model.task_results import InlineResult

logger = logging.getLogger(__name__)

_TOLD_BY_ROW = frozenset({Status.COMPLETED, Status.TIMED_OUT, Status.PROCESSING})
"""Imports inside a request whose rows are told one by one: the last of them is still to be ended."""


@dataclass(frozen=True, slots=True)
class RequestRun:
    """One import inside its request."""

    context: TaskContext
    """Whose `held_state` is `state`."""
    state: HeldState

    def run_first(self, until: PhaseName) -> Import:
        """Runs the phases up to and with `until`, and stores the import, which is processing, with all that they have
        found out.

        Raises Refused where the source is refused as a whole: the import is stored as failed. Raises AlreadyStored.
        """
        self._run(until)
        self.state.keep()
        return self.state.import_

    def run_all(self) -> InlineResult:
        """Runs all phases, and ends the import. Raises Refused and AlreadyStored as `run_first`."""
        try:
            stopped_by = self._run(LAST_PHASE)
            if not stopped_by:
                self._end(COMPLETED)
        except KeptByOthers:
            raise
        except SluiceError as error:
            if self.state.is_stored and not self.state.import_.is_final:
                self._give_up(error)
            raise
        ended = self.state.import_ if self.state.import_.is_final else self.state.find()
        return inline_result(replace(self.context, import_=ended or self.state.import_))

    def _run(self, until: PhaseName) -> StopReason | None:
        """Returns what has stopped the import, which has ended then."""
        plan(self.context)
        decision = run_phases(self.context, until=until)
        if decision.stopped_by:
            self._end(end_reason_of(decision.stopped_by))
            if refusal := decision.stopped_by.to_refusal():
                raise refusal
        return decision.stopped_by

    def _end(self, reason: EndReason) -> None:
        """Where no time is left to end an import that is stored, the caller is answered, and the reaper ends it by its
        deadline. There is no slot that it could give back."""
        try:
            finalize(replace(self.context, import_=self.state.import_), reason)
        except Throttled:
            if not self.state.is_stored:
                raise
            logger.warning("import %s is left to the reaper", self.state.import_.import_id, exc_info=True)

    def _give_up(self, error: SluiceError) -> None:
        """An import that has begun to write is not left waiting for its deadline."""
        text = error.message if isinstance(error, Refused) else "not_started: the import could not be started."
        try:
            self._end(EndReason(Status.FAILED, text))
        except Retryable:
            logger.warning("import %s is left to the reaper", self.state.import_.import_id, exc_info=True)


def inline_result(context: TaskContext) -> InlineResult:
    """Returns the import of a request with the outcome of every row that is told."""
    import_ = context.import_
    has_rows = import_.status in _TOLD_BY_ROW and import_.stats.accounted > import_.stats.unprocessed
    return InlineResult(import_, row_outcomes_of(context) if has_rows else ())
