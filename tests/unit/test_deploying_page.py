"""The snippets of docs/deploying.md that no test runs: they can be read by their languages, and name what is there."""

import ast
import re

import yaml

from local.paths import ROOT
from tests.template import read_template

PAGE = (ROOT / "docs" / "deploying.md").read_text()
PARAMETERS = set(read_template()["Parameters"])
CAPABILITIES = {"CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)


def test_the_snippet_for_cdk_is_python_and_names_parameters_of_the_template() -> None:
    [snippet] = blocks("python")

    [call] = [node for node in ast.walk(ast.parse(snippet)) if isinstance(node, ast.Call)]
    [given] = [one.value for one in call.keywords if one.arg == "parameters"]
    assert isinstance(given, ast.Dict)
    assert {one.value for one in given.keys if isinstance(one, ast.Constant)} <= PARAMETERS


def test_the_snippet_for_terraform_is_closed_and_names_parameters_of_the_template() -> None:
    [snippet] = blocks("hcl")

    assert [snippet.count(one) for one in "{["] == [snippet.count(one) for one in "}]"]
    assert snippet.startswith('resource "aws_cloudformation_stack"')
    [given] = re.findall(r"parameters\s*= \{(.*?)\}", snippet)
    assert set(re.findall(r"(\w+) =", given)) <= PARAMETERS
    assert all(one in snippet for one in CAPABILITIES)


def test_the_job_of_continuous_integration_is_yaml_and_asks_nobody() -> None:
    [snippet] = blocks("yaml")

    job = yaml.safe_load(snippet)
    assert job["permissions"]["id-token"] == "write"
    assert job["steps"][-1]["run"].startswith("make deploy STAGE=prod YES=1")


def test_every_parameter_of_the_template_is_explained_with_its_default() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (\S+) \|", PAGE, flags=re.MULTILINE))
    wanted = {
        name: f"`{one['Default']}`" if str(one["Default"]) else "–"
        for name, one in read_template()["Parameters"].items()
        if name not in {"Stage", "LocalWebhooks"}
    }

    assert told.items() >= wanted.items()
