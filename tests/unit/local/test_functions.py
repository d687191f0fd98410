"""Every function of the app is configured, and what Chalice reads follows from the table."""

import json
from pathlib import Path

import pytest

from app import app
from local.functions import FUNCTIONS, LambdaFunction, write_chalice_files
from local.paths import ROOT
from local.policies import policy_of

CONFIG = json.loads((ROOT / ".chalice" / "config.json").read_text())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / ".chalice"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(CONFIG))
    return tmp_path


def test_every_function_of_the_app_is_configured() -> None:
    tasks = {function.name for function in app.pure_lambda_functions}
    events = {source.name for source in app.event_sources}

    assert {function.name for function in FUNCTIONS} == {"api_handler"} | tasks | events


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.name)
def test_a_function_is_granted_nothing_twice(function: LambdaFunction) -> None:
    assert len(set(function.grants)) == len(function.grants)


def test_the_configuration_names_each_function_with_its_memory_time_and_policy(project: Path) -> None:
    write_chalice_files(project)

    config = json.loads((project / ".chalice" / "config.json").read_text())
    assert config["app_name"] == "sluice"
    assert config["lambda_functions"].keys() == {function.name for function in FUNCTIONS}
    assert config["lambda_functions"]["api_handler"] == {
        "iam_policy_file": "policy-api_handler.json",
        "lambda_memory_size": 1024,
        "lambda_timeout": 29,
    }


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.name)
def test_a_function_has_a_policy_of_its_own(project: Path, function: LambdaFunction) -> None:
    write_chalice_files(project)

    written = json.loads((project / ".chalice" / f"policy-{function.name}.json").read_text())
    assert written == policy_of(function.grants)


@pytest.mark.parametrize("stage", CONFIG["stages"])
def test_no_stage_overrides_what_functions_say(stage: str) -> None:
    """Chalice lets a stage's policy silently beat a function's own."""
    assert set(CONFIG["stages"][stage]) <= {"lambda_architecture"}
