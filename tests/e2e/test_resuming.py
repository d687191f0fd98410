"""A process is killed while it sends a file in parts: another one sends what is missing, and the import goes on."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.paths import ROOT
from local.stack import Stack
from tests.e2e.packagex_client import PackageXClient
from tests.faulty_proxy import DROPPED, PASSED, FaultyProxy

pytestmark = pytest.mark.e2e

PROGRAM = """
import sys
from sluice import Sluice
from sluice.cli.app import App
from sluice.cli.main import run

raise SystemExit(run(sys.argv[1:], App(connect=lambda _: Sluice(parts_from_bytes=1))))
"""
"""The command line, which sends every file in parts."""
ROWS, ROW_BYTES, PARTS = 400, 100_000, 3
BEFORE_PARTS = 4
"""Requests: the resource, the import, the import again, and the URLs of its parts."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Three parts of a file, most of which is a column that feeds no field."""
    path = tmp_path / "large.csv"
    with path.open("w") as stream:
        stream.write("name,email,padding\n")
        stream.writelines(f"Person {n},p{n}@example.com,{n:0{ROW_BYTES}}\n" for n in range(ROWS))
    return path


def begun(client: PackageXClient, proxy: FaultyProxy, *arguments: str) -> "subprocess.Popen[str]":
    environment = os.environ | {
        "SLUICE_URL": proxy.url,
        "SLUICE_KEY": client.key or "",
        "PYTHONPATH": str(ROOT / "client" / "src"),
    }
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments], env=environment, stderr=subprocess.PIPE, text=True
    )


def sent_parts(proxy: FaultyProxy) -> list[int]:
    numbers = (re.search(r"partNumber=(\d+)", path) for path in proxy.asked)
    return sorted(int(found[1]) for found in numbers if found)


def until_killed(passing: int, kill: Callable[[], None]) -> Iterator[str]:
    """Lets so many requests pass, and ends the process that sends them with the next one."""
    yield from [PASSED] * passing
    kill()
    while True:
        yield DROPPED


def test_another_process_sends_only_what_is_missing(stack: Stack, client: PackageXClient, file: Path) -> None:
    processes: list[subprocess.Popen[str]] = []
    faults = until_killed(BEFORE_PARTS + 1, lambda: processes[0].send_signal(signal.SIGKILL))
    with FaultyProxy(stack.base_url, stack.aws.url, faults) as first:
        processes.append(begun(client, first, "import", str(file), "-r", "contacts", "--yes"))
        assert processes[0].wait() == -signal.SIGKILL
    [waiting] = client.get("/v1/imports").data
    assert waiting["status"] == "requested"

    with FaultyProxy(stack.base_url, stack.aws.url, ()) as second:
        resumed = begun(client, second, "imports", "send", waiting["id"], str(file))
        _, talk = resumed.communicate()

    assert resumed.returncode == 0, talk
    assert 0 < len(sent_parts(second)) < PARTS
    assert {*sent_parts(first), *sent_parts(second)} == {*range(1, PARTS + 1)}
    held = client.get(f"/v1/imports/{waiting['id']}").data
    source = client.get(f"/v1/imports/{waiting['id']}/source").data
    assert (held["held"], source["rows"][0][:2]) == (True, ["Person 0", "p0@example.com"])
    client.request("POST", f"/v1/imports/{waiting['id']}", {"status": "canceled"})
