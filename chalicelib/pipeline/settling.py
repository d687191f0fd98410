"""Results for tasks that died: what their records prove.

They are put once, like those of any task. A try that wakes up later loses, and finds at its next look at the import
that it should stop.
"""

from chalicelib.errors import NotFound
from chalicelib.journey import Journey
from chalicelib.model.imports import PhaseName
from chalicelib.road import tasks_of
from chalicelib.tasks.proving import prove

SETTLED = "settled"


def settle(journey: Journey) -> None:
    """Gives every task of processing and cleanup that began and has no result the result that its records prove."""
    results, import_ = journey.stores.results, journey.import_
    for phase in (PhaseName.PROCESSING, PhaseName.CLEANUP):
        for task in _tasks_begun(journey, phase):
            if results.find_result(import_.import_id, import_.attempt, phase, task) is None:
                results.put_once(import_.import_id, import_.attempt, prove(journey, phase, task, SETTLED))


def _tasks_begun(journey: Journey, phase: PhaseName) -> list[int]:
    """Asked of the tasks' own marks, for a phase's own start is told by reports, which a late gate may undo."""
    try:
        return [task for task in tasks_of(journey, phase) if journey.work.has_begun(phase, task)]
    except NotFound:
        return []
