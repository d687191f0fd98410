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
    """Another process runs a stack on this folder."""


@dataclass(slots=True)
class Memory:
    """Of the last start; zero and empty before the first."""

    emulator_port: int = 0
    front_port: int = 0
    deployed: str = ""
    """Hash of the package and the parameters."""


def load_memory(state: Path) -> Memory:
    path = state / "memory.json"
    return Memory(**json.loads(path.read_text())) if path.is_file() else Memory()


def save_memory(state: Path, memory: Memory) -> None:
    (state / "memory.json").write_text(json.dumps(asdict(memory)))


@contextmanager
def claimed(state: Path) -> Iterator[None]:
    """For as long as the block lasts."""
    with ExitStack() as exits:
        try:
            exits.enter_context(locked(state / "lock", waits=False))
        except BlockingIOError:
            raise StateInUse(f"a stack is already running on {state}") from None
        yield
