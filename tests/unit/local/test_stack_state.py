"""The state folder is remembered by the next start and used by one process at a time."""

import os
from pathlib import Path

import pytest

from local.stack_state import StackState, StateInUse, load_state, lock_state, save_state


def test_the_next_start_remembers(tmp_path: Path) -> None:
    save_state(tmp_path, StackState(emulator_port=4566, proxy_port=8080))

    assert load_state(tmp_path) == StackState(emulator_port=4566, proxy_port=8080)


def test_the_first_start_remembers_nothing(tmp_path: Path) -> None:
    assert load_state(tmp_path) == StackState(emulator_port=0, proxy_port=0)


def test_a_folder_in_use_is_refused_to_the_second(tmp_path: Path) -> None:
    save_state(tmp_path, StackState(proxy_port=8081))
    where = rf"already runs on .*, at http://127.0.0.1:8081 \(process {os.getpid()}\)"

    with lock_state(tmp_path), pytest.raises(StateInUse, match=where), lock_state(tmp_path):
        pass


@pytest.mark.parametrize("content", ["", "{", '{"unknown": 1}', "[]"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "state.json").write_text(content)

    assert load_state(tmp_path) == StackState()


def test_a_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    with lock_state(tmp_path):
        pass

    with lock_state(tmp_path):
        assert (tmp_path / "lock").exists()
