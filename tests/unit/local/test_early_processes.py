"""Processes are asked for by the names that the stack gave its functions."""

from typing import Any, cast

from local.aws import Aws
from local.early_processes import OF_AN_IMPORT, physical_names
from local.functions import FUNCTIONS


class FakeCloudFormation:
    def describe_stack_resources(self, StackName: str) -> dict[str, Any]:  # noqa: N803 -- as AWS names it
        names = {"OnFile": f"{StackName}-OnFile-1", "PlanImport": f"{StackName}-PlanImport-2", "Reap": "other"}
        return {
            "StackResources": [
                {"LogicalResourceId": logical, "PhysicalResourceId": physical} for logical, physical in names.items()
            ]
        }


class FakeAws:
    cloudformation = FakeCloudFormation()


def test_functions_are_found_by_the_names_of_the_template() -> None:
    names = physical_names(cast(Aws, FakeAws()), ["PlanImport", "OnFile"])

    assert names == ["sluice-PlanImport-2", "sluice-OnFile-1"]


def test_the_functions_of_an_import_are_functions_of_the_stack() -> None:
    known = {function.name.replace("_", "") for function in FUNCTIONS}

    assert {name.lower() for name in OF_AN_IMPORT} <= known
