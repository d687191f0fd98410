from pathlib import Path

import pytest

from local.locks import locked


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
