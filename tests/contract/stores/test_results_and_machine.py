"""What `TaskResults` and `Executions` promise."""

from dataclasses import replace

import orjson
import pytest

from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import, Stats
from chalicelib.model.phases import PhaseName
from chalicelib.model.stop_reasons import CANCELED
from chalicelib.model.task_results import TaskResult
from chalicelib.stores.interfaces import Executions, Stores
from chalicelib.stores.memory import MemoryImportExecutions
from tests.contract.stores.builders import an_import, an_import_id
from tests.contract.stores.conftest import World

RESULT = TaskResult(
    phase=PhaseName.PROCESSING,
    task=3,
    entered=10,
    left=2,
    stats=Stats(created=8, failed=2),
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


def test_starting_twice_starts_one_execution(world: World, tenant: TenantId) -> None:
    import_ = an_import(tenant, attempt=2)

    world.stores.import_executions.start(import_)
    world.stores.import_executions.start(import_)
    world.stores.import_executions.start(replace(import_, attempt=3))

    assert executions(world, import_.import_id) == [
        (f"{import_.import_id}-2", {**given(import_.import_id, tenant), "attempt": 2}, True),
        (f"{import_.import_id}-3", {**given(import_.import_id, tenant), "attempt": 3}, True),
    ]


def test_a_stopped_execution_no_longer_runs(world: World, tenant: TenantId) -> None:
    import_ = an_import(tenant)
    world.stores.import_executions.start(import_)

    world.stores.import_executions.stop(import_, cause="canceled")
    world.stores.import_executions.stop(import_, cause="once more")

    assert [is_running for *_, is_running in executions(world, import_.import_id)] == [False]


def test_stopping_what_never_ran_is_no_error(world: World, tenant: TenantId) -> None:
    import_ = an_import(tenant)

    world.stores.import_executions.stop(import_, cause="canceled")

    assert executions(world, import_.import_id) == []


def given(import_id: str, tenant: TenantId) -> dict[str, object]:
    return {"tenant_id": tenant, "import_id": import_id}


def executions(world: World, import_id: str) -> list[tuple[str, dict[str, object], bool]]:
    """Name, input, and whether it runs."""
    if world.aws is None:
        return earlier_import(world.stores.import_executions)
    client = world.aws.session.client("stepfunctions")
    listed = client.list_executions(stateMachineArn=world.aws.resources.machine_arn)["executions"]
    found = [client.describe_execution(executionArn=one["executionArn"]) for one in listed]
    mine = [one for one in found if import_id in one["name"]]
    return sorted((one["name"], orjson.loads(one["input"]), one["status"] == "RUNNING") for one in mine)


def earlier_import(executions: Executions[Import]) -> list[tuple[str, dict[str, object], bool]]:
    assert isinstance(executions, MemoryImportExecutions)
    return [
        (
            one.name,
            {"tenant_id": one.tenant_id, "import_id": one.import_id, "attempt": one.attempt},
            one.stopped_by is None,
        )
        for one in executions.executions.values()
    ]
