"""Tasks that died get the result that their records prove, once no attempt can be writing them any more."""

import pytest

from chalicelib.errors import Retryable
from chalicelib.imports.pipeline import run_phases
from chalicelib.imports.reconcile_dead_tasks import reconcile_dead_tasks
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.recovery import ATTEMPT_LIVES_S, started_attempt
from chalicelib.model.phases import FIRST_PHASE, PhaseName
from chalicelib.model.stop_reasons import StopCode
from chalicelib.model.task_results import TaskResult
from tests.import_world import ImportWorld
from tests.task_contexts import started_context

SOURCE = "name,email\nAnn,ann@x.com\nBen,ben@x.com\n"


class Crash(BaseException):
    """The process is gone."""


def results(context: TaskContext, phase: PhaseName) -> list[TaskResult]:
    import_ = context.import_
    return context.stores.results.list_results(import_.import_id, import_.attempt, phase)


def started() -> TaskContext:
    world = ImportWorld()
    return started_context(world, world.queue(SOURCE))


def crashed_before_writing(world: ImportWorld) -> TaskContext:
    """An import of which a processing task was started, and died before it wrote a row."""
    context = started_context(world, world.queue(SOURCE))
    run_phases(context, until=PhaseName.VALIDATION)
    with pytest.raises(Crash), started_attempt(context, PhaseName.PROCESSING, 0):
        raise Crash
    return context


def test_a_phase_that_was_broken_off_is_closed() -> None:
    context = started()

    reconcile_dead_tasks(context)

    (result,) = results(context, FIRST_PHASE)
    assert result.stopped_by is not None
    assert result.stopped_by.code is StopCode.ATTEMPT_DIED


def test_a_phase_is_closed_that_was_broken_off_behind_another() -> None:
    context = started()
    run_phases(context, until=FIRST_PHASE)

    reconcile_dead_tasks(context)

    (result,) = results(context, PhaseName.PREPARSING)
    assert result.stopped_by is not None


def test_a_task_that_never_started_gets_no_result() -> None:
    context = started()
    run_phases(context, until=PhaseName.VALIDATION)

    reconcile_dead_tasks(context)

    assert results(context, PhaseName.PROCESSING) == []


def test_a_task_is_not_counted_while_its_attempt_may_live() -> None:
    context = crashed_before_writing(ImportWorld())

    with pytest.raises(Retryable):
        reconcile_dead_tasks(context)

    assert results(context, PhaseName.PROCESSING) == []


def test_a_task_that_died_before_it_wrote_has_created_nothing() -> None:
    world = ImportWorld()
    context = crashed_before_writing(world)
    world.clock.now_s += ATTEMPT_LIVES_S + 1

    reconcile_dead_tasks(context)
    reconcile_dead_tasks(context)

    (result,) = results(context, PhaseName.PROCESSING)
    assert (result.stats.created, world.records()) == (0, [])


def test_an_import_whose_tasks_have_results_stays_as_it_is() -> None:
    context = started()
    run_phases(context)
    before = {phase: results(context, phase) for phase in PhaseName}

    reconcile_dead_tasks(context)

    assert {phase: results(context, phase) for phase in PhaseName} == before
