"""What runs as the emulator's process, by the emulator's own interpreter: the patches, saving, then the emulator.

Its arguments are the state folder and, if nothing is to be saved, a word for it. Reports go to standard output, a JSON
object a line. It stops on SIGTERM, and when its standard input ends, that is, when the process that started it is gone
for whatever reason: it saves its state and takes its functions along.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

from ministack import app as emulator_app
from ministack.core import lambda_runtime

from local.child_processes import SubprocessModule
from local.emulator_patches import patch_emulator
from local.emulator_running import begin_again, keep_executions
from local.emulator_saving import Report, Saver, with_saving
from local.locks import locked
from local.snapshots import SnapshotFolder
from local.state_layout import StateLayout


def main() -> None:
    """Runs the emulator until it is told to stop."""
    layout = StateLayout(Path(sys.argv.pop(1)))
    is_saved = not sys.argv[1:]
    del sys.argv[1:]  # the emulator reads what is there
    reports = os.dup(1)
    os.dup2(2, 1)  # what the emulator prints is log
    with locked(layout.emulator_lock, waits=True, text=str(os.getpid())):
        patch_emulator()
        keep_executions()
        lambda_runtime.subprocess = functions = SubprocessModule()
        snapshots = SnapshotFolder(layout.snapshots)
        saver = Saver(snapshots, layout.changed, lambda report: send_report(reports, report), is_saving=is_saved)
        run_saved(snapshots, saver, functions)


def run_saved(snapshots: SnapshotFolder, saver: Saver, functions: SubprocessModule) -> None:
    """Runs the emulator, and has its state saved."""
    newest = snapshots.find_newest()

    def begin() -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, lambda: save_and_end(saver, functions))
        threading.Thread(target=stop_with_parent, daemon=True).start()
        begin_again(newest.manifest.events if newest else [])
        tasks.append(loop.create_task(saver.run()))

    tasks: list[asyncio.Task[None]] = []
    emulator_app.app = with_saving(emulator_app.app, saver, begin)
    emulator_app.main()


def send_report(reports: int, report: Report) -> None:
    """Tells the process that started this one, if it is still there to hear it."""
    with suppress(OSError):
        os.write(reports, json.dumps(report).encode() + b"\n")


def save_and_end(saver: Saver, functions: SubprocessModule) -> None:
    """Ends this process with its functions. The emulator's own way waits for connections and saves what it can."""
    is_saved = False
    try:
        is_saved = saver.save_last()
    finally:
        functions.kill_all()
        os._exit(0 if is_saved else 1)


def stop_with_parent() -> None:
    """Waits until standard input ends, then stops this process."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
