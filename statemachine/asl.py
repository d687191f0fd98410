"""The words in which both state machines are written: functions that return states of the Amazon States Language.

Every Task calls a Lambda function, is tried again in the one way of `retries.py`, and answers with a step, in which
`route` says where to go and `tasks` what to do there. No state catches anything: a failed execution stays redrivable
and reaches the finaliser through EventBridge. Source: https://states-language.net/spec.html
"""

from collections.abc import Mapping
from typing import Any

from statemachine.retries import RETRIES

State = dict[str, Any]
States = dict[str, State]

DISTRIBUTED = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
"""Each task of a Map is an execution with a history of its own; one history ends at 25,000 events."""
CONTINUE = "continue"
"""The route of a task that goes on in another function."""

INLINE = {"Mode": "INLINE"}
"""The few tasks that run on this machine share a history, which is quicker."""

MAX_CONCURRENCY, PROCESSING_CONCURRENCY = "${MaxConcurrency}", "${ProcessingConcurrency}"
"""Parameters of the template: how many tasks run at the same time, and of those that write records."""


def from_input(*names: str) -> dict[str, str]:
    """Returns the part of a payload that passes fields of the state's input on."""
    return {f"{name}.$": f"$.{name}" for name in names}


def call(function: str, payload: Mapping[str, str] | None = None, *, then: str | None = None) -> State:
    """Returns a Task that calls a Lambda function, by the name it has in `app.py`, with the payload, else its input.

    `then` names the next state; None ends the machine.
    """
    given = {"Payload": dict(payload)} if payload else {"Payload.$": "$"}
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": f"${{{logical_id(function)}Arn}}", **given},
        "OutputPath": "$.Payload",
        "Retry": [dict(retrier) for retrier in RETRIES],
        **({"Next": then} if then else {"End": True}),
    }


def choose(states: Mapping[str, str], *, otherwise: str) -> State:
    """Returns a Choice that goes to a state by the `route` of its input."""
    choices = [{"Variable": "$.route", "StringEquals": route, "Next": state} for route, state in states.items()]
    return {"Type": "Choice", "Choices": choices, "Default": otherwise}


def each_task(
    function: str, event: Mapping[str, str], mode: Mapping[str, str], *, then: str, concurrency: str = MAX_CONCURRENCY
) -> State:
    """Returns a Map that calls a function for each number of the input's `tasks`, with `event` and the number. It is
    called again as long as it answers `continue`: the time of one function was too short for the task.
    """
    name = logical_id(function)
    after = f"After{name}"
    return {
        "Type": "Map",
        "ItemsPath": "$.tasks",
        "MaxConcurrency": concurrency,
        "ItemSelector": {**event, "task.$": "$$.Map.Item.Value"},
        "ItemProcessor": {
            "ProcessorConfig": dict(mode),
            "StartAt": name,
            "States": {
                name: call(function, then=after),
                after: choose({CONTINUE: name}, otherwise="Done"),
                "Done": {"Type": "Succeed"},
            },
        },
        "ResultPath": None,
        "Next": then,
    }


def logical_id(function: str) -> str:
    """Returns the name that CloudFormation knows a function by: `PlanImport` for `plan_import`."""
    return function.title().replace("_", "")
