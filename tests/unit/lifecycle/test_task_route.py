"""Both machines call a task's function again by the same word."""

from typing import Any

import pytest

from chalicelib.lifecycle.task_route import TaskRoute
from local.template import definitions_of

MAPS = [
    pytest.param(state["ItemProcessor"]["States"], id=name)
    for definition in definitions_of("prod").values()
    for name, state in definition["States"].items()
    if state["Type"] == "Map"
]


@pytest.mark.parametrize("states", MAPS)
def test_every_map_calls_a_task_again_that_is_to_go_on(states: dict[str, Any]) -> None:
    [choice] = [state for state in states.values() if state["Type"] == "Choice"]

    again = choice["Choices"][0]
    assert again["StringEquals"] == TaskRoute.CONTINUE
    assert states[again["Next"]]["Type"] == "Task"
