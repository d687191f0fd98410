"""Versions of functions that nothing calls any more, and their end.

Every deployment publishes a version of each function, and CloudFormation keeps the older ones, since executions that
began before it still call them (docs/adr/0037-an-execution-keeps-its-versions.md). Lambda counts the code of each
against 75 GB of an account and region. In goes a stack; what goes is a version that has been superseded for longer than
an execution lasts, and that no execution that is running names.
"""

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from local.template import LIVE

KEPT_S = 30 * 24 * 3600
"""How long a version is kept after the next one was published: no execution lasts longer, nor is redriven later."""
FUNCTION, MACHINE = "AWS::Lambda::Function", "AWS::StepFunctions::StateMachine"
NEWEST = "$LATEST"

Client = Callable[[Any], Any]
"""Returns a client of an AWS service by its name."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a function that was published."""

    arn: str
    number: int
    published_at: float
    """In epoch seconds."""


@dataclass(frozen=True, slots=True)
class Superseded:
    """A version that another one has followed."""

    arn: str
    at: float
    """When that was, in epoch seconds."""


def remove_old_versions(client: Client, resources: Iterable[Mapping[str, Any]], kept_s: float = KEPT_S) -> int:
    """Deletes versions that nothing calls any more, of the functions among a stack's resources, and returns how many
    they were. Raises what botocore raises.
    """
    found = list(resources)
    functions, machines = (
        [one["PhysicalResourceId"] for one in found if one["ResourceType"] == kind] for kind in (FUNCTION, MACHINE)
    )
    aws_lambda, until = client("lambda"), time.time() - kept_s
    old = [one for name in functions for one in old_versions(aws_lambda, name) if one.at <= until]
    if not old:
        return 0
    called = set(_called_by_running(client("stepfunctions"), machines, before=max(one.at for one in old)))
    unused = [one for one in old if one.arn not in called]
    for one in unused:
        function, _, number = one.arn.rpartition(":")
        aws_lambda.delete_function(FunctionName=function, Qualifier=number)
    return len(unused)


def old_versions(aws_lambda: Any, function: str) -> list[Superseded]:
    """Returns the versions of a function that another one has followed, but for the one that is live."""
    live = int(aws_lambda.get_alias(FunctionName=function, Name=LIVE)["FunctionVersion"])
    return superseded(sorted(_published(aws_lambda, function), key=lambda one: one.number), live)


def superseded(versions: list[Version], live: int) -> list[Superseded]:
    """Returns those of a function's versions, oldest first, that another one has followed and that are not live. An
    update that was rolled back leaves versions that are newer than the live one.
    """
    followed = pairwise(versions)
    return [Superseded(one.arn, following.published_at) for one, following in followed if one.number != live]


def _published(aws_lambda: Any, function: str) -> Iterator[Version]:
    for page in aws_lambda.get_paginator("list_versions_by_function").paginate(FunctionName=function):
        for one in page["Versions"]:
            if one["Version"] != NEWEST:
                published_at = datetime.fromisoformat(one["LastModified"]).timestamp()
                yield Version(one["FunctionArn"], int(one["Version"]), published_at)


def _called_by_running(step_functions: Any, machines: Iterable[str], *, before: float) -> Iterator[str]:
    """Yields the ARNs of versions that executions call which began before a moment and are running."""
    for machine in machines:
        pages = step_functions.get_paginator("list_executions").paginate(
            stateMachineArn=machine, statusFilter="RUNNING"
        )
        for execution in (one for page in pages for one in page["executions"]):
            if execution["startDate"].timestamp() <= before:
                arn = execution["executionArn"]
                began_with = step_functions.describe_state_machine_for_execution(executionArn=arn)
                yield from versions_in(began_with["definition"])


def versions_in(definition: str) -> set[str]:
    """Returns the ARNs of functions with their versions that a state machine's definition names."""
    return set(re.findall(r'"(arn:[^"]+:function:[^":]+:\d+)"', json.dumps(json.loads(definition))))
