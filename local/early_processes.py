"""Starts processes of functions before they are called: an import calls four of them one after the other, and would
wait a quarter of a second for each.

In go a running stack and names of functions as the template has them. Goes on in the background; a function whose
process is not ready when it is called is waited for as usual.
"""

import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.aws import Aws
from local.deploy import STACK
from local.template import LIVE

OF_AN_IMPORT = ("OnFile", "PlanImport", "RunPhases", "FinishImport")
"""In the order in which a small import calls them."""


def start_early(aws: Aws, functions: Sequence[str] = OF_AN_IMPORT) -> None:
    """Begins to start a process for each of these functions. The emulator does so when an invocation is only tried."""
    threading.Thread(target=_start_all, args=(Aws(aws.url), functions), name="early-processes", daemon=True).start()


def _start_all(aws: Aws, functions: Sequence[str]) -> None:
    with suppress(BotoCoreError, ClientError), ThreadPoolExecutor(len(functions)) as pool:
        names, client = physical_names(aws, functions), aws.client("lambda")
        list(pool.map(lambda name: _try(client, name), names))


def physical_names(aws: Aws, functions: Iterable[str]) -> list[str]:
    """Returns the names that the stack has given to these functions."""
    resources = aws.cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    names = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
    return [names[function] for function in functions]


def _try(client: Any, name: str) -> None:
    client.invoke(FunctionName=name, Qualifier=LIVE, InvocationType="DryRun")
