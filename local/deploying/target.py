"""Where a stack is deployed: an account and a region of AWS, by the credentials that botocore finds, or an emulator.

An endpoint is always an emulator's. Then the credentials are the emulator's, too, whatever the environment says, so
that a mistake in one of them cannot reach an account.
"""

from argparse import ArgumentParser
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local.aws import CONFIG
from local.deploying.cloudformation_stack import CloudFormationStack
from local.emulator import KEY, REGION

STAGES = ("dev", "prod")
LOOK_EVERY_S = {"aws": 3.0, "emulator": 0.2}


@dataclass(frozen=True)
class Target:
    """An account and a region, and the name of a stack there."""

    stack_name: str
    session: boto3.Session
    endpoint: str | None = None
    """The emulator's address; None on AWS."""

    @property
    def region(self) -> str:
        """Returns the name of the region."""
        return str(self.session.region_name)

    @cached_property
    def account(self) -> str:
        """Returns the number of the account. Raises SystemExit where the credentials are none, or not good."""
        try:
            return str(self.client("sts").get_caller_identity()["Account"])
        except (BotoCoreError, ClientError) as error:
            raise SystemExit(f"AWS does not know who asks: {error}") from None

    @property
    def stack(self) -> CloudFormationStack:
        """Returns the stack, which may not exist yet."""
        look_every_s = LOOK_EVERY_S["emulator" if self.endpoint else "aws"]
        return CloudFormationStack(self.client("cloudformation"), self.stack_name, look_every_s=look_every_s)

    def client(self, service: Any) -> Any:
        """Returns a new client of a service, untyped."""
        config = CONFIG if self.endpoint else None
        return self.session.client(service, endpoint_url=self.endpoint, config=config)

    def in_words(self) -> str:
        """Returns where that is, for people."""
        where = f"the emulator at {self.endpoint}" if self.endpoint else f"account {self.account}, {self.region}"
        return f"{self.stack_name} in {where}"


def target_arguments(prog: str, description: str) -> ArgumentParser:
    """Returns a parser of what says which stack is meant, and whether to ask."""
    parser = ArgumentParser(prog=prog, description=description)
    parser.add_argument("--stage", required=True, choices=STAGES)
    parser.add_argument("--stack", help="the stack's name; without it sluice for prod, sluice-dev for dev")
    parser.add_argument("--endpoint", help="the address of an emulator, instead of AWS")
    parser.add_argument("--yes", action="store_true", help="ask nothing")
    return parser


def open_target(stack_name: str, endpoint: str | None) -> Target:
    """Returns the target. Raises SystemExit where no region is named, or AWS does not know who asks."""
    if endpoint:
        return Target(stack_name, boto3.Session(KEY, KEY, region_name=REGION), endpoint.rstrip("/"))
    target = Target(stack_name, boto3.Session())
    if target.session.region_name is None:
        raise SystemExit("No region: set AWS_DEFAULT_REGION, or aws configure set region eu-central-1.")
    _ = target.account
    return target


def default_stack_name(stage: str) -> str:
    """Returns how a stage's stack is called unless somebody says otherwise."""
    return "sluice" if stage == "prod" else f"sluice-{stage}"
