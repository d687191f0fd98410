"""The state folder is remembered by the next start and used by one process at a time."""

from pathlib import Path

import pytest

from local.state import Memory, StateInUse, claimed, load_memory, save_memory


def test_the_next_start_remembers(tmp_path: Path) -> None:
    save_memory(tmp_path, Memory(emulator_port=4566, front_port=8080, deployed="abc"))

    assert load_memory(tmp_path) == Memory(emulator_port=4566, front_port=8080, deployed="abc")


def test_the_first_start_remembers_nothing(tmp_path: Path) -> None:
    assert load_memory(tmp_path) == Memory(emulator_port=0, front_port=0, deployed="")


def test_a_folder_in_use_is_refused_to_the_second(tmp_path: Path) -> None:
    with claimed(tmp_path), pytest.raises(StateInUse), claimed(tmp_path):
        pass


def test_a_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    with claimed(tmp_path):
        pass

    with claimed(tmp_path):
        assert (tmp_path / "lock").exists()
