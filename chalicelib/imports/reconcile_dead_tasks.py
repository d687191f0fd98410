"""Results for tasks that died: what their records prove, once nobody can be writing them any more.

They are put once, like those of any task. Whoever settles has made sure before that tasks find a reason to stop when
they look at the import; a try that looked before may still be within its slice, but lives no longer than its function.
"""

from chalicelib.errors import NotFound, Retryable
from chalicelib.imports.pipeline import PHASES, tasks_of
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.recovery import is_alive, recover_result
from chalicelib.model.imports import PhaseName
from chalicelib.model.task_results import TaskResult

SETTLED = "settled"


def reconcile_dead_tasks(journey: TaskContext) -> None:
    """Gives every task of processing and cleanup that began and has no result the result that its records prove.

    Raises Retryable while one of them may still be at work. Closes the phase before them that was broken off, too.
    """
    _close_broken_off(journey)
    open_ = _find_open(journey)
    alive = [task for _, task, begun in open_ if is_alive(journey, begun.values())]
    if alive:
        raise Retryable(f"{len(alive)} tasks may still be at work")
    for phase, task, _ in open_:
        result = recover_result(journey, phase, task, SETTLED)
        journey.stores.results.put_once(journey.import_.import_id, journey.import_.attempt, result)


def _close_broken_off(journey: TaskContext) -> None:
    """The first phase with tasks that have no result: a try of theirs that wakes up later finds one, and adds no rows
    to an import that was counted without them. Later phases have no tasks before its gate is passed."""
    results, import_ = journey.stores.results, journey.import_
    for phase in PHASES[: PHASES.index(PhaseName.PROCESSING)]:
        done = {one.task for one in results.list_results(import_.import_id, import_.attempt, phase)}
        missing = [task for task in _tasks(journey, phase) if task not in done]
        for task in missing:
            result = TaskResult(phase=phase, task=task, token=journey.work.token, stopped_by=SETTLED)
            results.put_once(import_.import_id, import_.attempt, result)
        if missing:
            return


def _find_open(journey: TaskContext) -> list[tuple[PhaseName, int, dict[str, float]]]:
    """Tasks that began and have no result, and when their tries began. Asked of the tries' own marks, for when a phase
    began is told by reports, which a late gate may undo."""
    results, import_ = journey.stores.results, journey.import_
    found: list[tuple[PhaseName, int, dict[str, float]]] = []
    for phase in (PhaseName.PROCESSING, PhaseName.CLEANUP):
        done = {one.task for one in results.list_results(import_.import_id, import_.attempt, phase)}
        marks = ((task, journey.work.find_begun(phase, task)) for task in _tasks(journey, phase) if task not in done)
        found += [(phase, task, begun) for task, begun in marks if begun]
    return found


def _tasks(journey: TaskContext, phase: PhaseName) -> tuple[int, ...]:
    """None where the import was not cut so far."""
    try:
        return tasks_of(journey, phase)
    except NotFound:
        return ()
