"""The folder that survives a restart: who uses it, and what was there last time.

Ports are remembered because signed URLs and the stack's parameters name them. Only one process may use a folder.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from local.durable_files import write_whole
from local.locks import locked
from local.ports import LOOPBACK


class StateInUse(Exception):
    """Raised where another process runs a stack on this folder."""


@dataclass(slots=True)
class StackState:
    """What is known of the last start; zero and empty before the first."""

    emulator_port: int = 0
    proxy_port: int = 0


def load_state(folder: Path) -> StackState:
    """Returns what the last start left. A file that is damaged, or of another version, is as good as none."""
    try:
        return StackState(**json.loads((folder / "state.json").read_text()))
    except (OSError, ValueError, TypeError):
        return StackState()


def save_state(folder: Path, state: StackState) -> None:
    """Keeps it for the next start. Raises OSError, and then what was kept before stands."""
    write_whole(folder / "state.json", json.dumps(asdict(state)))


@contextmanager
def lock_state(folder: Path) -> Iterator[None]:
    """Keeps other processes from using the folder for as long as the block lasts. Raises StateInUse."""
    with ExitStack() as exits:
        try:
            exits.enter_context(locked(folder / "lock", waits=False, text=str(os.getpid())))
        except BlockingIOError:
            raise StateInUse(_who_uses(folder)) from None
        yield


def _who_uses(folder: Path) -> str:
    port, process = load_state(folder).proxy_port, (folder / "lock").read_text()
    where = f", at http://{LOOPBACK}:{port}" if port else ""
    return f"A stack already runs on {folder}{where} (process {process})"
