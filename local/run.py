"""`make run`: the stack comes up, says where it is, and serves until Ctrl-C."""

import signal
import time
import urllib.request
from types import FrameType

from local.paths import STATE
from local.stack import Stack, Wishes, running_stack

FRONT_PORT = 8080
"""The first to try."""


def main() -> None:
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        with running_stack(STATE, Wishes(front_port=FRONT_PORT)) as stack:
            show(stack)
            signal.pause()
    except KeyboardInterrupt:
        print("\nstopped")


def show(stack: Stack) -> None:
    since = time.monotonic()
    with urllib.request.urlopen(f"{stack.base_url}/v1/health") as answer:  # noqa: S310 -- our own front
        answer.read()
    parts = {**stack.seconds, "first answer": round(time.monotonic() - since, 2)}
    print(", ".join(f"{part} {seconds} s" for part, seconds in parts.items()))
    print(f"\n    curl -i {stack.base_url}/v1/health\n\nCtrl-C ends it.", flush=True)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
