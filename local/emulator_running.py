"""What is under way in the emulator and in no table: executions of state machines, events on their way to functions.

The emulator itself forgets events when it ends, and has its executions fail without telling anybody. On AWS both
outlive any machine; so here they are saved with the state and begun again with it. An execution begins again at its
first state, which is safe because each task may be run any number of times (docs/reliability.md).
"""

import threading
import weakref
from collections.abc import Iterable
from typing import Any

from ministack.core import responses
from ministack.services import eventbridge, stepfunctions

RUNNING = "RUNNING"


class Event(dict[str, Any]):
    """An event on its way: whoever tries to have it taken holds it, and lets go of it in the end."""

    def __init__(self, content: dict[str, Any], arn: str, payload: str) -> None:
        super().__init__(content)
        self.arn, self.payload = arn, payload


_events: "weakref.WeakValueDictionary[int, Event]" = weakref.WeakValueDictionary()
_interrupted: list[tuple[str, str, str]] = []
"""Account, region and ARN of executions that were running when the state was saved that was loaded."""


def remember_event(content: dict[str, Any], arn: str, payload: str) -> Event:
    """Returns the event, which is on its way for as long as somebody holds it."""
    event = Event(content, arn, payload)
    _events[id(event)] = event
    return event


def list_events() -> list[list[str]]:
    """Returns function and payload of each event on its way."""
    return [[event.arn, event.payload] for event in list(_events.values())]


def list_running() -> list[str]:
    """Returns the names of the executions that are running."""
    executions = list(stepfunctions._executions._data.values())
    return sorted(str(one["name"]) for one in executions if one["status"] == RUNNING)


def keep_executions() -> None:
    """Has executions that were running stay so when the state is loaded."""
    load = stepfunctions.load_persisted_state

    def load_and_keep(data: Any) -> None:
        executions = data.get("executions", stepfunctions._executions)
        running = [key for key, one in executions._data.items() if one["status"] == RUNNING]
        load(data)
        for key in running:
            _reset(stepfunctions._executions._data[key])
        _interrupted.extend(running)

    stepfunctions.load_persisted_state = load_and_keep


def begin_again(events: Iterable[list[str]]) -> None:
    """Begins what was under way when the state was saved that was loaded."""
    for key in _interrupted:
        threading.Thread(target=_run, args=key, daemon=True).start()
    _interrupted.clear()
    for arn, payload in events:
        eventbridge._dispatch_to_lambda(arn, payload)


def _reset(execution: dict[str, Any]) -> None:
    execution |= {"status": RUNNING, "stopDate": None, "events": execution["events"][:1], "mockAttempts": {}}
    execution.pop("error", None)
    execution.pop("cause", None)


def _run(account: str, region: str, arn: str) -> None:
    responses.set_request_account_id(account)
    responses.set_request_region(region)
    stepfunctions._run_execution(arn)
