"""The requests to paste are complete, fit a narrow screen, and are right for every resource."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from chalicelib.model.catalogue import RESOURCES
from local.curl_commands import Requests, each_request, example_row
from tests.import_world import ImportWorld

VARIABLES = Path(".sluice/keys.env")
GIVEN = {"SLUICE", "TENANT", "PX_KEY", "CLIENT_ID", "CLIENT_SECRET", "S3", "BUCKET"}
WIDTH = 80


@pytest.fixture
def commands() -> list[str]:
    return list(each_request(Requests(VARIABLES, RESOURCES["customers"], Path("my files/people.csv"))))


def test_every_variable_is_given_or_captured_before_it_is_used(commands: list[str]) -> None:
    known = set(GIVEN)
    for command in commands:
        text = re.sub(r"^#.*$", "", command, flags=re.MULTILINE)
        captured = set(re.findall(r"^(\w+)=\$\(", text, flags=re.MULTILINE))
        assert set(re.findall(r"\$\{?(\w+)", text)) <= known, command
        known |= captured


def test_they_begin_with_the_variables_and_name_the_file(commands: list[str]) -> None:
    assert commands[0].endswith(". .sluice/keys.env")
    assert any("drop 'my files/people.csv' customers merge" in one for one in commands)


@pytest.mark.parametrize("resource", RESOURCES)
def test_they_are_shell_and_fit_a_narrow_screen(resource: str) -> None:
    text = "\n".join(each_request(Requests(VARIABLES, RESOURCES[resource], Path("samples/customers.csv"))))

    subprocess.run(["bash", "-n"], input=text, text=True, check=True)
    assert [line for line in text.splitlines() if len(line) > WIDTH] == []


@pytest.mark.parametrize("name", RESOURCES)
def test_the_example_row_of_every_resource_creates_a_record(name: str) -> None:
    content = json.dumps([example_row(RESOURCES[name])])

    assert ImportWorld().run(content, resource=name).stats.created == 1
