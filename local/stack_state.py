"""The folder that survives a restart: who uses it, and what was there last time.

Ports are remembered because signed URLs and the stack's parameters name them; the deployment is, because deploying what
is already deployed takes seconds. Only one process may use a folder.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from local.locks import locked


class StateInUse(Exception):
    """Raised where another process runs a stack on this folder."""


@dataclass(slots=True)
class StackState:
    """What is known of the last start; zero and empty before the first."""

    emulator_port: int = 0
    proxy_port: int = 0
    deployed: str = ""
    """Hash of the package and the parameters."""


def load_state(folder: Path) -> StackState:
    """Returns what the last start left."""
    path = folder / "state.json"
    return StackState(**json.loads(path.read_text())) if path.is_file() else StackState()


def save_state(folder: Path, state: StackState) -> None:
    """Keeps it for the next start."""
    (folder / "state.json").write_text(json.dumps(asdict(state)))


@contextmanager
def lock_state(folder: Path) -> Iterator[None]:
    """Keeps other processes from using the folder for as long as the block lasts. Raises StateInUse."""
    with ExitStack() as exits:
        try:
            exits.enter_context(locked(folder / "lock", waits=False))
        except BlockingIOError:
            raise StateInUse(f"a stack is already running on {folder}") from None
        yield
