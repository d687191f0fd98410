"""A stack that is deployed, on this machine or on AWS: what operators' commands need to reach its parts.

On this machine the stack must be serving; on AWS the credentials and the region are those botocore finds.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.aws import Aws
from local.deploy import STACK, find_outputs
from local.emulator import KEY, REGION
from local.paths import STATE
from local.stack_state import load_state

PATIENT = Config(read_timeout=910, retries={"total_max_attempts": 1})
"""A function may take 15 minutes to answer, and is not to be invoked twice."""


@dataclass(frozen=True, slots=True)
class DeployedStack:
    """Where a stack is, and its outputs."""

    name: str
    session: boto3.Session
    outputs: Mapping[str, str]
    url: str | None = None
    """The emulator's address; None on AWS."""

    def client(self, service: Any) -> Any:
        """Returns a new client of a service, untyped."""
        return self.session.client(service, endpoint_url=self.url, config=PATIENT)

    def output(self, name: str) -> str:
        """Returns one of the outputs. Raises SystemExit if it is missing."""
        if name not in self.outputs:
            raise SystemExit(f"The stack {self.name!r} has no output {name}.")
        return self.outputs[name]


def stack_here() -> DeployedStack:
    """Returns the stack that `make run` serves. Raises SystemExit if there is none."""
    port = load_state(STATE).emulator_port
    url = f"http://127.0.0.1:{port}"
    outputs = find_outputs(Aws(url)) if port and _answers(port) else None
    if outputs is None:
        raise SystemExit("No stack is running on this machine: start it with make run, or name one on AWS by --stack.")
    return stack_at(url, outputs)


def stack_at(url: str, outputs: Mapping[str, str], name: str = STACK) -> DeployedStack:
    """Returns the stack on the emulator at this address."""
    return DeployedStack(name, boto3.Session(KEY, KEY, region_name=REGION), outputs, url)


def stack_on_aws(name: str) -> DeployedStack:
    """Returns the stack of this name on AWS. Raises SystemExit if AWS does not know it."""
    session = boto3.Session()
    try:
        described = session.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except (BotoCoreError, ClientError) as error:
        raise SystemExit(str(error)) from None
    return DeployedStack(name, session, {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", [])})


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False
