"""Selected records are written into shard files, and their lines read again in order, from any line on."""

from collections.abc import Callable, Sequence
from itertools import islice

import pytest

from chalicelib.exports.shard_files import (
    CHUNK_LINES,
    SelectedRecord,
    ShardFileLines,
    each_line,
    from_line,
    to_line,
    write_shard_file,
)
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.exports import ShardFile
from chalicelib.model.ids import RecordId
from chalicelib.schema.query.sorting import SortKey, value_ranker_of
from chalicelib.stores.interfaces import Files
from chalicelib.stores.memory import stores


def selected(*names: str) -> list[SelectedRecord]:
    return [SelectedRecord(f"con_{name}", name, [name, None]) for name in names]


def by_name() -> Callable[[bytes], SortKey]:
    rank = value_ranker_of(RESOURCES["contacts"], "name", is_descending=False)
    return lambda line: rank(from_line(line).sort_value, RecordId(from_line(line).record_id))


def write(files: Files, key: str, names: Sequence[str]) -> ShardFile:
    return write_shard_file(files, key, map(to_line, selected(*names)))


def names_of(lines: Sequence[bytes]) -> list[str]:
    return [str(from_line(line).sort_value) for line in lines]


@pytest.mark.parametrize("rows", [0, 1, CHUNK_LINES, CHUNK_LINES + 1])
def test_lines_are_read_as_they_were_written(rows: int) -> None:
    files = stores().files
    names = [f"n{number}" for number in range(rows)]

    shard_file = write(files, "work/a", names)

    assert shard_file.rows == rows
    assert [from_line(line) for line in each_line(files, shard_file)] == selected(*names)


def test_a_file_is_read_in_blocks_that_need_not_end_with_a_line() -> None:
    files = stores().files
    names = [f"{number:06d}" + "x" * 1_000 for number in range(200)]
    shard_file = write(files, "work/a", names)

    assert names_of([*each_line(files, shard_file, beside=10_000)]) == names


def test_without_an_order_file_follows_file() -> None:
    files = stores().files
    shard_files = [write(files, "work/a", ["d", "b"]), write(files, "work/b", ["c", "a"])]

    assert names_of([*ShardFileLines(files, shard_files, sort_key=None).each_line()]) == ["d", "b", "c", "a"]


@pytest.mark.parametrize("sort_key", [None, by_name()], ids=["in turn", "merged"])
def test_another_process_goes_on_where_one_has_stopped(sort_key: Callable[[bytes], SortKey] | None) -> None:
    files = stores().files
    shard_files = [write(files, "work/a", ["a", "c", "e"]), write(files, "work/b", ["b", "d"])]
    whole = [*ShardFileLines(files, shard_files, sort_key=sort_key).each_line()]

    for taken in range(len(whole) + 1):
        first = ShardFileLines(files, shard_files, sort_key=sort_key)
        before = [*islice(first.each_line(), taken)]
        after = [*ShardFileLines(files, shard_files, first.offsets, sort_key=sort_key).each_line()]
        assert [*before, *after] == whole


def test_sorted_files_are_merged() -> None:
    files = stores().files
    shard_files = [write(files, "work/a", ["a", "c"]), write(files, "work/b", ["b", "d"])]

    assert names_of([*ShardFileLines(files, shard_files, sort_key=by_name()).each_line()]) == ["a", "b", "c", "d"]
