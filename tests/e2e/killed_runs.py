"""`make run` as a process with its own state folder, to be killed at any moment; and what must hold afterwards.

A run imports people who all differ, so that the records must be as many as the file has rows, and the imports together
must have created as many, however often a start imports the file again.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from local.keys import demo_key
from local.paths import ROOT
from local.restore import find_restorable
from local.stack import StackOptions, running_stack
from local.state_layout import StateLayout
from tests.e2e.packagex_client import JSON, PackageXClient
from tests.e2e.sources import customers_csv

LONG_S = 240
"""For whatever is waited for, on slow machines."""
PORT = 18_080


class Run:
    """A run of `make run` on a state folder; its output is read as it comes."""

    def __init__(self, state: Path, rows: int) -> None:
        self.layout = StateLayout(state)
        source = state.parent / f"{rows}.csv"
        source.write_bytes(customers_csv(1, rows))
        command = [sys.executable, "-u", "-m", "local.run", "--state", str(state), "--port", str(PORT)]
        self._process = subprocess.Popen(
            [*command, "--file", str(source)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        wait_until(lambda: not processes_of(self.layout.root), "the end of the run's processes")

    @property
    def output(self) -> str:
        """What it has printed."""
        return "".join(self._lines)

    @property
    def emulator(self) -> int:
        """The emulator's process."""
        wait_until(lambda: self.layout.emulator_lock.is_file() and self.layout.emulator_lock.read_text(), "an emulator")
        return int(self.layout.emulator_lock.read_text())

    def wait_for(self, text: str) -> None:
        """Waits until it has printed the text."""
        wait_until(lambda: text in self.output or self._process.poll() is not None, f"{text!r} in\n{self.output}")
        assert text in self.output, self.output

    def wait_until_saved(self) -> None:
        """Waits until all that has changed is saved."""
        wait_until(lambda: find_restorable(self.layout).lost_s == 0, "a quiet moment")

    def wait_until_saved_in_the_middle(self) -> None:
        """Waits until an import that was running is part of what is saved."""
        wait_until(lambda: any(name.startswith("imp_") for name in saved_running(self.layout)), "a saved import")

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Sends the signal to the process of `make run` itself."""
        self._process.send_signal(number)

    def end(self, text: str = "") -> tuple[int, float]:
        """Waits for the end; the status, and the seconds to the end or until the text was printed."""
        since = time.monotonic()
        wait_until(lambda: (text and text in self.output) or self._process.poll() is not None, "the end")
        took_s = time.monotonic() - since
        return self._process.wait(LONG_S), took_s

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.append(line)


def saved_running(layout: StateLayout) -> list[str]:
    """The executions that were running when the newest snapshot was taken."""
    newest = find_restorable(layout).snapshot
    return newest.manifest.running if newest else []


def processes_of(state: Path) -> list[int]:
    """The emulator on this folder, its copies and its functions, by what they were told in their environment."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                environment = (folder / "environ").read_bytes()
                if f"TMPDIR={StateLayout(state).temporary}".encode() in environment:
                    found.append(int(folder.name))
            except OSError:
                continue
    return found


def functions_of(emulator: int) -> list[int]:
    """The processes of functions."""
    command = ["ps", "-o", "pid=,args=", "--ppid", str(emulator)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "awslambdaric" in line]


def wait_until(is_so: Callable[[], object], what: str) -> None:
    """Waits, and says in vain for what."""
    deadline = time.monotonic() + LONG_S
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


def check_next_start(state: Path, rows: int) -> list[JSON]:
    """Starts the stack again, lets what was running end, imports the file once more, and compares imports with records;
    the imports, that one being the last.
    """
    with running_stack(state, StackOptions(proxy_port=PORT)) as stack:
        key = demo_key(stack, state)
        client = PackageXClient(stack.base_url, key.secret, key.tenant_id)
        named = [one for one in client.get("/v1/imports").data if one["name"] == f"{rows}.csv"]
        before = [client.wait(one["id"]) for one in named if one["status"] != "requested"]
        again = client.run((state.parent / f"{rows}.csv").read_bytes())
        imports = [*before, again]
        assert [one["status"] for one in imports] == ["completed"] * len(imports)
        assert [one["stats"]["total"] for one in imports] == [rows] * len(imports)
        assert sum(one["stats"]["created"] for one in imports) == rows
        assert len(client.each_record()) == rows
        return imports
