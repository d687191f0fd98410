"""`make run`: the stack comes up, imports a file before your eyes, and serves until Ctrl-C.

It ends in order on Ctrl-C, on SIGTERM and SIGHUP, when `make` is gone, and when the emulator has died; then it says so
and has status 1. Whatever is killed, the next `make run` goes on with what was saved.
"""

import argparse
import errno
import os
import signal
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.panel import Panel

from chalicelib.model.api_keys import KeyKind
from local.child_processes import end_with_parent
from local.curl_commands import Requests
from local.demo import DemoImport, check_arguments, new_console, show_import, show_requests
from local.early_processes import start_early
from local.emulator import EmulatorDied
from local.export_demo import show_export
from local.keys import DemoKeys, demo_keys
from local.paths import STATE
from local.preview_demo import show_preview
from local.schedule_demo import pause_schedules, running_schedule, show_schedule
from local.second_start import import_into_running
from local.shell_variables import FILE, write_login, write_variables
from local.stack import Stack, StackOptions, running_stack
from local.stack_state import StateInUse
from local.terminal import Terminal
from local.undo_demo import show_undo
from local.waiting import waiting
from sluice import Sluice
from sluice.logins import FOLDER_LOGIN

PROXY_PORT = 8080
"""The first to try."""
CHANGES = ("created", "updated", "deleted", "overwritten")
PORT_TAKEN = """Port {port} is taken by something else.
Sluice serves at {url}"""
SERVING = """Serving at {url}; Ctrl-C ends it, records stay.
Console: {url}/console#key={key}
Terminal: {command} imports list
All requests: {url}/docs
A file of yours, from another terminal: make run FILE=… RESOURCE=…"""
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    """Starts the stack and serves until it is interrupted."""
    given, terminal = read_arguments(), Terminal()
    prepare_signals(terminal)
    options = StackOptions(proxy_port=given.port, listener=terminal.listener(), progress=waiting)
    try:
        with running_stack(given.state, options) as stack:
            serve(stack, given)
    except StateInUse as error:
        print(f"{error}.", flush=True)
        raise SystemExit(import_into_running(given.state, given.wanted, is_named=given.is_named)) from None
    except EmulatorDied:
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        pass  # while starting
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise SystemExit(f"The disk is full ({error}). {terminal.kept()} Make room, then make run.") from None
    print("stopped")


def prepare_signals(terminal: Terminal) -> None:
    """Has each way of being told to end raise KeyboardInterrupt, once, and the emulator's death EmulatorDied."""
    for number in ENDS:
        signal.signal(number, _interrupt)
    signal.signal(signal.SIGUSR1, lambda *_: terminal.raise_death())
    main_thread = threading.get_ident()
    terminal.on_death = lambda: signal.pthread_kill(main_thread, signal.SIGUSR1)
    if "MAKELEVEL" in os.environ:
        end_with_parent(signal.SIGTERM)


def serve(stack: Stack, given: "Arguments") -> None:
    """Shows the start, the import and the export, and waits for the end."""
    try:
        start_early(stack.aws)
        show(stack)
        import_file(stack, given)
    except KeyboardInterrupt:
        print("\nsaving the state …", flush=True)


def show(stack: Stack) -> None:
    """Prints what the start spent its time on, and what it began with."""
    since = time.monotonic()
    with waiting("asking for a first answer"), urllib.request.urlopen(f"{stack.base_url}/v1/health") as answer:
        answer.read()
    parts = {**stack.seconds, "first answer": round(time.monotonic() - since, 2)}
    print(", ".join(f"{part} {seconds} s" for part, seconds in parts.items()))
    if restored := stack.restored.in_words():
        print(restored, flush=True)


def import_file(stack: Stack, given: "Arguments") -> None:
    """Imports a file, exports what it changed, and serves until Ctrl-C. Raises SystemExit where the import fails: then
    there is nothing to serve that was asked for.
    """
    wanted, resource = given.wanted, given.wanted.resource.name
    keys, console = demo_keys(stack, given.state), new_console()
    client = Sluice(stack.base_url, keys.secrets[KeyKind.PX])
    pause_schedules(client)
    import_ = show_import(console, client, wanted)
    if import_ is None:
        stack.wait_for_death()
        raise SystemExit(1)
    since = import_["created_at"]
    if any(import_["stats"][outcome] for outcome in CHANGES):
        show_export(console, client, resource, since, given.state / "exports")
    with running_schedule(console, client, resource, since) as schedule:
        show_address(console, stack, keys, given)
        show_preview(console, client, wanted.resource, _shortened(given.state))
        show_undo(console, client, wanted.resource)
        if schedule:
            show_schedule(console, client, schedule)
    signal.pause()


def show_address(console: Console, stack: Stack, keys: DemoKeys, given: "Arguments") -> None:
    """Shows what can be asked now, and where; a port that is not the usual one cannot be overlooked."""
    variables = given.state / FILE
    write_variables(variables, stack, keys)
    write_login(given.state / FOLDER_LOGIN.name, stack.base_url, keys.secrets[KeyKind.PX])
    show_requests(console, keys, Requests(_shortened(variables), given.wanted.resource, _shortened(given.wanted.file)))
    if not stack.base_url.endswith(f":{given.port}"):
        console.print(Panel(PORT_TAKEN.format(port=given.port, url=stack.base_url), style="bold yellow"))
    command, here = Path(sys.executable).parent / "sluice", Path.cwd()
    command = command.relative_to(here) if command.is_relative_to(here) else command
    told = SERVING.format(url=stack.base_url, key=keys.secrets[KeyKind.PX], command=command)
    console.print(told, highlight=False, soft_wrap=True)


def _shortened(path: Path) -> Path:
    """Returns the path from the current folder, where it lies below."""
    here = Path.cwd()
    return path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path.resolve()


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the command line says."""

    wanted: DemoImport
    is_named: bool
    """Whether a file was named; without one the sample is imported."""
    state: Path
    """The folder that survives a restart."""
    port: int
    """The first to try, unless the folder remembers one."""


def read_arguments() -> Arguments:
    """Returns what the command line says, checked."""
    parser = argparse.ArgumentParser(prog="make run", description="FILE=… RESOURCE=… ACTION=… imports a file of yours.")
    parser.add_argument("--file")
    parser.add_argument("--resource", default="customers")
    parser.add_argument("--action", default="merge")
    parser.add_argument("--state", type=Path, default=STATE, help="the folder that survives a restart")
    parser.add_argument("--port", type=int, default=PROXY_PORT, help="the first to try")
    given = parser.parse_args()
    wanted = check_arguments(given.file, given.resource, given.action)
    return Arguments(wanted, given.file is not None, given.state, given.port)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Saving is not interrupted: it takes a second or two."""
    for number in ENDS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
