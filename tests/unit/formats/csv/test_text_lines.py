"""Lines of a text, which can be looked at ahead, taken, and given back."""

import io

from chalicelib.formats.csv.text_lines import TextLines
from chalicelib.formats.encoding.choose import Encoding
from chalicelib.formats.streams import BrokenStream
from chalicelib.formats.text import DecodedText
from tests.reading import codes, found, rows_of


def test_a_single_line_beyond_all_limits_is_skipped_without_being_kept() -> None:
    rows = rows_of("a,b\n" + "x" * 3_000_000 + "\r\n1,2\r\n")

    assert [codes(row.problems) for row in rows] == [["row_too_large"], []]
    assert found(rows)[1] == (2, 3, [])


def lines_of(text: str, row_bytes: int = 1_000) -> TextLines:
    return TextLines(DecodedText(io.BytesIO(text.encode()), Encoding("utf-8")), row_bytes)


def test_lines_keep_their_ends() -> None:
    assert list(lines_of("a\nb\r\nc\rd")) == ["a\n", "b\r\n", "c\r", "d"]


def test_lines_that_were_looked_at_are_still_to_come() -> None:
    lines = lines_of("a\nb\nc\nd\n")

    assert lines.peek(3) == ["a\n", "b\n"]
    assert lines.take(3) == ["a\n", "b\n"]
    assert (lines.take(3), lines.is_at_end) == (["c\n", "d\n"], False)
    assert (lines.take(3), lines.is_at_end) == ([], True)


def test_lines_that_are_given_back_come_next() -> None:
    lines = lines_of("a\nb\nc\n")
    taken = lines.take(2)

    lines.push_back(taken)

    assert list(lines) == ["a\n", "b\n", "c\n"]


def test_lines_stop_where_those_since_the_last_row_are_too_large() -> None:
    lines = lines_of("aaaa\nbbbb\ncccc\n", row_bytes=9)

    assert list(lines) == ["aaaa\n"]
    assert (lines.is_too_large, lines.recent) == (True, ["aaaa\n", "bbbb\n"])


def test_a_line_in_which_the_source_breaks_off_is_no_line() -> None:
    lines = TextLines(DecodedText(Breaking(b"a\nb"), Encoding("utf-8")), 1_000)

    assert list(lines) == ["a\n"]
    assert lines.truncated_line == "b"


class Breaking:
    """A stream that breaks behind its content."""

    def __init__(self, content: bytes) -> None:
        self._inner = io.BytesIO(content)

    def read(self, size: int, /) -> bytes:
        if block := self._inner.read(size):
            return block
        raise BrokenStream("the connection was lost")
