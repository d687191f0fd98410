"""A file is whole or as it was before, and a tree of links is apart from what it was made of."""

import time
import zlib
from pathlib import Path

import pytest

from local.durable_files import (
    checksum_of,
    link_tree,
    remove_in_background,
    remove_tree,
    sync_disk,
    sync_path,
    write_whole,
)


def test_a_file_is_written_for_its_owner_alone_where_that_is_wished(tmp_path: Path) -> None:
    write_whole(tmp_path / "keys", "secret", mode=0o600)

    assert (tmp_path / "keys").read_text() == "secret"
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("before")

    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "state", "half of it, then \ud800")

    assert [path.name for path in tmp_path.iterdir()] == ["state"]
    assert (tmp_path / "state").read_text() == "before"


def test_the_disk_has_a_file_before_it_has_its_name_and_then_the_name(tmp_path: Path) -> None:
    synced = []

    def sync(path: Path) -> None:
        synced.append((path.name, (tmp_path / "state").exists()))

    write_whole(tmp_path / "state", "content", sync=sync)

    assert synced == [("state.unfinished", False), (tmp_path.name, True)]


def test_what_the_disk_refuses_gets_no_name(tmp_path: Path) -> None:
    def fail(_path: Path) -> None:
        raise OSError("the disk is broken")

    with pytest.raises(OSError, match="broken"):
        write_whole(tmp_path / "state", "content", sync=fail)

    assert list(tmp_path.iterdir()) == []


def test_the_disk_has_everything_below_a_folder_of_any_kind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("content")

    sync_path(tmp_path / "file")
    sync_path(tmp_path)
    sync_disk(tmp_path)

    with pytest.raises(FileNotFoundError):
        sync_disk(tmp_path / "none")


def test_a_tree_of_links_keeps_what_is_replaced_or_deleted_later(tmp_path: Path) -> None:
    (tmp_path / "live" / "deep").mkdir(parents=True)
    (tmp_path / "live" / "a").write_text("a")
    (tmp_path / "live" / "deep" / "b").write_text("b")

    files = link_tree(tmp_path / "live", tmp_path / "kept")
    write_whole(tmp_path / "live" / "a", "changed")
    (tmp_path / "live" / "deep" / "b").unlink()

    assert files == 2
    assert ((tmp_path / "kept" / "a").read_text(), (tmp_path / "kept" / "deep" / "b").read_text()) == ("a", "b")


def test_a_tree_that_is_not_there_is_an_empty_one(tmp_path: Path) -> None:
    assert link_tree(tmp_path / "none", tmp_path / "kept") == 0
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_removed_tree_is_gone_and_may_be_gone_before(tmp_path: Path) -> None:
    (tmp_path / "tree" / "deep").mkdir(parents=True)

    remove_tree(tmp_path / "tree")
    remove_tree(tmp_path / "tree")

    assert not (tmp_path / "tree").exists()


def test_a_removal_ends_in_time_however_much_there_is(tmp_path: Path) -> None:
    for n in range(3_000):
        (tmp_path / "tree" / str(n)).mkdir(parents=True)

    remove_tree(tmp_path / "tree", within_s=0)
    assert (tmp_path / "tree").exists()

    remove_tree(tmp_path / "tree")
    assert not (tmp_path / "tree").exists()


def test_a_folder_that_is_removed_in_the_background_frees_its_name_at_once(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "file").touch()
    (tmp_path / "tmp.1.removed").mkdir()

    remove_in_background(tmp_path / "tmp")
    (tmp_path / "tmp").mkdir()

    deadline = time.monotonic() + 30
    while len(list(tmp_path.iterdir())) > 1:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_checksum_is_that_of_the_whole_file(tmp_path: Path) -> None:
    content = bytes(range(256)) * 9000
    (tmp_path / "large").write_bytes(content)

    assert checksum_of(tmp_path / "large") == zlib.crc32(content)
