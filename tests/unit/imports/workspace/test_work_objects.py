"""Readers see what committed attempts wrote, and nothing else."""

import pytest

from chalicelib.errors import NotFound
from chalicelib.imports.workspace.work_objects import BlockBuffer, WorkObjects, address_of
from chalicelib.model.phases import PhaseName
from chalicelib.stores import memory

PHASE = PhaseName.PROCESSING


def test_only_what_the_committed_attempt_wrote_is_read() -> None:
    files = memory.stores().files
    late, committed = WorkObjects(files, "work", "late"), WorkObjects(files, "work", "good")
    late.write(PHASE, "rows/0", [9])
    committed.write(PHASE, "rows/0", [1, 2])
    before: list[int] = [*late.each(PHASE, 0, "rows/0")]

    committed.write_one(f"{PHASE}/committed_attempts", [(0, "good")])

    assert before == []
    assert [*late.each(PHASE, 0, "rows/0")] == [1, 2]


def test_an_absent_object_reads_as_empty() -> None:
    objects = WorkObjects(memory.stores().files, "work", "a")
    objects.write(PHASE, "rows/0", [])
    objects.write_one(f"{PHASE}/committed_attempts", [(0, "a")])

    assert [*objects.each_block(PHASE, 0, "rows/0")] == []


def test_a_value_that_all_attempts_share_is_absent_until_it_is_written() -> None:
    objects = WorkObjects(memory.stores().files, "work", "a")

    with pytest.raises(NotFound):
        objects.read_one("manifest")
    objects.write_one("manifest", {"splits": 2})

    assert objects.read_one("manifest") == {"splits": 2}


def test_notes_of_all_attempts_are_read() -> None:
    files = memory.stores().files
    for attempt_id in ("a", "b"):
        WorkObjects(files, "work", attempt_id).write_one(f"notes/{attempt_id}", attempt_id)

    assert sorted(WorkObjects(files, "work", "c").each_one("notes")) == ["a", "b"]


def test_blocks_of_rows_are_read_one_by_one_by_the_places_that_their_object_tells() -> None:
    objects, buffer = WorkObjects(memory.stores().files, "work", "a"), BlockBuffer()
    blocks = [["Ann", "Bob"], ["Cem"], ["Dan"]]
    for first_row, block in zip((1, 3, 4), blocks, strict=True):
        buffer.add_rows(block, first_row, len(block))
    objects.write_shared_buffer("rows", buffer)
    objects.write_shared_buffer("empty", BlockBuffer())

    places = objects.read_shared_places("rows")

    assert [(place.first_row, place.rows) for place in places] == [(1, 2), (3, 1), (4, 1)]
    assert [objects.read_shared_block("rows", place) for place in places] == blocks
    assert objects.read_shared_places("empty") == []
    assert [*objects.each_shared_block("rows")] == blocks


def test_the_places_of_very_many_blocks_are_read_too() -> None:
    objects, buffer = WorkObjects(memory.stores().files, "work", "a"), BlockBuffer()
    for row in range(1, 2_001):
        buffer.add_rows([row], row, 1)
    objects.write_shared_buffer("rows", buffer)

    places = objects.read_shared_places("rows")

    assert len(places) == 2_000
    assert objects.read_shared_block("rows", places[-1]) == [2_000]


@pytest.mark.parametrize(("place", "address"), [(0, "a"), (2, "2/a")], ids=["of this attempt", "of an earlier one"])
def test_the_address_of_what_an_earlier_attempt_of_the_import_wrote_says_where_it_lies(
    place: int, address: str
) -> None:
    assert address_of("a", place) == address
