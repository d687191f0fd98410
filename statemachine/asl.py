"""The words in which both state machines are written: functions that return states of the Amazon States Language.

Every Task calls a Lambda function, is tried again in the one way of `retries.py`, and answers with a step, in which
`route` says where to go and `tasks` what to do there. A Task whose function is killed is caught: redriven, it would be
killed again. Nothing else is: a failed execution stays redrivable and reaches the finaliser through EventBridge
(docs/adr/0015-killed-tasks-are-caught.md). Source: https://states-language.net/spec.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.lifecycle.task_route import TaskRoute
from statemachine.retries import KILLED, RETRIES

State = dict[str, Any]
States = dict[str, State]

DISTRIBUTED = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
"""Each task of a Map is an execution with a history of its own; one history ends at 25,000 events."""
INLINE = {"Mode": "INLINE"}
"""The few tasks that run on this machine share a history, which is quicker."""

MAX_CONCURRENCY, PROCESSING_CONCURRENCY = "${MaxConcurrency}", "${ProcessingConcurrency}"
"""Parameters of the template: how many tasks run at the same time, and of those that write records."""

INVOKE = "arn:${Partition}:states:::lambda:invoke"
"""The integration of Step Functions with Lambda; the template says in which partition of AWS."""


def from_input(*names: str) -> dict[str, str]:
    """Returns the part of a payload that passes fields of the state's input on."""
    return {f"{name}.$": f"$.{name}" for name in names}


def call(
    function: str,
    payload: Mapping[str, str] | None = None,
    *,
    then: str | None = None,
    when_killed: str | None = None,
) -> State:
    """Returns a Task that calls a Lambda function, by the name it has in `app.py`, with the payload, else its input.

    `then` names the next state; None ends the machine. `when_killed` names the one after a function that was killed,
    whose input says in `killed` how; None lets the machine fail.
    """
    catcher = {"ErrorEquals": list(KILLED["ErrorEquals"]), "ResultPath": "$.killed", "Next": when_killed}
    given = {"Payload": dict(payload)} if payload else {"Payload.$": "$"}
    return {
        "Type": "Task",
        "Resource": INVOKE,
        "Parameters": {"FunctionName": f"${{{logical_id(function)}Arn}}", **given},
        "OutputPath": "$.Payload",
        "Retry": [dict(retrier) for retrier in RETRIES],
        **({"Catch": [catcher]} if when_killed else {}),
        **({"Next": then} if then else {"End": True}),
    }


def choose(states: Mapping[str, str], *, otherwise: str) -> State:
    """Returns a Choice that goes to a state by the `route` of its input."""
    choices = [{"Variable": "$.route", "StringEquals": route, "Next": state} for route, state in states.items()]
    return {"Type": "Choice", "Choices": choices, "Default": otherwise}


@dataclass(frozen=True, slots=True)
class TaskStates:
    """The states that one task of a Map passes through."""

    function: str
    """What runs the task."""
    event: Mapping[str, str]
    """What it is given beside the task's number."""
    stop: State | None = None
    """What a task goes to whose function was killed; None lets the Map fail, and the machine with it."""


def each_task(
    name: str, task: TaskStates, mode: Mapping[str, str], *, then: str, concurrency: str = MAX_CONCURRENCY
) -> State:
    """Returns the Map of this name, which runs a task for each number of the input's `tasks`. Its function is called
    again as long as it answers `continue`: the time of one was too short for the task.

    The task's own states are named after the Map: names are unique in a whole machine.
    """
    run, stop, after, done = f"{name}Task", f"Stop{name}Task", f"After{name}Task", f"{name}TaskDone"
    return {
        "Type": "Map",
        "ItemsPath": "$.tasks",
        "MaxConcurrency": concurrency,
        "ItemSelector": {**task.event, "task.$": "$$.Map.Item.Value"},
        "ItemProcessor": {
            "ProcessorConfig": dict(mode),
            "StartAt": run,
            "States": {
                run: call(task.function, then=after, when_killed=stop if task.stop else None),
                after: choose({TaskRoute.CONTINUE.value: run}, otherwise=done),
                done: {"Type": "Succeed"},
                **({stop: task.stop} if task.stop else {}),
            },
        },
        "ResultPath": None,
        "Next": then,
    }


def logical_id(function: str) -> str:
    """Returns the name that CloudFormation knows a function by: `PlanImport` for `plan_import`."""
    return function.title().replace("_", "")
