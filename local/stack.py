"""The whole embedded default, from nothing to an address that answers.

In goes a folder for its state; out comes a running stack: package, emulator, deployment, proxy. What did not change
since the last start is not done again.
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from local.aws import Aws
from local.deploy import deploy_unless_there
from local.emulator import Emulator, Listener
from local.package import make_package
from local.ports import find_port
from local.proxy import Proxy
from local.restore import Restored
from local.stack_state import StackState, load_state, lock_state, save_state
from local.template import LOCAL_STAGE

Outputs = Mapping[str, str]


LOCAL_RECORD_SHARDS = 16
"""Every shard is a task of an export and of a cleanup, which takes longer here than on AWS."""


@dataclass(frozen=True, slots=True)
class StackOptions:
    """How a stack should be, where it may differ from the next."""

    limits: Mapping[str, int] = field(default_factory=dict)
    """By name, see chalicelib/model/limits.py."""
    proxy_port: int = 0
    """The first port to try; 0 for any."""
    enforce_iam: bool = False
    max_concurrency: int = os.cpu_count() or 1
    """Tasks of one import at the same time; each takes a process and most of a core."""
    record_shards: int = LOCAL_RECORD_SHARDS
    """Of a tenant's resource."""
    is_saved: bool = True
    """Whether the next start finds what this one leaves."""
    listener: Listener = field(default_factory=Listener)
    """Who hears of the emulator."""
    progress: Callable[[str], AbstractContextManager[object]] = nullcontext
    """Shows what is waited for, for as long as its block lasts."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack: where it answers, and by which names its parts are known."""

    base_url: str
    aws: Aws
    outputs: Outputs
    seconds: Mapping[str, float]
    """What the start spent its time on."""
    restored: Restored
    """What it began with."""
    wait_for_death: Callable[[], None]
    """Waits a second for the emulator's death, whose news may come after a connection is broken by it."""


@contextmanager
def running_stack(state: Path, options: StackOptions) -> Iterator[Stack]:
    """Starts a stack and stops all of it at the end; the state stays in its folder.

    Raises SystemExit where packaging fails, EmulatorFailed, DeployFailed, StateInUse.
    """
    stopwatch, progress = Stopwatch(), options.progress
    with ExitStack() as exits:
        exits.enter_context(lock_state(state))
        before = load_state(state)
        with progress("packaging"):
            package = make_package(LOCAL_STAGE)
        stopwatch.lap("package")
        with progress("starting the emulator"):
            emulator = exits.enter_context(_emulator(state, before, options))
            proxy = exits.enter_context(Proxy(find_port(before.proxy_port or options.proxy_port)))
        stopwatch.lap("emulator")
        save_state(state, StackState(emulator.port, proxy.port))
        aws = Aws(emulator.url)
        with progress("deploying"):
            outputs = deploy_unless_there(aws, package, _parameters(proxy.url, options))
        stopwatch.lap("deploy")
        proxy.forward_to(f"{emulator.url}/restapis/{outputs['RestAPIId']}/api/_user_request_")
        yield Stack(proxy.url, aws, outputs, stopwatch.seconds, emulator.restored, emulator.wait_for_death)


def _emulator(state: Path, before: StackState, options: StackOptions) -> Emulator:
    return Emulator(
        state,
        port=before.emulator_port,
        enforce_iam=options.enforce_iam,
        is_saved=options.is_saved,
        listener=options.listener,
    )


def _parameters(base_url: str, options: StackOptions) -> dict[str, str]:
    return {
        "BaseUrl": base_url,
        "LocalWebhooks": "true",
        "Limits": json.dumps(dict(options.limits)),
        "MaxConcurrency": str(options.max_concurrency),
        "ProcessingConcurrency": str(options.max_concurrency),
        "RecordShards": str(options.record_shards),
        "Stage": LOCAL_STAGE,
    }


class Stopwatch:
    """A stopwatch that keeps the seconds of each part, in the order of the laps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.monotonic()

    def lap(self, part: str) -> None:
        """Notes the seconds since the last lap as those of this part."""
        now = time.monotonic()
        self.seconds[part], self._since = round(now - self._since, 2), now
