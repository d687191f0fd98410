"""Gzipped sources: the same rows, bombs refused, breaks reported."""

import gzip
import random

import pytest

from chalicelib.model.limits import Limits
from tests.reading import codes, given, opened, opened_bytewise, refusal_of

CSV = b"name,city\nAda,London\nGrace,New York\n"
ROWS = [["Ada", "London"], ["Grace", "New York"]]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(gzip.compress(CSV), id="one_member"),
        pytest.param(gzip.compress(CSV[:20]) + gzip.compress(CSV[20:]), id="two_members"),
        pytest.param(gzip.compress(b"") + gzip.compress(CSV) + gzip.compress(b""), id="empty_members"),
        pytest.param(gzip.compress(CSV) + bytes(512), id="padded"),
    ],
)
@pytest.mark.parametrize("most", [1, 4096])
def test_gzip_is_taken_off(content: bytes, most: int) -> None:
    table = opened_bytewise(content, most=most)

    assert given(table.rows) == ROWS


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        pytest.param(b'{"a":1}\n{"a":2}\n', "ndjson", id="ndjson"),
        pytest.param(b'[{"a":1},{"a":2}]', "json", id="json"),
        pytest.param(b"a\tb\n1\t2\n3\t4\n", "tsv", id="tsv"),
    ],
)
def test_every_text_format_may_be_gzipped(content: bytes, format_: str) -> None:
    table = opened(gzip.compress(content), filename=f"rows.{format_}.gz")

    assert (table.format, table.findings) == (format_, ())
    assert len(list(table.rows)) == 2


def test_a_stream_that_ends_early_gives_its_rows_and_says_so() -> None:
    rng = random.Random(7)
    lines = [f"{rng.random()},{rng.random()}\n" for _ in range(50_000)]
    content = gzip.compress(("a,b\n" + "".join(lines)).encode())

    rows = list(opened(content[: len(content) // 2]).rows)

    assert len(rows) > 10_000
    assert not any(row.problems for row in rows[:-1])
    assert codes(rows[-1].problems) == ["truncated_source"]
    assert rows[-1].number == len(rows)


def test_a_damaged_stream_says_so() -> None:
    content = bytearray(gzip.compress(CSV))
    content[-8] ^= 0xFF

    rows = list(opened(bytes(content)).rows)

    assert given(rows[:2]) == ROWS
    assert [codes(row.problems) for row in rows] == [[], [], ["truncated_source"]]


def test_the_growth_of_a_source_is_limited() -> None:
    limits = Limits(expansion_ratio=100, expansion_free_bytes=1 << 20)
    bomb = gzip.compress(b"a,b\n" + b"1,2\n" * 2_000_000)

    refusal = refusal_of(bomb, limits=limits)

    assert refusal.code == "expansion_refused"


def test_what_a_source_may_grow_to_is_limited() -> None:
    content = gzip.compress(random.Random(7).randbytes(40_000).hex().encode())

    assert refusal_of(content, limits=Limits(expanded_bytes=50_000)).code == "expansion_refused"


def test_a_gzipped_source_is_limited() -> None:
    content = gzip.compress(random.Random(7).randbytes(40_000).hex().encode())

    assert refusal_of(content, limits=Limits(gzip_bytes=1_000)).code == "too_large"


def test_gzip_around_nothing_is_empty() -> None:
    assert refusal_of(gzip.compress(b"")).code == "empty_source"


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08\x00 no more", gzip.compress(b"")], ids=["damaged", "empty"])
def test_a_gzip_file_that_gives_no_row_is_refused_as_what_it_is(content: bytes) -> None:
    assert "gzip file is damaged before its first row, or empty" in refusal_of(content).message
