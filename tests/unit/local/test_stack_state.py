"""The state folder is remembered by the next start and used by one process at a time."""

from pathlib import Path

import pytest

from local.stack_state import StackState, StateInUse, load_state, lock_state, save_state


def test_the_next_start_remembers(tmp_path: Path) -> None:
    save_state(tmp_path, StackState(emulator_port=4566, proxy_port=8080))

    assert load_state(tmp_path) == StackState(emulator_port=4566, proxy_port=8080)


def test_the_first_start_remembers_nothing(tmp_path: Path) -> None:
    assert load_state(tmp_path) == StackState(emulator_port=0, proxy_port=0)


def test_a_folder_in_use_is_refused_to_the_second(tmp_path: Path) -> None:
    with lock_state(tmp_path), pytest.raises(StateInUse), lock_state(tmp_path):
        pass


def test_a_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    with lock_state(tmp_path):
        pass

    with lock_state(tmp_path):
        assert (tmp_path / "lock").exists()
