"""The AWS emulator as a child process on loopback.

In goes a folder for its state and a port; out comes a running emulator with the address of its endpoint. It ends on
leaving the `with` block, or when this process dies. Its temporary files lie in the state folder and go with it.
"""

import os
import shutil
import signal
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Self

from local.paths import EMULATOR_PYTHON, ROOT
from local.ports import LOOPBACK, find_port

REGION = "us-east-1"
KEY = "test"
"""Access key and secret of the emulator's root caller."""
START_S = 30
GRACE_S = 120
"""How long a stop may take: saving the state takes about a second for 10,000 records."""


class EmulatorFailed(Exception):
    """Raised if the emulator did not start; the message is the end of its log."""


class Emulator:
    """The process of the emulator. With `enforce_iam` a function may do only what its role's policies allow, and
    signatures are checked."""

    def __init__(self, state: Path, *, port: int = 0, enforce_iam: bool = False) -> None:
        self.state = state
        self.port = find_port(port)
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.log = state / "emulator.log"
        self._temporary = state / "tmp"
        self._environment = _environment(self, enforce_iam=enforce_iam)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Starts the process and waits until it answers. Raises EmulatorFailed."""
        self._clear_temporary()
        self._temporary.mkdir(parents=True)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [EMULATOR_PYTHON, "-m", "local.emulator_process"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; we end it in order
            )
        self._wait_until_ready()
        return self

    def stop(self) -> None:
        """Ends the process with SIGTERM, so that it saves its state; kills it if that takes longer than `GRACE_S`."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        self._clear_temporary()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def is_running(self) -> bool:
        """Returns whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.is_running():
            if self._is_ready():
                return
            time.sleep(0.03)
        self.stop()
        raise EmulatorFailed(self.log.read_text()[-3000:])

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=1):
                return True
        except OSError:
            return False

    def _clear_temporary(self) -> None:
        shutil.rmtree(self._temporary, ignore_errors=True)


def _environment(emulator: Emulator, *, enforce_iam: bool) -> dict[str, str]:
    """Returns the environment of the process, without the user's own AWS settings. Functions must be able to write
    bytecode, or they would compile at every cold start.
    """
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("AWS_") and k != "PYTHONDONTWRITEBYTECODE"}
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
        "S3_DATA_DIR": str(emulator.state / "s3"),
        "S3_PERSIST": "1",
        "SFTP_ENABLED": "0",
        "STATE_DIR": str(emulator.state / "state"),
        "TMPDIR": str(emulator.state / "tmp"),
    }
