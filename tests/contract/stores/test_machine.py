"""What `Executions` promises: an attempt has one execution, and a stopped one no longer runs."""

from dataclasses import replace

import orjson

from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import
from chalicelib.model.stop_reasons import TIMED_OUT
from chalicelib.stores.interfaces import Executions, ExecutionStatus
from chalicelib.stores.memory import MemoryImportExecutions
from tests.contract.stores.builders import an_import
from tests.contract.stores.conftest import StoresUnderTest


def test_starting_twice_starts_one_execution(world: StoresUnderTest, tenant: TenantId) -> None:
    import_ = an_import(tenant, attempt=2)

    world.stores.import_executions.start(import_)
    world.stores.import_executions.start(import_)
    world.stores.import_executions.start(replace(import_, attempt=3))

    assert executions(world, import_.import_id) == [
        (f"{import_.import_id}-2", {**input_of(import_.import_id, tenant), "attempt": 2}, True),
        (f"{import_.import_id}-3", {**input_of(import_.import_id, tenant), "attempt": 3}, True),
    ]


def test_a_stopped_execution_no_longer_runs(world: StoresUnderTest, tenant: TenantId) -> None:
    import_ = an_import(tenant)
    world.stores.import_executions.start(import_)

    world.stores.import_executions.stop(import_, cause="canceled")
    world.stores.import_executions.stop(import_, cause="once more")

    assert [is_running for *_, is_running in executions(world, import_.import_id)] == [False]


def test_stopping_what_never_ran_is_no_error(world: StoresUnderTest, tenant: TenantId) -> None:
    import_ = an_import(tenant)

    world.stores.import_executions.stop(import_, cause="canceled")

    assert executions(world, import_.import_id) == []


def test_an_execution_is_found_with_its_status(world: StoresUnderTest, tenant: TenantId) -> None:
    executions_, import_ = world.stores.import_executions, an_import(tenant)
    assert executions_.find_status(import_) is None

    executions_.start(import_)
    assert executions_.find_status(import_) is ExecutionStatus.RUNNING
    executions_.stop(import_, cause="canceled")
    assert executions_.find_status(import_) is ExecutionStatus.ABORTED


def test_an_ending_is_started_once_for_each_time_at_which_the_import_is_due(
    world: StoresUnderTest, tenant: TenantId
) -> None:
    import_ = an_import(tenant, deadline_at=100)

    for one in (import_, import_, replace(import_, postponed_until=200)):
        world.stores.import_executions.start_ending(one, TIMED_OUT, is_dead=False)

    found = executions(world, import_.import_id)
    given = {
        **input_of(import_.import_id, tenant),
        "attempt": 1,
        "route": "finish",
        "stopped_by": {"code": "timed_out", "message": ""},
        "is_dead": False,
        "is_from_outside": True,
    }
    assert found == [(f"{import_.import_id}-1-end-{at}", given, True) for at in (100, 200)]
    assert world.stores.import_executions.find_status(import_) is None


def input_of(import_id: str, tenant: TenantId) -> dict[str, object]:
    return {"tenant_id": tenant, "import_id": import_id, "route": "plan"}


def executions(world: StoresUnderTest, import_id: str) -> list[tuple[str, dict[str, object], bool]]:
    """Name, input, and whether it runs."""
    if world.aws is None:
        return executions_in_memory(world.stores.import_executions)
    client = world.aws.session.client("stepfunctions")
    listed = client.list_executions(stateMachineArn=world.aws.resources.machine_arn)["executions"]
    found = [client.describe_execution(executionArn=one["executionArn"]) for one in listed]
    mine = [one for one in found if import_id in one["name"]]
    return sorted((one["name"], orjson.loads(one["input"]), one["status"] == "RUNNING") for one in mine)


def executions_in_memory(executions: Executions[Import]) -> list[tuple[str, dict[str, object], bool]]:
    assert isinstance(executions, MemoryImportExecutions)
    return [(one.name, one.given, one.stopped_by is None) for one in executions.executions.values()]
