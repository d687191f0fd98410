"""Every line that is about an import says so, and whose it is; none tells what is in a row or what a file is called."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from local.paths import ROOT
from tests.contract.logs.__main__ import IDS

PRIVATE = re.compile(r"example\.com|12125550100|\bLee\b|people\.csv|late\.csv|unheard\.csv")
"""What rows and names of files have in the scenarios."""
KEYS = {"imp": "import_id", "exp": "export_id"}
OF_ONE_JOB = {
    "plan_import",
    "run_phases",
    "prevalidate",
    "run_batch_phase",
    "close_phase",
    "finish_import",
    "export_shard",
}
"""Functions whose every call is about one import or export."""

Line = dict[str, Any]


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.contract.logs"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"level"')]


def test_no_line_has_text_of_a_customer(lines: list[Line]) -> None:
    assert [line for line in lines if PRIVATE.search(json.dumps(line))] == []


def test_a_line_that_names_an_import_or_an_export_is_about_it_and_its_tenant(lines: list[Line]) -> None:
    naming = [(line, IDS.findall(str(line["message"]))) for line in lines]
    single = [(line, ids[0]) for line, ids in naming if len(ids) == 1]

    assert len(single) > 100
    assert [line for line, job_id in single if line.get(KEYS[job_id[:3]]) != job_id] == []
    assert [line for line, _ in single if "tenant_id" not in line] == []


def test_every_line_of_a_function_that_works_on_one_job_is_about_it(lines: list[Line]) -> None:
    working = [line for line in lines if line["function_name"] in OF_ONE_JOB]

    assert {line["function_name"] for line in working} >= {"run_phases", "finish_import", "export_shard"}
    assert [
        line for line in working if not ("tenant_id" in line and ("import_id" in line or "export_id" in line))
    ] == []


def test_lines_of_the_core_itself_are_among_them(lines: list[Line]) -> None:
    """Else the tests above would say nothing about them."""
    own = [line for line in lines if " calls " not in str(line["message"])]

    assert [("import_id" in line, line["message"]) for line in own] == [
        (True, "a file that came after its import was deleted")
    ]
