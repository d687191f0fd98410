"""What a start finds in the state folder: the newest snapshot, put in place, and what came after it and is lost.

A process that was left over from a start before, such as an emulator that still saves its state because whoever started
it was killed, is waited for, and ended if it takes too long.
"""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from local.durable_files import link_tree, remove_in_background
from local.locks import is_locked
from local.snapshots import Snapshot, SnapshotFolder
from local.state_layout import StateLayout

LEFTOVER_S = 20.0
"""How long the emulator of an earlier start may take to save its state and end."""
TELL_EVERY_S = 2.0
LOOK_EVERY_S = 0.05

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What the state of this start is."""

    snapshot: Snapshot | None
    """None at the first start."""
    lost_s: float
    """From the snapshot to the last change that is not in it; 0 where nothing is lost."""

    def in_words(self) -> str:
        """Returns what a user should know of it, in one line; nothing after a stop in order."""
        if self.snapshot is None or self.snapshot.manifest.is_last:
            return ""
        saved = clock_time(self.snapshot.manifest.taken_at)
        until = clock_time(self.snapshot.manifest.taken_at + self.lost_s)
        lost = f"changes from {saved} to {until} are lost" if self.lost_s else "nothing is lost"
        return f"The last run did not end in order. Its state of {saved} is restored; {lost}.{self._going_on()}"

    def _going_on(self) -> str:
        running = self.snapshot.manifest.running if self.snapshot else []
        return f" What was running goes on: {', '.join(running)}." if running else ""


def clock_time(epoch_s: float) -> str:
    """Returns the time of day here, as 14:05:09."""
    return datetime.fromtimestamp(epoch_s).astimezone().strftime("%H:%M:%S")


def find_restorable(layout: StateLayout) -> Restored:
    """Returns what a start would begin with now."""
    snapshot = SnapshotFolder(layout.snapshots).find_newest()
    changed_at = layout.changed.stat().st_mtime if layout.changed.is_file() else 0.0
    return Restored(snapshot, max(0.0, changed_at - snapshot.manifest.taken_at) if snapshot else 0.0)


def restore(layout: StateLayout) -> Restored:
    """Puts the objects of the newest snapshot in place. Those that came after it are removed, since no table knows of
    them, and those that were deleted after it are there again.
    """
    found = find_restorable(layout)
    remove_in_background(layout.objects)
    if found.snapshot is not None:
        link_tree(found.snapshot.objects, layout.objects)
    return found


def end_leftover(layout: StateLayout, tell: Tell, within_s: float = LEFTOVER_S) -> None:
    """Waits until no emulator uses the folder; ends one, with its functions, that does so for too long."""
    since = told = time.monotonic()
    while is_locked(layout.emulator_lock):
        now = time.monotonic()
        if now - told >= TELL_EVERY_S:
            told = now
            tell(f"the emulator of the last run still saves its state, {now - since:.0f} s …")
        if now - since > within_s:
            kill_group(int(layout.emulator_lock.read_text() or 0))
            since = now
        time.sleep(LOOK_EVERY_S)


def kill_group(pid: int) -> None:
    """Kills a process that leads a group, and its group."""
    if pid > 1:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
