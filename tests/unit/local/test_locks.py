from pathlib import Path

import pytest

from local.locks import is_locked, locked


def test_a_lock_that_is_held_is_refused_to_others_that_do_not_wait(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "lock"

    with locked(path, waits=False), pytest.raises(BlockingIOError), locked(path, waits=False):
        pass


def test_a_lock_is_free_again_after_its_block(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path, waits=False):
        pass

    with locked(path, waits=True):
        assert path.exists()


def test_whoever_finds_it_locked_can_read_by_whom(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path, waits=False, text="12345"), locked(tmp_path / "other", waits=False):
        pass

    with locked(path, waits=False, text="678"):
        assert is_locked(path)
        assert path.read_text() == "678"


def test_a_lock_that_nobody_holds_or_ever_held_is_not_locked(tmp_path: Path) -> None:
    with locked(tmp_path / "lock", waits=False):
        pass

    assert not is_locked(tmp_path / "lock")
    assert not is_locked(tmp_path / "never")
