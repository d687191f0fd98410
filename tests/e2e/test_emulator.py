"""The emulator ends with the process that started it, saves what it holds, and leaves nothing behind."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from queue import Queue

import pytest

from local.aws import Aws
from local.emulator import Emulator, Listener
from local.paths import ROOT
from local.restore import find_restorable

pytestmark = pytest.mark.e2e

LONG_S = 60
NOTICED_S = 10
"""A second until it is asked, five until it has not answered, and the machine is busy."""
STOPPED_S = 15

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


def create_table(url: str) -> None:
    Aws(url).dynamodb.create_table(
        TableName="kept",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )


def put_object(url: str, key: str, content: bytes) -> None:
    Aws(url).s3.put_object(Bucket="kept", Key=key, Body=content)


def objects_of(url: str) -> dict[str, bytes]:
    s3 = Aws(url).s3
    keys = [found["Key"] for found in s3.list_objects_v2(Bucket="kept").get("Contents", [])]
    return {key: s3.get_object(Bucket="kept", Key=key)["Body"].read() for key in keys}


class Reports:
    """Hears what an emulator reports."""

    def __init__(self) -> None:
        self.failed: Queue[str] = Queue()
        self.died: Queue[str] = Queue()
        self.silent: Queue[float] = Queue()
        self.answers: Queue[bool] = Queue()
        self.listener = Listener(
            lambda saved_at: None, self.failed.put, self.died.put, self.silent.put, lambda: self.answers.put(True)
        )


def wait_until_saved(emulator: Emulator) -> None:
    """Waits until a snapshot holds all that has changed."""
    time.sleep(0.2)  # a change is noted after its answer
    deadline = time.monotonic() + LONG_S
    while (found := find_restorable(emulator.layout)).snapshot is None or found.lost_s > 0:
        assert time.monotonic() < deadline, "nothing is saved"
        time.sleep(0.05)


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
        create_table(parent.stdout.readline().strip())
        parent.send_signal(signal.SIGKILL)

    with Emulator(tmp_path) as emulator:
        assert Aws(emulator.url).dynamodb.list_tables()["TableNames"] == ["kept"]
        assert emulator.restored.in_words() == ""


def test_an_emulator_that_is_killed_has_saved_tables_and_objects_of_one_moment(tmp_path: Path) -> None:
    reports = Reports()
    with Emulator(tmp_path, listener=reports.listener) as emulator:
        s3 = Aws(emulator.url).s3
        s3.create_bucket(Bucket="kept")
        s3.put_object(Bucket="kept", Key="replaced", Body=b"before")
        create_table(emulator.url)
        wait_until_saved(emulator)
        s3.put_object(Bucket="kept", Key="replaced", Body=b"after")
        s3.put_object(Bucket="kept", Key="new", Body=b"after")
        os.kill(process_of(emulator), signal.SIGKILL)
        assert reports.died.get(timeout=LONG_S) == "signal: killed"

    with Emulator(tmp_path) as emulator:
        assert Aws(emulator.url).dynamodb.list_tables()["TableNames"] == ["kept"]
        assert objects_of(emulator.url) == {"replaced": b"before"}
        assert "are lost." in emulator.restored.in_words()


def test_an_emulator_that_hangs_is_noticed_within_seconds_and_that_it_goes_on(tmp_path: Path) -> None:
    reports = Reports()
    with Emulator(tmp_path, listener=reports.listener) as emulator:
        os.kill(process_of(emulator), signal.SIGSTOP)
        since = time.monotonic()

        assert reports.silent.get(timeout=LONG_S) >= 5
        assert time.monotonic() - since <= NOTICED_S
        os.kill(process_of(emulator), signal.SIGCONT)
        assert reports.answers.get(timeout=LONG_S)


def test_an_emulator_that_hangs_can_be_stopped(tmp_path: Path) -> None:
    emulator = Emulator(tmp_path).start()
    os.kill(process_of(emulator), signal.SIGSTOP)
    since = time.monotonic()

    emulator.stop()

    assert not emulator.is_running()
    assert time.monotonic() - since <= STOPPED_S


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are set by Linux")
def test_a_disk_without_room_is_told_and_what_was_saved_stays_until_there_is_room(tmp_path: Path) -> None:
    reports = Reports()
    with Emulator(tmp_path, listener=reports.listener) as emulator:
        Aws(emulator.url).s3.create_bucket(Bucket="kept")
        create_table(emulator.url)
        wait_until_saved(emulator)
        before = find_restorable(emulator.layout).snapshot
        limits = resource.prlimit(process_of(emulator), resource.RLIMIT_FSIZE, (400, resource.RLIM_INFINITY))
        put_object(emulator.url, "large", b"x" * 1000)

        assert "no room for kept/large" in reports.failed.get(timeout=LONG_S)
        assert find_restorable(emulator.layout).snapshot == before
        resource.prlimit(process_of(emulator), resource.RLIMIT_FSIZE, limits)
        wait_until_saved(emulator)

    with Emulator(tmp_path) as emulator:
        assert objects_of(emulator.url) == {"large": b"x" * 1000}


def process_of(emulator: Emulator) -> int:
    """The emulator's process, as its lock names it."""
    return int(emulator.layout.emulator_lock.read_text())
