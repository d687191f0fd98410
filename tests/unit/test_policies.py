"""What each function may do: a policy of its own, on named resources."""

import json
from typing import Any

import pytest

from app import app
from local.paths import ROOT

CHALICE = ROOT / ".chalice"
CONFIG = json.loads((CHALICE / "config.json").read_text())
FUNCTIONS: dict[str, dict[str, Any]] = CONFIG["lambda_functions"]


def test_every_function_of_the_app_is_configured() -> None:
    tasks = {function.name for function in app.pure_lambda_functions}
    events = {source.name for source in app.event_sources}

    assert set(FUNCTIONS) == {"api_handler"} | tasks | events


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_a_policy_of_its_own(name: str) -> None:
    assert FUNCTIONS[name]["iam_policy_file"] == f"policy-{name}.json"


@pytest.mark.parametrize("path", sorted(CHALICE.glob("policy-*.json")), ids=lambda path: path.stem)
def test_a_policy_names_its_actions_and_resources(path: Any) -> None:
    statements = json.loads(path.read_text())["Statement"]

    assert [s for s in statements if s["Resource"] == "*" or any(a.endswith("*") for a in s["Action"])] == []


@pytest.mark.parametrize("stage", CONFIG["stages"])
def test_no_stage_overrides_what_functions_say(stage: str) -> None:
    """Chalice lets a stage's policy silently beat a function's own."""
    assert set(CONFIG["stages"][stage]) <= {"lambda_architecture"}
