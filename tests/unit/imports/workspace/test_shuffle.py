"""Every reader finds its part of every writer's object, with an index and without."""

from collections.abc import Iterator, Sequence

import pytest

from chalicelib.errors import NotFound
from chalicelib.imports.workspace.shuffle import Shuffle
from chalicelib.imports.workspace.work_objects import WorkObjects
from chalicelib.model.phases import PhaseName
from chalicelib.stores.interfaces import FileRange
from chalicelib.stores.memory import MemoryFiles

PHASE = PhaseName.TRANSFORMING
WRITERS = {7: 7, 8: 8, 30: 30}


class CountedFiles(MemoryFiles):
    """Counts the ranges that are asked for, and the objects written."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: 0.0)
        self.ranges = 0

    def read_ranges(self, ranges: Sequence[FileRange]) -> Iterator[bytes | None]:
        self.ranges += len(ranges)
        return super().read_ranges(ranges)


@pytest.fixture
def files() -> CountedFiles:
    return CountedFiles()


def shuffle_of(files: MemoryFiles, parts: int, *, attempt_id: str = "t") -> Shuffle:
    """As an attempt of a task sees it, after a gate that counts the attempts called `t`."""
    objects = WorkObjects(files, "work/1", attempt_id)
    objects.write_one(f"{PHASE}/committed_attempts", [(task, "t") for task in WRITERS.values()])
    return Shuffle(objects, PHASE, "keys", parts)


def written(files: MemoryFiles, parts: int) -> Shuffle:
    """The second writer has nothing, the third begins with its second part."""
    shuffle = shuffle_of(files, parts)
    shuffle.write(7, {0: b"a0", parts - 1: b"a-last"})
    shuffle.write(8, {})
    shuffle.write(30, {1: b"c1", parts - 1: b"c-last"})
    return shuffle


@pytest.mark.parametrize("has_index", [True, False], ids=["index", "no index"])
def test_a_part_is_read_of_all_writers_in_their_order(files: CountedFiles, has_index: bool) -> None:
    shuffle = written(files, 5)
    if has_index:
        shuffle.write_index(WRITERS)

    assert [*shuffle.each(0, WRITERS)] == [(7, b"a0")]
    assert [*shuffle.each(1, WRITERS)] == [(30, b"c1")]
    assert [*shuffle.each(2, WRITERS)] == []
    assert [*shuffle.each(4, WRITERS)] == [(7, b"a-last"), (30, b"c-last")]


def test_a_writer_leaves_one_object_whatever_the_parts(files: CountedFiles) -> None:
    written(files, 500)

    assert len(files.list_keys(f"work/1/{PHASE}/keys/")) == 2


def test_an_index_spares_readers_the_heads_of_all_objects(files: CountedFiles) -> None:
    shuffle = written(files, 5)
    shuffle.write_index(WRITERS)
    assert files.ranges == 3
    files.ranges = 0

    assert [*shuffle.each(0, WRITERS)] == [(7, b"a0")]

    assert files.ranges == 2


def test_a_single_part_needs_no_index(files: CountedFiles) -> None:
    shuffle = shuffle_of(files, 1)
    shuffle.write(7, {0: b"a"})
    shuffle.write(30, {0: b"c"})
    shuffle.write_index(WRITERS)

    assert [*shuffle.each(0, WRITERS)] == [(7, b"a"), (30, b"c")]
    assert not files.list_keys(f"work/1/{PHASE}/keys/index")


def test_an_index_says_nothing_of_attempts_that_do_not_count(files: CountedFiles) -> None:
    shuffle = written(files, 5)
    shuffle_of(files, 5, attempt_id="late").write(7, {0: b"another, longer part"})
    shuffle.write_index(WRITERS)

    assert [*shuffle.each(0, WRITERS)] == [(7, b"a0")]
    assert [*shuffle.each(4, WRITERS)] == [(7, b"a-last"), (30, b"c-last")]


def test_an_object_that_is_gone_is_not_taken_for_an_empty_one(files: CountedFiles) -> None:
    shuffle = written(files, 5)
    shuffle.write_index(WRITERS)
    files.delete_files(f"work/1/{PHASE}/keys/7")

    with pytest.raises(NotFound):
        [*shuffle.each(0, WRITERS)]
