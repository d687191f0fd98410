"""JSON arrives in UTF-8, rarely in UTF-16 or UTF-32; its readers know UTF-8 only, without a byte order mark."""

import codecs
from collections.abc import Iterator

from chalicelib.formats.encodings import Encoding
from chalicelib.formats.streams import Broken, Peekable, Readable
from chalicelib.formats.text import Text


def utf8_stream(stream: Readable, encoding: Encoding) -> Readable:
    """The same text in UTF-8. Bytes that are not what they should be stay invalid, so that their row fails."""
    if encoding.name != "utf-8":
        return _Transcoded(Text(stream, encoding))
    marked = Peekable(stream)
    if marked.peek(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
        marked.read(len(codecs.BOM_UTF8))
    return marked


class _Transcoded:
    def __init__(self, text: Text) -> None:
        self._text = text
        self._blocks: Iterator[str] = text.each_block()

    def read(self, size: int, /) -> bytes:
        """One block of text, whatever the size asked for."""
        block = next(self._blocks, "")
        if not block and self._text.broken:
            raise Broken(self._text.broken)
        return block.encode("utf-8", "surrogatepass")
