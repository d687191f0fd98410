"""A start begins with the newest snapshot, says what is lost, and waits for what is left of the last one."""

import subprocess
import sys
from pathlib import Path

import pytest

from local.paths import ROOT
from local.restore import Restored, clock_time, end_leftover, restore
from local.snapshots import Manifest, Snapshot, SnapshotFolder
from local.state_layout import StateLayout

HOLD = """
import os, sys, time
from pathlib import Path
from local.locks import locked
with locked(Path(sys.argv[1]), waits=True, text=str(os.getpid())):
    print("locked", flush=True)
    time.sleep(float(sys.argv[2]))
"""
NOON = 1_700_000_000.0


@pytest.fixture
def layout(tmp_path: Path) -> StateLayout:
    (tmp_path / "s3").mkdir()
    return StateLayout(tmp_path)


def restored(*, is_last: bool, lost_s: float, running: list[str] | None = None) -> str:
    manifest = Manifest(NOON, is_last, running or [])
    return Restored(Snapshot(Path("none"), manifest), lost_s).in_words()


def hold(layout: StateLayout, seconds: float) -> "subprocess.Popen[str]":
    """A process of its own group that holds the emulator's lock."""
    command = [sys.executable, "-c", HOLD, str(layout.emulator_lock), str(seconds)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    return process


def test_objects_become_those_of_the_snapshot(layout: StateLayout) -> None:
    folder = SnapshotFolder(layout.snapshots)
    (layout.objects / "kept").write_text("kept")
    folder.finish(folder.begin(layout.objects), Manifest(NOON, is_last=False))
    (layout.objects / "kept").unlink()
    (layout.objects / "later").write_text("later")

    found = restore(layout)

    assert found.snapshot is not None
    assert [path.name for path in layout.objects.iterdir()] == ["kept"]


def test_what_changed_after_the_snapshot_is_lost(layout: StateLayout) -> None:
    folder = SnapshotFolder(layout.snapshots)
    folder.finish(folder.begin(layout.objects), Manifest(NOON, is_last=False))
    layout.changed.touch()
    later = layout.changed.stat().st_mtime

    assert restore(layout).lost_s == pytest.approx(later - NOON)


def test_without_a_snapshot_nothing_is_restored(layout: StateLayout) -> None:
    (layout.objects / "of nobody").write_text("x")

    assert restore(layout) == Restored(None, 0)
    assert not layout.objects.exists()


def test_nothing_is_said_of_a_start_after_a_stop_in_order_or_of_the_first() -> None:
    assert restored(is_last=True, lost_s=0) == ""
    assert Restored(None, 0).in_words() == ""


def test_what_is_lost_and_what_goes_on_is_said() -> None:
    text = restored(is_last=False, lost_s=4, running=["imp_1-1"])

    assert text == (
        f"The last run did not end in order. Its state of {clock_time(NOON)} is restored; changes from "
        f"{clock_time(NOON)} to {clock_time(NOON + 4)} are lost. What was running goes on: imp_1-1."
    )


def test_that_nothing_is_lost_is_said() -> None:
    assert restored(is_last=False, lost_s=0).endswith("is restored; nothing is lost.")


def test_an_emulator_that_still_saves_is_waited_for(layout: StateLayout) -> None:
    told: list[str] = []
    with hold(layout, 2.5) as holder:
        end_leftover(layout, told.append)

        assert holder.wait() == 0
    assert told[0].startswith("the emulator of the last run still saves its state, 2 s")


def test_an_emulator_that_hangs_is_ended(layout: StateLayout) -> None:
    with hold(layout, 600) as holder:
        end_leftover(layout, lambda _line: None, within_s=0.1)

        assert holder.wait() < 0


def test_without_an_emulator_nothing_is_waited_for(layout: StateLayout) -> None:
    end_leftover(layout, pytest.fail)
