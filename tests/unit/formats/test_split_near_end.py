"""Where rows begin at the end of a source."""

import io

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.formats import Splits, find_layout, find_row_near_end, open_split, split_source
from chalicelib.model.limits import Limits
from chalicelib.model.reading_options import ReadingOptions

LIMITS = Limits(split_bytes=60, row_bytes=4_000)


def splits_of(content: bytes, limits: Limits = LIMITS) -> Splits | None:
    layout = find_layout(io.BytesIO(content), ReadingOptions(), limits)
    return split_source(lambda start: io.BytesIO(content[start:]), len(content), layout, limits) if layout else None


def position_near_end(content: bytes, tail_bytes: int, splits: Splits) -> int:
    return find_row_near_end(lambda start: io.BytesIO(content[start:]), len(content), splits, tail_bytes)


cells = st.sampled_from(["a", '"b"', '"c\nd"', '"e ""f""\n,g"', '"\n\n"', '"h\r\ni"', "é"])


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.tuples(cells, cells), min_size=20, max_size=40), tail_bytes=st.integers(1, 400))
def test_the_rows_behind_that_position_are_the_last_of_the_source(rows: list[tuple[str, str]], tail_bytes: int) -> None:
    content = "\n".join(["x,y", *map(",".join, rows)]).encode()
    splits = splits_of(content)
    assume(splits is not None)
    assert splits is not None

    position = position_near_end(content, tail_bytes, splits)

    whole = [row.given for row in open_split(io.BytesIO(content), splits.layout, LIMITS, is_first=True).rows]
    if position == 0:
        assert tail_bytes >= len(content)
        return
    found = [
        row.given for row in open_split(io.BytesIO(content[position:]), splits.layout, LIMITS, is_first=False).rows
    ]
    assert found == whole[len(whole) - len(found) :]
    assert position >= len(content) - tail_bytes


@pytest.mark.parametrize(
    ("content", "tail_bytes", "expected"),
    [
        pytest.param(b'{"a": 1}\n' * 20, 20, b'{"a": 1}\n' * 2, id="ndjson"),
        pytest.param(b'{"a": "\\""}\n' * 20, 26, b'{"a": "\\""}\n' * 2, id="quotes-in-ndjson"),
        pytest.param(b"x,y\r" + b"1,2\r" * 40, 9, b"1,2\r" * 2, id="carriage-returns"),
        pytest.param(b"x,y\r\n" + b"1,2\r\n" * 40, 10, b"1,2\r\n" * 2, id="exactly-at-a-row"),
        pytest.param(b"x,y\n" + b"1,2\n" * 40 + b'"' + b"z" * 90 + b'",3', 50, b"", id="within-the-last-row"),
    ],
)
def test_the_position_near_the_end_is_that_of_a_row(content: bytes, tail_bytes: int, expected: bytes) -> None:
    splits = splits_of(content)
    assert splits is not None

    assert content[position_near_end(content, tail_bytes, splits) :] == expected
