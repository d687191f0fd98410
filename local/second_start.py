"""`make run` while a stack serves already: a file that is named is imported into that one.

In go the folder of its state and what to import; out comes the status with which to end.
"""

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from chalicelib.model.api_keys import KeyKind
from local.demo import DemoImport
from local.keys import DemoKeys, kept_keys
from local.ports import LOOPBACK
from local.stack_state import load_state
from local.waiting import waiting
from sluice import Sluice
from sluice.cli.app import App
from sluice.cli.main import run
from sluice.cli.screen import Screen

STARTS_WITHIN_S = 120.0
"""How long a start may take before it is no longer waited for; it may have to fetch packages."""
LOOK_EVERY_S = 0.5
ASK_FOR_A_FILE = "Name a file to import it there: make run FILE=… RESOURCE=…"


def import_into_running(state: Path, wanted: DemoImport, *, is_named: bool) -> int:
    """Imports the file into the stack that runs on this folder; without one that was named, says how to."""
    if not is_named:
        print(ASK_FOR_A_FILE)
        return 1
    with waiting("waiting for it to answer"):
        client = find_client(state)
    if client is None:
        print(f"It does not answer after {STARTS_WITHIN_S:.0f} s.")
        return 1
    return import_by_command(client, wanted)


def import_by_command(client: Sluice, wanted: DemoImport) -> int:
    """Imports the file as `sluice import` does, which asks where somebody is there to answer; returns its exit code."""
    is_asking = Screen().can_ask
    command = ["import", str(wanted.file), "--resource", wanted.resource.name, "--action", wanted.action.value]
    return run([*command, *([] if is_asking else ["--yes"])], App(connect=lambda _: client))


def find_client(state: Path, wait: Callable[[float], None] = time.sleep) -> Sluice | None:
    """Returns a client of the stack on this folder as soon as it answers; None if it does not for long."""
    for _ in range(int(STARTS_WITHIN_S / LOOK_EVERY_S)):
        url, keys = f"http://{LOOPBACK}:{load_state(state).proxy_port}", kept_keys(state)
        if keys and _answers(url):
            return _client(url, keys)
        wait(LOOK_EVERY_S)
    return None


def _client(url: str, keys: DemoKeys) -> Sluice:
    return Sluice(url, keys.secrets[KeyKind.PX])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/v1/health", timeout=60):
            return True
    except (OSError, ValueError):
        return False
