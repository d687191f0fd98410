"""The bundle is for the Python that runs it, whichever Python packages."""

import json
import sys

import pytest

from local.paths import ROOT
from local.wheels import AWS, find_python, runtime_of

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def test_an_interpreter_of_the_release_is_found() -> None:
    found = find_python(HERE)

    assert found is not None
    assert found.exists()


def test_an_interpreter_of_another_release_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PYTHON", sys.executable)

    assert find_python("3.1") is None


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_wheels_are_for_the_processor_that_the_stage_names(stage: str) -> None:
    stages = json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"]

    assert runtime_of(stage).platform == AWS
    assert {"arm64": "aarch64"}[stages[stage]["lambda_architecture"]] == AWS.architecture
