"""JSON in any encoding of Unicode becomes UTF-8, with broken bytes still broken."""

import io

import pytest

from chalicelib.formats.encoding.choose import Encoding
from chalicelib.formats.json.utf8 import utf8_stream
from chalicelib.formats.streams import BrokenStream


def converted(content: bytes, encoding: str, size: int = 1_000) -> bytes:
    stream = utf8_stream(io.BytesIO(content), Encoding(encoding))
    return b"".join(iter(lambda: stream.read(size), b""))


@pytest.mark.parametrize("size", [1, 3, 1_000])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "cp1252"])
def test_the_text_stays_the_same(encoding: str, size: int) -> None:
    assert converted('{"a":"é"}\n'.encode(encoding), encoding, size).decode() == '{"a":"é"}\n'


def test_a_byte_order_mark_is_dropped() -> None:
    assert converted(b"\xef\xbb\xbf{}", "utf-8") == b"{}"


@pytest.mark.parametrize("size", [1, 2, 1_000])
def test_an_end_mark_is_dropped_only_at_the_end(size: int) -> None:
    assert converted(b"{}\r\n\x1a\x1a\r\n", "utf-8", size) == b"{}\r\n"
    assert converted(b"{}\n\x1a\n{}", "utf-8", size) == b"{}\n\x1a\n{}"


def test_bytes_that_cannot_be_decoded_stay_invalid() -> None:
    with pytest.raises(UnicodeDecodeError):
        converted(b"{\x00a\xd8", "utf-16-le").decode()


def test_a_stream_that_breaks_off_says_so() -> None:
    stream = utf8_stream(Breaking(), Encoding("utf-16-le"))

    with pytest.raises(BrokenStream, match="the connection was lost"):
        stream.read(10)


class Breaking:
    """A stream that cannot be read at all."""

    def read(self, _size: int, /) -> bytes:
        raise BrokenStream("the connection was lost")
