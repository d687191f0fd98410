"""A small import that one function of the state machine runs, and one that ends it: the same phases, tasks and gates,
over work that stays in memory (`import_state.py`).

What a source gives that is small, but packed, may be large all the same. It goes the way of larger ones then: nothing
has been written before its rows are read.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.errors import Retryable
from chalicelib.imports.import_state import HeldState
from chalicelib.imports.pipeline import run_phases
from chalicelib.imports.plan import plan
from chalicelib.imports.progress import progress_reporter
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.hand_over import HandedOver
from chalicelib.imports.workspace import HeldObjects, HeldResults, HeldWork, TooMuchToHold, Workspace, read_work
from chalicelib.model.children import SourceKind, source_kind_of
from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.model.stop_reasons import StopReason

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PhasesRun:
    """How far one function has brought an import."""

    stopped_by: StopReason | None = None
    is_ended: bool = False
    """Whether it has ended, too; otherwise another function is to end it."""


def may_be_held(import_: Import, limits: Limits) -> bool:
    """Returns whether one function may run an import in memory: an upload that is small, for the first time."""
    is_first_upload = import_.attempt == 1 and source_kind_of(import_) is SourceKind.UPLOAD
    return is_first_upload and import_.source is not None and import_.source.size_bytes <= limits.held_source_bytes


def run_all_phases(context: TaskContext, end: Callable[[TaskContext], bool]) -> PhasesRun:
    """Runs all phases of an import in this function. Where they may be held it runs them in memory, and ends the import
    by `end`, which returns whether it has. Raises as `run_phases`, and KeptByOthers where another function has gone on
    with the import.
    """
    if context.import_.is_final:
        return PhasesRun()  # its end is still to be told, or its slot to be given back
    work = _find_work(context)
    if not work.is_whole and not may_be_held(context.import_, context.limits):
        return _run_in_bucket(context)
    work.is_whole, work.most_bytes = True, context.limits.held_work_bytes
    state = _state_of(context, work)
    try:
        return _run_held(hold_work(context, state), state, end)
    except TooMuchToHold:
        return _run_in_bucket(context)


def ending_context(context: TaskContext) -> TaskContext:
    """Returns the context in which an import ends: in memory, with all that was kept of it, where one function has run
    it so.
    """
    work = HeldWork() if context.import_.is_final else _find_work(context)
    return hold_work(context, _state_of(context, work)) if work.is_whole else context


def hold_work(context: TaskContext, state: HeldState) -> TaskContext:
    """Returns the context in which whatever tasks write and report stays in memory, with the work that the state
    has.
    """
    return replace(
        context,
        import_=state.import_,
        stores=replace(context.stores, results=HeldResults(state.work)),
        workspace=Workspace(HeldObjects(state.work), state.import_, attempt_id=context.workspace.attempt_id),
        held_state=state,
        before_writing=state.keep,
    )


def _find_work(context: TaskContext) -> HeldWork:
    is_first = context.import_.attempt == 1
    return read_work(context.stores.files, context.import_) if is_first else HeldWork()


def _state_of(context: TaskContext, work: HeldWork) -> HeldState:
    return HeldState(
        imports=context.stores.imports,
        files=context.stores.files,
        now=context.now,
        item_bytes=context.limits.kept_work_item_bytes,
        import_=replace(context.import_, work=None, work_key=""),
        work=work,
        attempt_id=context.workspace.attempt_id,
        is_stored=True,
        is_shared=True,
        looked_at=context.now(),
    )


def _run_held(context: TaskContext, state: HeldState, end: Callable[[TaskContext], bool]) -> PhasesRun:
    """Whatever stops it, what was kept once is kept as it is then: that a task is over, above all."""
    try:
        plan(context)
        stopped_by = run_phases(_reporting(context)).stopped_by
    except HandedOver:
        state.keep()
        raise
    except Exception:
        if state.has_kept:
            state.keep()
        raise
    is_ended = not stopped_by and _is_ended(replace(context, import_=state.import_), end)
    if not (is_ended or state.import_.is_final):
        state.keep()
    return PhasesRun(stopped_by, is_ended)


def _is_ended(context: TaskContext, end: Callable[[TaskContext], bool]) -> bool:
    """Whatever goes wrong here goes to a function that does nothing but end the import."""
    try:
        return end(context)
    except Retryable:
        logger.warning("import %s is left to its end", context.import_.import_id, exc_info=True)
        return False


def _run_in_bucket(context: TaskContext) -> PhasesRun:
    plan(context)
    return PhasesRun(run_phases(_reporting(context)).stopped_by)


def _reporting(context: TaskContext) -> TaskContext:
    reporter = progress_reporter(context.state, context.stores.results, context.import_, context.now)
    return replace(context, report_progress=reporter.report_progress)
