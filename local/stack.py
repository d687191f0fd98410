"""The whole embedded default, from nothing to an address that answers.

In goes a folder for its state; out comes a running stack: package, emulator, deployment, front. What did not change
since the last start is not done again.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from local.aws import Aws
from local.deploy import deploy, find_outputs
from local.emulator import Emulator
from local.front import Front
from local.package import Package, make_package
from local.paths import EMULATOR_PYTHON
from local.ports import find_port
from local.state import Memory, claimed, load_memory, save_memory
from local.template import LOCAL_STAGE

Outputs = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a stack should be, where it may differ from the next."""

    limits: Mapping[str, int] = field(default_factory=dict)
    """By name, see chalicelib/model/limits.py."""
    front_port: int = 0
    """The first port to try; 0 for any."""
    enforce_iam: bool = False
    max_concurrency: int = os.cpu_count() or 1
    """Tasks of one import at the same time; each takes a process and most of a core."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Where it answers, and by which names its parts are known."""

    base_url: str
    aws: Aws
    outputs: Outputs
    seconds: Mapping[str, float]
    """What the start spent its time on."""


@contextmanager
def running_stack(state: Path, wishes: Wishes) -> Iterator[Stack]:
    """Stops all of it at the end; the state stays in its folder.

    Raises SystemExit where packaging fails, EmulatorFailed, DeployFailed, StateInUse.
    """
    watch = Watch()
    with claimed(state):
        memory = load_memory(state)
        package = make_package(LOCAL_STAGE)
        watch.lap("package")
        front_port = find_port(memory.front_port or wishes.front_port)
        emulated = Emulator(state, port=memory.emulator_port, enforce_iam=wishes.enforce_iam)
        with emulated as emulator, Front(front_port) as front:
            watch.lap("emulator")
            aws = Aws(emulator.url)
            outputs = _deploy_unless_there(aws, package, _parameters(front.url, wishes), memory)
            watch.lap("deploy")
            memory.emulator_port, memory.front_port = emulator.port, front_port
            save_memory(state, memory)
            front.lead_to(f"{emulator.url}/restapis/{outputs['RestAPIId']}/api/_user_request_")
            yield Stack(front.url, aws, outputs, watch.seconds)


def _deploy_unless_there(aws: Aws, package: Package, parameters: Mapping[str, str], memory: Memory) -> Outputs:
    wanted = _digest(package, parameters)
    there = find_outputs(aws) if memory.deployed == wanted else None
    memory.deployed = wanted
    return there or deploy(aws, package, parameters)


def _parameters(base_url: str, wishes: Wishes) -> dict[str, str]:
    return {
        "BaseUrl": base_url,
        "LocalWebhooks": "true",
        "Limits": json.dumps(dict(wishes.limits)),
        "MaxConcurrency": str(wishes.max_concurrency),
        "Stage": LOCAL_STAGE,
    }


def _digest(package: Package, parameters: Mapping[str, str]) -> str:
    text = json.dumps([package.fingerprint, str(EMULATOR_PYTHON), sorted(parameters.items())])
    return hashlib.sha256(text.encode()).hexdigest()


class Watch:
    """Seconds per part, in the order of the laps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.monotonic()

    def lap(self, part: str) -> None:
        now = time.monotonic()
        self.seconds[part], self._since = round(now - self._since, 2), now
