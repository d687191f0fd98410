"""Results for tasks that died: what their records prove, once no attempt can be writing them any more.

They are put once, like those of any task. The finaliser has made sure before that tasks find a reason to stop when they
look at the import. An attempt that looked before may still be within its write batch, but lives no longer than its
function.
"""

from chalicelib.errors import NotFound, Retryable
from chalicelib.imports.pipeline import tasks_of
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.recovery import DIED, is_any_attempt_alive, recover_result
from chalicelib.imports.workspace import AttemptMark
from chalicelib.model.passes import passes_of
from chalicelib.model.phases import WRITING_PHASES, PhaseName
from chalicelib.model.task_results import TaskResult


class TasksStillAtWork(Retryable):
    """Raised while what tasks have written cannot be counted, because one of them may still be writing."""


def reconcile_dead_tasks(context: TaskContext) -> None:
    """Gives every task of a writing phase that was started and has no result the result that its records prove. Closes
    the phase before them that was broken off, too, rehearsals included.

    Raises TasksStillAtWork.
    """
    _close_broken_off(context)
    open_ = _find_open(context)
    alive = [task for _, task, attempts in open_ if is_any_attempt_alive(context, attempts)]
    if alive:
        raise TasksStillAtWork(f"{len(alive)} tasks may still be at work")
    for phase, task, _ in open_:
        result = recover_result(context, phase, task, DIED)
        context.stores.results.put_once(context.import_.import_id, context.import_.attempt, result)


def _close_broken_off(context: TaskContext) -> None:
    """The first phase with tasks that have no result: an attempt that wakes up later finds one, and adds no rows
    to an import that was counted without them. Later phases have no tasks before its gate is passed."""
    results, import_ = context.stores.results, context.import_
    for phase in (one for one in passes_of(import_) if one not in WRITING_PHASES):
        done = {one.task for one in results.list_results(import_.import_id, import_.attempt, phase)}
        missing = [task for task in _tasks(context, phase) if task not in done]
        for task in missing:
            result = TaskResult(phase=phase, task=task, attempt_id=context.workspace.attempt_id, stopped_by=DIED)
            results.put_once(import_.import_id, import_.attempt, result)
        if missing:
            return


def _find_open(context: TaskContext) -> list[tuple[PhaseName, int, list[AttemptMark]]]:
    """Tasks that were started and have no result, and when their attempts started. The attempts' own notes tell, as
    reports of when a phase began may be undone by a late gate."""
    results, import_ = context.stores.results, context.import_
    found: list[tuple[PhaseName, int, list[AttemptMark]]] = []
    for phase in WRITING_PHASES:
        done = {one.task for one in results.list_results(import_.import_id, import_.attempt, phase)}
        marks = (
            (task, context.workspace.attempts.find(phase, task)) for task in _tasks(context, phase) if task not in done
        )
        found += [(phase, task, attempts) for task, attempts in marks if attempts]
    return found


def _tasks(context: TaskContext, phase: PhaseName) -> tuple[int, ...]:
    """Returns no tasks where the import was not divided so far."""
    try:
        return tasks_of(context, phase)
    except NotFound:
        return ()
