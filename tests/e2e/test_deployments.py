"""A deployment in the middle of an import: what has begun ends with the code that it began with, what begins then has
the new code, and a deployment of the older code leads back.

Two versions of the package can be told apart by what their functions write: prevalidation writes names, the end of an
import the errors file. `make soak` deploys during an import of 60,000 rows, `make test` during a small one, whose first
gate is kept from running for so long.
"""

import json
import os
import re
import shutil
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.aws import Aws
from local.deploy import STACK, deploy
from local.deploying.parameters import DEPLOYMENT
from local.package import Package, make_package
from local.stack import Stack, running_stack
from local.template import LOCAL_STAGE
from tests.e2e.conftest import WISHES
from tests.e2e.packagex_client import FINAL, JSON, PackageXClient, counted
from tests.e2e.sources import customers_csv
from tests.e2e.stack_internals import StackInternals
from tests.e2e.tenants import Tenants

pytestmark = pytest.mark.e2e

IS_SOAK = "SOAK" in os.environ
ROWS = 60_000 if IS_SOAK else 1_000
LONG_S = 3600
OPTIONS = replace(WISHES, limits={**WISHES.limits, "batch_rows": 4_000, "split_bytes": 600_000}) if IS_SOAK else WISHES
BAD_EVERY = 500
"""Of so many rows one has no good address."""
LATER_ROWS = 500

FIRST, SECOND = "'email' must be a valid email address", "'email' is written wrongly"
EDITS = {
    "chalicelib/schema/types/columnar.py": (
        'return [text or None for text in texts] if "" in texts else texts',
        'return [f"{text} II" if text else None for text in texts]',
    ),
    "chalicelib/model/problem_codes.py": ("'{field}' must be a valid email address", "'{field}' is written wrongly"),
}
"""By module, what the second version of the package has in place of something."""


def test_what_has_begun_keeps_its_code_and_what_begins_then_has_the_new_one(tmp_path: Path) -> None:
    first = make_package(LOCAL_STAGE)
    second = another_version(first, tmp_path / "second")
    with running_stack(tmp_path / "state", OPTIONS) as stack:
        client, versions = Tenants(StackInternals(stack)).client(), Versions(stack)

        with nullcontext() if IS_SOAK else versions.held_back("ClosePhase"):
            begun = client.upload(source(1, ROWS))
            client.wait_until(begun, has_begun)
            took_s = versions.deploy(second)
            in_the_middle = client.show(begun)
        ended, later = end_of(client, begun), client.run(source(ROWS + 1, ROWS + LATER_ROWS))
        called = [versions.called_by(one["id"]) for one in (ended, later)]
        kept = versions.published("PlanImport")
        versions.deploy(first)
        last = client.run(source(ROWS + LATER_ROWS + 1, ROWS + 2 * LATER_ROWS))

        print(f"\nthe deployment took {took_s:.0f} s; then {in_the_middle['progress']}")
        assert in_the_middle["status"] == "processing"
        assert called == [{"1"}, {"2"}]
        assert versions.called_by(last["id"]) == {"3"}
        assert (kept, versions.published("PlanImport")) == (["1", "2"], ["3"])
        for import_, rows in ((ended, ROWS), (later, LATER_ROWS), (last, LATER_ROWS)):
            bad = rows // BAD_EVERY
            assert counted(import_) == {"total": rows, "created": rows - bad, "failed": bad}
        assert [messages_of(client, one) for one in (ended, later, last)] == [{FIRST}, {SECOND}, {FIRST}]
        names = [one["name"] for one in client.records()]
        assert len(names) == (ROWS + 2 * LATER_ROWS) * (BAD_EVERY - 1) // BAD_EVERY
        assert {number_of(name) for name in names if name.endswith(" II")} == good(ROWS + 1, ROWS + LATER_ROWS)


def another_version(package: Package, folder: Path) -> Package:
    """A copy of the package whose functions write something else."""
    shutil.copytree(package.folder, folder)
    second = Package(folder, f"{package.fingerprint[:-6]}second")
    compiled = {f"{Path(name).parent}/__pycache__/{Path(name).stem}." for name in EDITS}
    with zipfile.ZipFile(package.bundle) as given, zipfile.ZipFile(second.bundle, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in given.infolist():
            if any(entry.filename.startswith(one) for one in compiled):
                continue
            content = given.read(entry)
            if edit := EDITS.get(entry.filename):
                before, after = (one.encode() for one in edit)
                assert content.count(before) == 1
                content = content.replace(before, after)
            made.writestr(entry, content)
    return second


def has_begun(shown: JSON) -> bool:
    """Whether tasks of the import are at work; of one that nobody keeps from going on, whether it has come far."""
    return shown["status"] == "processing" and (not IS_SOAK or (shown["progress"] or {}).get("percent", 0) >= 20)


def end_of(client: PackageXClient, import_id: str) -> JSON:
    """The import as it has ended, however many rows it has."""
    deadline = time.monotonic() + LONG_S
    while (shown := client.show(import_id))["status"] not in FINAL:
        assert time.monotonic() < deadline, shown
        time.sleep(1)
    return shown


def source(first: int, last: int) -> bytes:
    """People, some of whom have no good address."""
    header, *lines = customers_csv(first, last).decode().split("\n")
    spoilt = (line if number % BAD_EVERY else line.replace("@", " at ") for number, line in enumerate(lines, first))
    return "\n".join([header, *spoilt]).encode()


def good(first: int, last: int) -> set[int]:
    return {number for number in range(first, last + 1) if number % BAD_EVERY}


def number_of(name: str) -> int:
    return int(name.removesuffix(" II").removeprefix("Person "))


def messages_of(client: PackageXClient, import_: JSON) -> set[str]:
    """What the errors file says of bad addresses, in front of the value."""
    return {row["_problems"][0]["message"].split(",")[0] for row in client.rejected(import_["id"])}


class Versions:
    """The versions of the functions of a running stack, and what deploys others."""

    def __init__(self, stack: Stack) -> None:
        self._stack, self._aws = stack, Aws(stack.aws.url)
        [described] = self._aws.cloudformation.describe_stacks(StackName=STACK)["Stacks"]
        given = {one["ParameterKey"]: one["ParameterValue"] for one in described["Parameters"]}
        self._parameters = {name: value for name, value in given.items() if name != DEPLOYMENT}
        self._functions: Any = self._aws.client("lambda")

    def deploy(self, package: Package) -> float:
        """Deploys a package with the same parameters; returns how many seconds it took."""
        since = time.monotonic()
        deploy(self._aws, package, self._parameters)
        return time.monotonic() - since

    @contextmanager
    def held_back(self, function: str) -> Iterator[None]:
        """Lets no call of a function through for as long as the block lasts: machines try again."""
        name = self._name_of(function)
        self._functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
        try:
            yield
        finally:
            self._functions.delete_function_concurrency(FunctionName=name)

    def called_by(self, import_id: str) -> set[str]:
        """The versions that the execution of an import calls."""
        arn = self._stack.outputs["MachineArn"].replace(":stateMachine:", ":execution:")
        began = self._aws.step_functions.describe_state_machine_for_execution(executionArn=f"{arn}:{import_id}-1")
        return set(re.findall(r":function:[^:\"]+:(\w+)", json.dumps(json.loads(began["definition"]))))

    def published(self, function: str) -> list[str]:
        """The versions of a function that are there."""
        listed = self._functions.list_versions_by_function(FunctionName=self._name_of(function))["Versions"]
        return [one["Version"] for one in listed if one["Version"] != "$LATEST"]

    def _name_of(self, function: str) -> str:
        found = self._aws.cloudformation.describe_stack_resource(StackName=STACK, LogicalResourceId=function)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])
