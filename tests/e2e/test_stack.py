"""The stack itself, before anything is imported: it answers, and its machine hears what went wrong by name."""

import json
import time
import urllib.request

import pytest

from local.stack import Stack

pytestmark = pytest.mark.e2e


def test_the_proxy_serves_the_documented_paths_from_its_root(stack: Stack) -> None:
    with urllib.request.urlopen(f"{stack.base_url}/v1/health") as answer:
        body = json.load(answer)

    assert body == {"status": "ok"}


def test_an_error_reaches_the_machine_under_its_own_name(stack: Stack) -> None:
    """Retry compares names: were every exception called alike, none would be retried."""
    nobody = {"tenant_id": "6f1c2a4e-0000-4000-8000-000000000009", "import_id": f"imp_{'a' * 26}", "attempt": 1}
    machine = stack.outputs["MachineArn"]

    started = stack.aws.step_functions.start_execution(stateMachineArn=machine, input=json.dumps(nobody))

    assert get_end(stack, started["executionArn"]) == ("FAILED", "Fatal")


def get_end(stack: Stack, arn: str) -> tuple[str, str | None]:
    """Status and error of an execution, once it has ended."""
    while (execution := stack.aws.step_functions.describe_execution(executionArn=arn))["status"] == "RUNNING":
        time.sleep(0.05)
    return execution["status"], execution.get("error")
