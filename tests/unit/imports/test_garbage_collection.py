"""Garbage collection is rare within a task and as before after it."""

import gc
import weakref

import pytest

from chalicelib.imports.garbage_collection import SELDOM, seldom_collected

MANY_TASKS = 1_000
"""Of which some hundred make as much garbage as Python waits for before it looks at everything."""
CYCLES = 300


def test_objects_are_looked_through_seldom_and_only_meanwhile() -> None:
    before = gc.get_threshold()

    with seldom_collected():
        meanwhile = gc.get_threshold()

    assert meanwhile == SELDOM
    assert gc.get_threshold() == before


class Looped:
    """Garbage that only a collection finds."""

    def __init__(self) -> None:
        self.itself = self


def test_what_a_task_left_behind_is_found_in_a_process_that_lives_for_long() -> None:
    gone = weakref.ref(a_task_that_leaves_cycles()[0])

    for _ in range(MANY_TASKS):
        a_task_that_leaves_cycles()

    assert gone() is None


def a_task_that_leaves_cycles() -> list[Looped]:
    with seldom_collected():
        return [Looped() for _ in range(CYCLES)]


def test_a_task_that_fails_leaves_collection_as_it_was() -> None:
    before = gc.get_threshold()

    with pytest.raises(ValueError, match="broken"), seldom_collected():
        raise ValueError("broken")

    assert gc.get_threshold() == before
