"""Where a task of an import or an export sends its state machine; `statemachine/asl.py` has the states."""

from enum import StrEnum


class TaskRoute(StrEnum):
    """The route in a task's answer."""

    DONE = "done"
    CONTINUE = "continue"
    """The time of the function was nearly over: the same function is called again, and goes on."""
