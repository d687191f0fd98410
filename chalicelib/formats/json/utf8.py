"""Makes UTF-8 of JSON, which rarely arrives in UTF-16 or UTF-32: its readers know UTF-8 only, without a byte order
mark."""

import codecs
from collections.abc import Iterator

from chalicelib.formats.encoding.choose import Encoding
from chalicelib.formats.streams import BrokenStream, Peekable, Readable
from chalicelib.formats.text import END_MARK, DecodedText


def utf8_stream(stream: Readable, encoding: Encoding) -> Readable:
    """Returns the same text as a stream of UTF-8. Bytes that are not what they should be stay invalid, so that their
    row fails."""
    if encoding.name != "utf-8":
        return _Transcoded(DecodedText(stream, encoding))
    marked = Peekable(stream)
    if marked.peek(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
        marked.read(len(codecs.BOM_UTF8))
    return _WithoutEndMark(marked)


class _WithoutEndMark:
    """The same bytes without an end mark (`text.END_MARK`) at the end; text in other encodings has lost it already."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._held = b""

    def read(self, size: int, /) -> bytes:
        """Returns the next bytes, which may be a few more than asked for."""
        while block := self._stream.read(size):
            block, self._held = self._held + block, b""
            if _END_MARK in block:
                end = block.find(_END_MARK, len(block.rstrip(_END_MARK + b"\r\n")))
                block, self._held = (block, b"") if end < 0 else (block[:end], block[end:])
            if block:
                return block
        return b""


_END_MARK = END_MARK.encode()


class _Transcoded:
    """A stream that gives text of another encoding as UTF-8."""

    def __init__(self, text: DecodedText) -> None:
        self._text = text
        self._blocks: Iterator[str] = text.each_block()

    def read(self, size: int, /) -> bytes:
        """Returns one block of text, whatever the size asked for."""
        block = next(self._blocks, "")
        if not block and self._text.broken:
            raise BrokenStream(self._text.broken)
        return block.encode("utf-8", "surrogatepass")
