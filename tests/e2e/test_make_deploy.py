"""`make deploy` and `make destroy`, as README and the page print them, in a clean folder and into an emulator."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.aws import Aws
from local.emulator import Emulator
from local.paths import BUILD, ROOT
from local.template import LIVE
from sluice import Sluice
from tests.documented_commands import Block, blocks_of, paste

pytestmark = pytest.mark.e2e

PAGES = (ROOT / "README.md", ROOT / "docs" / "deploying.md")
FEW = "MaxConcurrency=2 RecordShards=2"
"""Tasks and shards as they suit the cores of this machine."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The files of a clone, with the environments and the wheels of this one."""
    folder = tmp_path / "clone"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    (folder / ".emulator").symlink_to(ROOT / ".emulator")
    (folder / "build").mkdir()
    (BUILD / "wheels").mkdir(parents=True, exist_ok=True)
    (folder / "build" / "wheels").symlink_to(BUILD / "wheels")
    return folder


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    with Emulator(tmp_path / "state", enforce_iam=True, is_saved=False) as running:
        yield running


def printed_commands() -> list[Block]:
    mark = f"run by {Path(__file__).relative_to(ROOT)}"
    return [block for page in PAGES for block in blocks_of(page) if block.mark.startswith(mark)]


class Shell:
    """A shell in which make finds the emulator, and tools that are there."""

    def __init__(self, project: Path, emulator: Emulator) -> None:
        self._project = project
        self._variables = {
            "PROJECT": str(project),
            "PYTHONPATH": str(ROOT / "client" / "src"),
            "ENDPOINT": emulator.url,
            "MAKEFLAGS": f"-- TO_RUN= RUN={sys.executable}",
        }

    def run(self, *lines: str, agrees: bool = True) -> "subprocess.CompletedProcess[str]":
        block = Block(Path(), "sh", "\n".join(lines) + "\n", "")
        variables = self._variables | ({"YES": "1"} if agrees else {})
        return paste([block], self._project, variables)


def test_a_clean_folder_becomes_a_stack_that_is_changed_and_taken_down(project: Path, emulator: Emulator) -> None:
    shell, commands = Shell(project, emulator), [block.text for block in printed_commands()]
    assert [text.split("\n")[0][:24] for text in commands] == [
        *("make deploy STAGE=prod", "make deploy STAGE=prod", 'echo \'{"RetentionDays": ', "make destroy STAGE=prod"),
    ]

    refused = shell.run(commands[0], agrees=False)
    deployed = succeeded(shell.run(f'export PARAMETERS="{FEW}"', commands[0]))

    assert (refused.returncode, "YES=1 agrees beforehand" in refused.stderr) == (2, True), refused.stderr
    assert "AWS::CloudWatch::Alarm" in deployed
    key = first_of(r"Key +(px_\S+)", deployed)

    (project / "chalicelib" / "errors.py").open("a").write("# another version\n")
    changed = succeeded(shell.run(commands[2]))
    repeated = succeeded(shell.run(commands[1]))

    assert "APIHandler" in changed
    assert "Key " not in changed
    assert parameters_of(emulator).items() >= {"RetentionDays": "200", "RecordShards": "2", "Stage": "prod"}.items()
    assert "nothing changes" in repeated
    for done in (deployed, changed, repeated):
        assert "exported them into a file, and found all of them in it" in done
    api = Sluice(first_of(r"Serving at (\S+)", repeated), key)
    assert api.ask("GET", "/v1/whoami")["organization_id"] == first_of(r"Tenant +(\S+)", deployed)

    check_what_is_refused(shell, emulator)
    check_parameters_alone(shell, emulator)
    kept = check_what_is_kept(shell, emulator, commands[3])

    succeeded(shell.run("export DATA=1", commands[3]))

    assert (tables_of(emulator), buckets_of(emulator)) == ([], kept)
    assert "There is no sluice" in shell.run(commands[3]).stdout


def check_what_is_refused(shell: Shell, emulator: Emulator) -> None:
    """A value that the template does not allow changes nothing."""
    before = live_versions(emulator)

    refused = shell.run('export PARAMETERS="RetentionDays=1"', "make deploy STAGE=prod")

    assert refused.returncode != 0
    assert "RetentionDays" in refused.stderr
    assert (parameters_of(emulator)["RetentionDays"], live_versions(emulator)) == ("200", before)


def check_parameters_alone(shell: Shell, emulator: Emulator) -> None:
    """A parameter that changes without any code reaches the versions that are called."""
    before = live_versions(emulator)

    succeeded(shell.run('export PARAMETERS="LogLevel=DEBUG"', "make deploy STAGE=prod"))

    after = live_versions(emulator)
    assert after.keys() == before.keys()
    assert {name: int(after[name]) - int(before[name]) for name in before} == dict.fromkeys(before, 1)
    client = Aws(emulator.url).client("lambda")
    live = [client.get_function_configuration(FunctionName=name, Qualifier=LIVE) for name in after]
    assert {one["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"] for one in live} == {"DEBUG"}


def check_what_is_kept(shell: Shell, emulator: Emulator, destroy: str) -> list[str]:
    """Without DATA=1 tables and bucket outlive their stack; the next stack of this name has a bucket of its own, and
    tells of the other. The emulator names the tables of both alike, and takes them over, which AWS does not. Returns
    the buckets that are kept.
    """
    tables, buckets = tables_of(emulator), buckets_of(emulator)

    gone = succeeded(shell.run(destroy))
    kept = tables_of(emulator), buckets_of(emulator)
    again = succeeded(shell.run(f'export PARAMETERS="{FEW}"', "make deploy STAGE=prod"))

    assert len(tables) == 3
    assert kept == (tables, buckets)
    assert [name for name in (*tables, *buckets) if name not in gone] == []
    assert "An earlier sluice has left its data" in again
    assert [name for name in buckets if name not in again] == []
    return buckets


def buckets_of(emulator: Emulator) -> list[str]:
    """Those of stacks, without that of packages."""
    listed = (one["Name"] for one in Aws(emulator.url).s3.list_buckets()["Buckets"])
    return [name for name in listed if not name.startswith("sluice-artifacts-")]


def tables_of(emulator: Emulator) -> list[str]:
    return sorted(Aws(emulator.url).dynamodb.list_tables()["TableNames"])


def live_versions(emulator: Emulator) -> dict[str, str]:
    """Which version of each function is called."""
    client = Aws(emulator.url).client("lambda")
    names = [one["FunctionName"] for one in client.list_functions()["Functions"]]
    return {name: client.get_alias(FunctionName=name, Name=LIVE)["FunctionVersion"] for name in names}


def succeeded(done: "subprocess.CompletedProcess[str]") -> str:
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def first_of(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, text
    return found[1]


def parameters_of(emulator: Emulator) -> dict[str, str]:
    [stack] = Aws(emulator.url).cloudformation.describe_stacks(StackName="sluice")["Stacks"]
    return {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}
