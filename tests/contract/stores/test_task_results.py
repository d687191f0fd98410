"""What `TaskResults` promises: the first result of a task stands, and results are listed by task."""

from dataclasses import replace

import pytest

from chalicelib.model.imports import Stats
from chalicelib.model.phases import PhaseName
from chalicelib.model.stop_reasons import CANCELED
from chalicelib.model.task_results import TaskResult
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import an_import_id

RESULT = TaskResult(
    phase=PhaseName.PROCESSING,
    task=3,
    entered=10,
    left=2,
    stats=Stats(created=8, failed=2, created_references={"companies": 2}),
    problem_counts={"invalid_email": 2},
    batches=4,
    nameless=3,
    stopped_by=CANCELED,
)


def test_a_result_is_listed_as_it_was_put(stores: Stores) -> None:
    import_id = an_import_id()

    is_first = stores.results.put_once(import_id, 1, RESULT)

    assert is_first
    assert stores.results.list_results(import_id, 1, PhaseName.PROCESSING) == [RESULT]
    found = [stores.results.find_result(import_id, 1, PhaseName.PROCESSING, task) for task in (3, 4)]
    assert found == [RESULT, None]


def test_the_first_result_of_a_task_stands(stores: Stores) -> None:
    import_id = an_import_id()
    stores.results.put_once(import_id, 1, RESULT)

    is_first = stores.results.put_once(import_id, 1, replace(RESULT, entered=99))

    assert not is_first
    assert stores.results.list_results(import_id, 1, PhaseName.PROCESSING) == [RESULT]


def test_results_are_ordered_by_task(stores: Stores) -> None:
    import_id = an_import_id()
    for task in (10, 2, 100, 1):
        stores.results.put_once(import_id, 1, replace(RESULT, task=task))

    listed = stores.results.list_results(import_id, 1, PhaseName.PROCESSING)

    assert [one.task for one in listed] == [1, 2, 10, 100]


@pytest.mark.parametrize(
    ("attempt", "phase"), [(2, PhaseName.PROCESSING), (1, PhaseName.CLEANUP), (11, PhaseName.PROCESSING)]
)
def test_attempts_and_phases_have_results_of_their_own(stores: Stores, attempt: int, phase: PhaseName) -> None:
    import_id = an_import_id()
    stores.results.put_once(import_id, 1, RESULT)

    assert stores.results.list_results(import_id, attempt, phase) == []
    assert stores.results.put_once(import_id, attempt, replace(RESULT, phase=phase))


def test_results_given_away_are_not_those_stored(stores: Stores) -> None:
    import_id = an_import_id()
    stores.results.put_once(import_id, 1, RESULT)

    stores.results.list_results(import_id, 1, PhaseName.PROCESSING)[0].problem_counts.clear()

    assert stores.results.list_results(import_id, 1, PhaseName.PROCESSING) == [RESULT]
