"""The emulator ends with the process that started it, saves what it holds, and leaves nothing behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local.aws import Aws
from local.emulator import Emulator
from local.paths import ROOT

pytestmark = pytest.mark.e2e

PARENT = """
import sys, time
from pathlib import Path
from local.emulator import Emulator
with Emulator(Path(sys.argv[1]), port=int(sys.argv[2])) as emulator:
    print(emulator.url, flush=True)
    time.sleep(600)
"""


def has_bucket(emulator: Emulator, name: str) -> bool:
    return name in [bucket["Name"] for bucket in Aws(emulator.url).s3.list_buckets()["Buckets"]]


def wait_until_free(state: Path) -> None:
    """The emulator's last act is to remove its pid file."""
    for _ in range(200):
        if not list((state / "tmp").glob("ministack-*.pid")):
            return
        time.sleep(0.1)
    raise AssertionError("the emulator outlived its parent")


def test_what_was_stored_survives_a_restart(tmp_path: Path) -> None:
    with Emulator(tmp_path) as emulator:
        Aws(emulator.url).s3.create_bucket(Bucket="kept")

    with Emulator(tmp_path) as emulator:
        assert has_bucket(emulator, "kept")


def test_a_stopped_emulator_leaves_no_temporary_files(tmp_path: Path) -> None:
    with Emulator(tmp_path) as emulator:
        assert emulator.is_running()

    assert not emulator.is_running()
    assert not (tmp_path / "tmp").exists()


def test_an_emulator_whose_parent_was_killed_saves_its_state_and_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path), "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        Aws(parent.stdout.readline().strip()).dynamodb.create_table(
            TableName="kept",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        parent.send_signal(signal.SIGKILL)

    wait_until_free(tmp_path)

    with Emulator(tmp_path) as emulator:
        assert Aws(emulator.url).dynamodb.list_tables()["TableNames"] == ["kept"]
