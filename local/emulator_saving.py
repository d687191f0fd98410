"""Saves the emulator's state while it runs: every few seconds while something changes, at each quiet moment, and at
the end. Runs inside the emulator's process, on the thread of its event loop.

A snapshot is that of one moment: the loop serves all requests to tables and objects, so between two of them the
objects are linked and the process is forked; the copy writes at leisure what it holds, while the emulator goes on. A
snapshot is not begun while the stack is being deployed, so that a restored stack is a whole one.
"""

import asyncio
import copy
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from ministack import app as emulator_app
from ministack.core import persistence, responses
from ministack.services import lambda_svc, s3

from local.child_processes import end_with_parent
from local.durable_files import checksum_of
from local.emulator_running import list_events, list_running
from local.snapshots import Manifest, SnapshotFolder

SAVE_EVERY_S = 5.0
"""From the beginning of a snapshot to that of the next, while something changes."""
QUIET_S = 1.0
"""So long nothing has changed: a quiet moment."""
LOOK_EVERY_S = 0.1
WRITE_S = 120
"""A copy that has not written by then is killed."""
READS = ("Get", "Query", "Scan", "BatchGet", "Describe", "List", "TransactGet")
"""Beginnings of the names of operations that change nothing."""

Report = Mapping[str, object]


class Saver:
    """Takes the snapshots of this process. What becomes of them is reported as `{"saved_at": epoch seconds, "seconds":
    what it took}` or `{"failed": why}`; `changed` is a file whose time is that of the last change. Takes none unless it
    `is_saving`."""

    def __init__(
        self, folder: SnapshotFolder, changed: Path, report: Callable[[Report], None], *, is_saving: bool = True
    ) -> None:
        self._folder = folder
        self._is_saving = is_saving
        self._objects = Path(s3.DATA_DIR)
        self._changed_file = changed
        self._report = report
        self._changed_at = self._begun_at = 0.0
        self._is_dirty = True
        self._running: list[str] = []
        self._copy: Copy | None = None
        self._cost_s = 0.0

    def note_change(self) -> None:
        """Has what was changed saved."""
        now = time.time()
        if not self._is_dirty or now - self._changed_at > LOOK_EVERY_S:
            touch(self._changed_file)
        self._is_dirty, self._changed_at = True, now

    async def run(self) -> None:
        """Saves without end."""
        while self._is_saving:
            if self._copy is None and self._is_due(time.time()):
                self._copy = self._begin(is_last=False)
            elif self._copy is not None and (is_written := self._copy.poll()) is not None:
                self._conclude(self._copy, is_written=is_written)
            await asyncio.sleep(LOOK_EVERY_S)

    def save_last(self) -> bool:
        """Saves what is not saved, and returns when that is done, and whether it was."""
        if self._copy is not None:
            self._copy.kill()
        if is_deploying() or not self._is_saving:
            return False
        written = self._begin(is_last=True)
        while written is not None:
            if (is_written := written.poll()) is not None:
                self._conclude(written, is_written=is_written)
                return is_written
            time.sleep(LOOK_EVERY_S / 10)
        return False

    def _is_due(self, now: float) -> bool:
        running = list_running()
        if not (self._is_dirty or running != self._running) or is_deploying():
            return False
        is_quiet = not running and now - self._changed_at >= QUIET_S and now - self._begun_at >= QUIET_S
        return is_quiet or now - self._begun_at >= max(SAVE_EVERY_S, self._cost_s * 1.5)

    def _begin(self, *, is_last: bool) -> "Copy | None":
        self._begun_at, self._is_dirty = time.time(), False
        self._running = list_running()
        manifest = Manifest(self._begun_at, is_last, self._running, list_events())
        try:
            write_objects_again()
            return Copy(self._folder, self._folder.begin(self._objects), manifest)
        except OSError as error:
            self._fail(str(error))
            return None

    def _conclude(self, written: "Copy", *, is_written: bool) -> None:
        self._copy, self._cost_s = None, time.time() - self._begun_at
        if is_written:
            self._report({"saved_at": self._begun_at, "seconds": round(self._cost_s, 2)})
        else:
            self._fail(written.why or "its writer was killed")

    def _fail(self, why: str) -> None:
        self._is_dirty = True
        self._report({"failed": why})


class Copy:
    """A copy of this process that writes what it holds as a snapshot, and ends."""

    def __init__(self, folder: SnapshotFolder, unfinished: Path, manifest: Manifest) -> None:
        self.why = ""
        self._reading, writing = os.pipe()
        parent = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            _write_and_end(folder, unfinished, manifest, (parent, writing))
        os.close(writing)

    def poll(self) -> bool | None:
        """Returns whether all was written, or None while it is being written."""
        pid, status = os.waitpid(self._pid, os.WNOHANG)
        if pid == 0:
            return None
        self.why = os.read(self._reading, 4096).decode()
        os.close(self._reading)
        return status == 0

    def kill(self) -> None:
        """Ends it at once."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._reading)


def _write_and_end(folder: SnapshotFolder, unfinished: Path, manifest: Manifest, ends: tuple[int, int]) -> NoReturn:
    """Runs in the copy, whose other threads are gone; locks that they held stay locked, so that there is an alarm."""
    parent, writing = ends
    status = 1
    try:
        end_with_parent()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        signal.alarm(WRITE_S)
        checksums = write_state(unfinished / "state")
        if os.getppid() != parent:
            raise OSError("the emulator has died")
        folder.finish(unfinished, replace(manifest, checksums=checksums))
        status = 0
        if not manifest.is_last:
            folder.prune()
    except BaseException as error:  # nothing may return into the loop
        os.write(writing, str(error).encode()[:4096])
    finally:
        os._exit(status)


def write_state(target: Path) -> dict[str, int]:
    """Writes a file of each service, as the emulator reads it, and returns their checksums. Nothing changes meanwhile,
    so nothing is copied before. Raises OSError, TypeError.
    """
    setattr(copy, "deepcopy", lambda value, *_: value)  # noqa: B010 -- mypy knows it as a function of one type
    lambda_svc.CODE_BLOB_DIR = str(target / "lambda-blobs")
    for name, get_state in emulator_app._build_persistence_save_dict().items():
        state = get_state()
        if state is not None:
            _write_service(target / f"{name}.json", name, state)
    return {str(path.relative_to(target)): checksum_of(path) for path in target.rglob("*") if path.is_file()}


def _write_service(path: Path, name: str, state: Any) -> None:
    """In one piece: the encoder that writes as it goes takes several times as long."""
    versioned = {"__ministack_format__": persistence._state_format_version(name), "payload": state}
    content = json.dumps(versioned, default=persistence._json_default)
    path.write_text(content)


def write_objects_again() -> None:
    """Writes the objects that the emulator holds in memory alone, since there was no room for them. Raises OSError."""
    for (account, bucket), content in list(s3._buckets._data.items()):
        for key, held in content["objects"].items():
            if held.get("body") is not None:
                responses.set_request_account_id(account)
                s3._persist_object(bucket, key, held)
                if held.get("body") is not None:
                    raise OSError(f"no room for {bucket}/{key}")


def is_deploying() -> bool:
    """Returns whether a stack is being made or changed."""
    cloudformation = sys.modules.get("ministack.services.cloudformation")
    stacks = list(cloudformation._stacks._data.values()) if cloudformation else []
    return any(str(stack.get("StackStatus")).endswith("_IN_PROGRESS") for stack in stacks)


def touch(path: Path) -> None:
    """Sets the file's time to now, if there is room for it."""
    with suppress(OSError):
        path.touch()


def is_change(scope: Mapping[str, Any]) -> bool:
    """Returns whether a request to the emulator may change what is stored. What an API's function changes, it changes
    by requests of its own.
    """
    if scope["method"] in {"GET", "HEAD", "OPTIONS"} or scope["path"].startswith(("/restapis/", "/_ministack/")):
        return False
    target = dict(scope["headers"]).get(b"x-amz-target", b"").decode().rpartition(".")[2]
    return not target.startswith(READS)


def with_saving(app: Callable[..., Awaitable[None]], saver: Saver, begin: Callable[[], None]) -> Any:
    """Returns the emulator's application, with what changes noted; `begin` is called when it has started."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        async def send_and_begin(message: Mapping[str, Any]) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                begin()

        if scope["type"] == "lifespan":
            await app(scope, receive, send_and_begin)
            return
        try:
            await app(scope, receive, send)
        finally:
            if scope["type"] == "http" and is_change(scope):
                saver.note_change()

    return application
