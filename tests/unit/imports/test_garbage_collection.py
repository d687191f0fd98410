"""Garbage collection is rare within a task and as before after it."""

import gc

import pytest

from chalicelib.imports.garbage_collection import SELDOM, seldom_collected


def test_objects_are_looked_through_seldom_and_only_meanwhile() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()

    with seldom_collected():
        meanwhile = gc.get_threshold()

    assert meanwhile == SELDOM
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == frozen


def test_a_task_that_fails_leaves_collection_as_it_was() -> None:
    before = gc.get_threshold()

    with pytest.raises(ValueError, match="broken"), seldom_collected():
        raise ValueError("broken")

    assert gc.get_threshold() == before
