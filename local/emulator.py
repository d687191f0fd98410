"""The AWS emulator as a child process on loopback.

In goes a folder for its state and a port; out comes a running emulator with the address of its endpoint. It ends on
leaving the `with` block, or when this process dies, and its functions with it. Its temporary files lie in the state
folder and go with it. What it reports of its state, and that it has died or does not answer, is handed on at once.
"""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from local.durable_files import remove_in_background, remove_tree
from local.health_probe import ANSWER_S, HealthProbe
from local.paths import EMULATOR_PYTHON, ROOT
from local.ports import LOOPBACK, find_port
from local.process_memory import ending_of
from local.restore import TELL_EVERY_S, Restored, Tell, end_leftover, kill_group, restore
from local.state_layout import StateLayout

REGION = "us-east-1"
KEY = "test"
"""Access key and secret of the emulator's root caller."""
UNSAVED = "unsaved"
"""Tells the process to save nothing."""
START_S = 30
GRACE_S = 120
"""How long a stop may take: saving the state takes about a second for 10,000 records."""
HUNG_GRACE_S = 5
"""The same for one that does not answer."""
CLEAR_S = 2.0
"""How long a stop waits for its temporary files to go; the next start removes what is left."""
NOTICE_S = 1.0
"""How long after a broken connection the news of a death is waited for."""


class EmulatorFailed(Exception):
    """Raised if the emulator did not start; the message is the end of its log."""


class EmulatorDied(Exception):
    """Raised if the emulator has ended without being asked; the message says how."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears of a running emulator. Called on a thread of its own."""

    saved: Callable[[float], None] = lambda _saved_at: None
    """The state of this moment, in seconds of the epoch, is saved."""
    failed: Callable[[str], None] = lambda _why: None
    """The state could not be saved; it is tried again."""
    died: Callable[[str], None] = lambda _how: None
    """The process has ended without being asked."""
    silent: Callable[[float], None] = lambda _seconds: None
    """The process runs, but has not answered for so long."""
    answers: Callable[[], None] = lambda: None
    """It answers again."""
    tell: Tell = lambda _line: None
    """Something takes longer than two seconds."""


class Emulator:
    """The process of the emulator; `port` is the first to try, 0 for any. With `enforce_iam` a function may do only
    what its role's policies allow, and signatures are checked. Unless it `is_saved`, its state ends with it."""

    def __init__(
        self,
        state: Path,
        *,
        port: int = 0,
        enforce_iam: bool = False,
        is_saved: bool = True,
        listener: Listener | None = None,
    ) -> None:
        self.layout = StateLayout(state)
        self.port = port
        self.restored = Restored(None, 0)
        self._enforce_iam = enforce_iam
        self._words = [] if is_saved else [UNSAVED]
        self._listener = listener or Listener()
        self._process: subprocess.Popen[bytes] | None = None
        self._listening: threading.Thread | None = None
        self._is_serving = False
        self._probe = HealthProbe(
            find_url=lambda: self.url, silent=self._listener.silent, answers=self._listener.answers
        )

    def start(self) -> Self:
        """Starts the process on the newest saved state, and waits until it answers. Raises EmulatorFailed."""
        end_leftover(self.layout, self._listener.tell)
        self.port = find_port(self.port)
        self.restored = restore(self.layout)
        remove_in_background(self.layout.temporary)
        self.layout.temporary.mkdir(parents=True)
        with self.layout.log.open("wb") as log:
            self._process = subprocess.Popen(
                [EMULATOR_PYTHON, "-m", "local.emulator_process", str(self.layout.root), *self._words],
                cwd=ROOT,
                env=_environment(self, enforce_iam=self._enforce_iam),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; we end it in order
            )
        self._listening = threading.Thread(target=self._listen, args=(self._process,), daemon=True)
        self._listening.start()
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        self._is_serving = True
        self._probe.start()
        return self

    @property
    def url(self) -> str:
        """Returns the address of the endpoint of a started emulator."""
        return f"http://{LOOPBACK}:{self.port}"

    def stop(self) -> None:
        """Ends the process with SIGTERM, so that it saves its state; kills it if that takes longer than `GRACE_S`, or
        where it does not answer. What is left of its functions is killed.
        """
        if self._process is None:
            return
        self._is_serving = False
        self._probe.stop()
        process, self._process = self._process, None
        grace_s = GRACE_S if process.poll() is not None or self._probe.is_answered(ANSWER_S) else HUNG_GRACE_S
        process.send_signal(signal.SIGTERM)
        since = time.monotonic()
        while process.poll() is None and (waited := time.monotonic() - since) < grace_s:
            try:
                process.wait(TELL_EVERY_S)
            except subprocess.TimeoutExpired:
                self._listener.tell(f"still saving, {waited + TELL_EVERY_S:.0f} s …")
        kill_group(process.pid)
        process.wait()
        self._clear_temporary(CLEAR_S)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def is_running(self) -> bool:
        """Returns whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def wait_for_death(self) -> None:
        """Waits a second for the news that it has died, which may come after a connection is broken by it."""
        if self._listening is not None:
            self._listening.join(NOTICE_S)

    def _listen(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            report = json.loads(line)
            if "saved_at" in report:
                self._listener.saved(report["saved_at"])
            else:
                self._listener.failed(report["failed"])
        code = process.wait()
        self._probe.stop()
        if self._is_serving:
            self._listener.died(ending_of(code))

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.is_running():
            if self._probe.is_answered(within_s=1):
                return
            time.sleep(0.03)
        raise EmulatorFailed(self.layout.log.read_text()[-3000:])

    def _clear_temporary(self, within_s: float | None = None) -> None:
        remove_tree(self.layout.temporary, within_s)


def _environment(emulator: Emulator, *, enforce_iam: bool) -> dict[str, str]:
    """Returns the environment of the process, without the user's own AWS settings. Functions must be able to write
    bytecode, or they would compile at every cold start.
    """
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("AWS_") and k != "PYTHONDONTWRITEBYTECODE"}
    snapshot = emulator.restored.snapshot
    return inherited | {
        "AUTH": "true" if enforce_iam else "false",
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": emulator.url,
        "BIND_HOST": LOOPBACK,
        "DOCKER_HOST": "unix:///nonexistent.sock",
        "GATEWAY_PORT": str(emulator.port),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "MINISTACK_HOST": LOOPBACK,
        "PERSIST_STATE": "1",
        "S3_DATA_DIR": str(emulator.layout.objects),
        "S3_PERSIST": "1",
        "SFTP_ENABLED": "0",
        "STATE_DIR": str(snapshot.state if snapshot else emulator.layout.root / "no-state"),
        "TMPDIR": str(emulator.layout.temporary),
    }
