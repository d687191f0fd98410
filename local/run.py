"""`make run`: the stack comes up, imports a file before your eyes, and serves until Ctrl-C."""

import argparse
import signal
import time
import urllib.request
from types import FrameType

from chalicelib.model.api_keys import KeyKind
from local.client import Client
from local.demo import DemoImport, check_arguments, new_console, show_import, show_requests
from local.export_demo import begin_schedule, show_export, show_schedule
from local.keys import demo_keys
from local.paths import STATE
from local.stack import Stack, StackOptions, running_stack
from local.stack_state import StateInUse

PROXY_PORT = 8080
"""The first to try."""


def main() -> None:
    """Starts the stack and serves until it is interrupted."""
    wanted = read_arguments()
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        with running_stack(STATE, StackOptions(proxy_port=PROXY_PORT)) as stack:
            serve(stack, wanted)
    except StateInUse as error:
        raise SystemExit(f"{error}; end it first, or import into it with: python -m local.demo URL KEY FILE") from None
    except KeyboardInterrupt:
        pass  # while starting
    print("stopped")


def serve(stack: Stack, wanted: DemoImport) -> None:
    """Shows the start, the import and the export, and waits for the end."""
    try:
        show(stack)
        import_file(stack, wanted)
    except KeyboardInterrupt:
        print("\nsaving the state …", flush=True)


def show(stack: Stack) -> None:
    """Prints what the start spent its time on."""
    since = time.monotonic()
    with urllib.request.urlopen(f"{stack.base_url}/v1/health") as answer:
        answer.read()
    parts = {**stack.seconds, "first answer": round(time.monotonic() - since, 2)}
    print(", ".join(f"{part} {seconds} s" for part, seconds in parts.items()))


def import_file(stack: Stack, wanted: DemoImport) -> None:
    """Imports and exports a file, and serves until Ctrl-C. Raises SystemExit where the import fails: then there is
    nothing to serve that was asked for.
    """
    keys, console = demo_keys(stack, STATE), new_console()
    client = Client(stack.base_url, keys.secrets[KeyKind.PX])
    if not show_import(console, client, wanted):
        raise SystemExit(1)
    show_export(console, client, wanted.resource.name, STATE / "exports")
    schedule = begin_schedule(client, wanted.resource.name)
    show_requests(console, client, wanted, keys)
    print(f"Serving at {stack.base_url}; Ctrl-C ends it.", flush=True)
    show_schedule(console, client, schedule)
    signal.pause()


def read_arguments() -> DemoImport:
    """Returns what to import, checked."""
    parser = argparse.ArgumentParser(prog="make run", description="FILE=… RESOURCE=… ACTION=… imports a file of yours.")
    parser.add_argument("--file")
    parser.add_argument("--resource", default="customers")
    parser.add_argument("--action", default="merge")
    given = parser.parse_args()
    return check_arguments(given.file, given.resource, given.action)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
