from pathlib import Path

import pytest

from bench.disk import CHUNK_BYTES, DiskFiles
from chalicelib.errors import NotFound
from chalicelib.stores.interfaces import FileRange


@pytest.fixture
def files(tmp_path: Path) -> DiskFiles:
    return DiskFiles(tmp_path)


def test_what_was_written_is_read_from_any_place_on(files: DiskFiles) -> None:
    stored = files.write_stream("work/a/b.json", [b"0123", b"456789"], content_type="")

    assert (stored.key, stored.size_bytes) == ("work/a/b.json", 10)
    assert files.read_file("work/a/b.json") == b"0123456789"
    with files.open_file("work/a/b.json", start=2, end=5) as stream:
        assert stream.read() == b"234"
    with files.open_file("work/a/b.json", start=7) as stream:
        assert stream.read() == b"789"


def test_objects_are_put_together_of_pieces_and_bytes(files: DiskFiles) -> None:
    content = bytes(range(250)) * (CHUNK_BYTES // 100)
    files.write_file("work/a", content)

    files.concatenate(
        [b"[", FileRange("work/a", 1, CHUNK_BYTES * 2), b",", FileRange("work/a", 9, 10)], "all", content_type=""
    )

    assert files.read_file("all") == b"[" + content[1 : CHUNK_BYTES * 2] + b"," + content[9:10]


def test_a_prefix_is_deleted_with_all_that_begins_with_it(files: DiskFiles) -> None:
    for key in ("work/imp/1/rows", "work/imp/2/rows/3", "results/imp"):
        files.write_file(key, b"x")

    assert files.delete_files("work/imp/") == 2
    assert files.find_file("work/imp/1/rows") is None
    assert files.find_file("results/imp") is not None


def test_the_one_version_of_a_file_is_deleted_with_it(files: DiskFiles) -> None:
    file = files.write_file("work/a", b"x")

    for _ in range(2):
        files.delete_versions([file])

    assert files.find_file("work/a") is None


def test_what_is_absent_is_not_found(files: DiskFiles) -> None:
    assert files.find_file("nothing") is None
    with pytest.raises(NotFound):
        files.read_file("nothing")
