"""The stack itself, before anything is imported: it answers, its machine runs, its functions know their resources."""

import json
import time
import urllib.request

import pytest

from local.stack import Stack

pytestmark = pytest.mark.e2e


def test_the_front_serves_the_documented_paths_from_its_root(stack: Stack) -> None:
    with urllib.request.urlopen(f"{stack.base_url}/v1/health") as answer:
        body = json.load(answer)

    assert body == {"status": "ok"}


def test_an_execution_of_the_import_machine_runs_through(stack: Stack) -> None:
    machine = stack.outputs["MachineArn"]

    started = stack.aws.step_functions.start_execution(stateMachineArn=machine, input='{"import_id": "i1"}')

    assert wait_for_execution(stack, started["executionArn"]) == "SUCCEEDED"


def wait_for_execution(stack: Stack, arn: str) -> str:
    while (status := stack.aws.step_functions.describe_execution(executionArn=arn)["status"]) == "RUNNING":
        time.sleep(0.05)
    return status
