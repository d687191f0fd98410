import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Conflict
from chalicelib.imports.upload_parts import complete_upload, count_parts, each_part, find_received, sign_parts
from chalicelib.model.imports import Source
from chalicelib.model.limits import Limits
from chalicelib.stores.memory.files import MemoryFiles
from tests.world import World

LIMITS = Limits(upload_part_bytes=10)


@given(size_bytes=st.integers(1, 400))
def test_parts_cover_a_source_without_gaps(size_bytes: int) -> None:
    parts = each_part(size_bytes, range(1, count_parts(size_bytes, LIMITS) + 1), LIMITS)

    assert [one.start for one in parts] == [0, *(one.end for one in parts[:-1])]
    assert parts[-1].end == size_bytes
    assert sum(one.size_bytes for one in parts) == size_bytes
    assert {one.size_bytes for one in parts[:-1]} <= {10}


def test_numbers_that_a_source_does_not_have_are_left_out() -> None:
    assert [one.number for one in each_part(25, range(-1, 9), LIMITS)] == [1, 2, 3]


def test_each_part_has_a_url_of_its_own() -> None:
    source = Source(key="uploads/a", size_bytes=25, upload_id="u1")

    links = sign_parts(World(LIMITS).context, source, [1, 3], expires_s=60)

    assert [("part=1" in one.url, "size_bytes=10" in one.url) for one in links] == [(True, True), (False, False)]


def test_only_parts_that_are_named_are_looked_for() -> None:
    world = World(LIMITS)
    assert isinstance(world.stores.files, MemoryFiles)
    upload_id = world.stores.files.start_parts("uploads/a", content_type="text/csv")
    for number in (1, 3):
        world.stores.files.write_part("uploads/a", upload_id, number, b"0123456789")
    source = Source(key="uploads/a", size_bytes=30, upload_id=upload_id)

    found = find_received(world.context, source, range(2, 4))
    [second, third] = sign_parts(world.context, source, [2, 3], expires_s=60, received=found)

    assert (second.received, third.received) == (None, found[3])
    assert find_received(world.context, source, range(0)) == {}


def test_parts_become_the_source() -> None:
    world = World(LIMITS)
    assert isinstance(world.stores.files, MemoryFiles)
    upload_id = world.stores.files.start_parts("uploads/a", content_type="text/csv")
    world.stores.files.write_part("uploads/a", upload_id, 1, b"0123456789")
    source = Source(key="uploads/a", size_bytes=12, upload_id=upload_id)

    with pytest.raises(Conflict, match=r"Part 2 of 2 has not been sent\."):
        complete_upload(world.context, source)
    world.stores.files.write_part("uploads/a", upload_id, 2, b"ab")
    complete_upload(world.context, source)
    complete_upload(world.context, source)

    assert world.stores.files.read_file("uploads/a") == b"0123456789ab"
