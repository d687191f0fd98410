"""Decodes bytes to text, block by block, without ever failing: what cannot be decoded stays visible in the text.

In goes a stream and its encoding, out go blocks of text. An undecodable byte becomes a lone surrogate between U+DC00
and U+DCFF (low byte = the byte), which no decoder produces otherwise, so that the row it stands in can be named.
"""

import codecs
import re
from collections.abc import Iterator

from chalicelib.formats.encoding.choose import Encoding
from chalicelib.formats.formulas import BEGINNING_CHARACTERS, may_hold_disarmed
from chalicelib.formats.streams import BLOCK_BYTES, BrokenStream, Readable

BYTE_ORDER_MARK = "\ufeff"
END_MARK = "\x1a"
"""Ctrl-Z, which old programs put at the end of a text file."""
_MARK_AT_LINE_START = re.compile(f"(?<=[\r\n]){BYTE_ORDER_MARK}+")
UNDECODABLE = re.compile("[\udc00-\udcff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def _to_surrogates(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error("sluice.surrogates", _to_surrogates)


def cut_end_mark(text: str) -> tuple[str, str]:
    """Returns the text up to an end mark behind which only end marks and line ends follow, and the rest."""
    content = text.rstrip(END_MARK + "\r\n")
    end = text.find(END_MARK, len(content))
    return (text, "") if end < 0 else (text[:end], text[end:])


def printable(text: str) -> str:
    """Returns text that can be stored and printed, with the replacement character for every undecodable byte."""
    return _SURROGATE.sub("\ufffd", text)


def undecodable_bytes(text: str) -> str:
    """Returns the first bytes that could not be decoded, as a person may search for them: `\\xe9 \\x80`."""
    return " ".join(f"\\x{ord(one) - 0xDC00:02x}" for one in UNDECODABLE.findall(text)[:20])


class DecodedText:
    """A source as blocks of text."""

    def __init__(self, stream: Readable, encoding: Encoding, *, is_start: bool = True) -> None:
        self._stream = stream
        self._is_start = is_start
        self.encoding = encoding
        self.is_suspect = False
        """Whether NULs or undecodable bytes have been seen: rows need a closer look."""
        self.may_hold_disarmed = False
        """Whether the beginning of a disarmed formula, or what looks like it, has been seen: cells need a look."""
        self._tail = ""
        self._held = ""
        """An end mark and what stands behind it, given only if more follows."""
        self._is_at_line_start = True
        self.broken = ""
        """Why the stream ended early; empty if it did not."""
        self._lenient = codecs.getincrementaldecoder(encoding.name)("sluice.surrogates")
        self._strict = codecs.getincrementaldecoder(encoding.name)("strict")

    def each_block(self) -> Iterator[str]:
        """Yields blocks of text, never empty ones; lazy. Byte order marks at the very start of a source are dropped."""
        is_start = self._is_start
        while True:
            data = self._read()
            block = self._decoded(data)
            if is_start:
                block = block.lstrip(BYTE_ORDER_MARK)
            block = self._without_end_mark(self._without_marks(block))
            if block:
                is_start = False
                self.is_suspect = self.is_suspect or "\0" in block
                self._look_for_disarmed(block)
                yield block
            if not data:
                return

    def _without_marks(self, block: str) -> str:
        """Returns the block without byte order marks at the beginning of lines, which come from files that were put
        together."""
        is_at_line_start, self._is_at_line_start = self._is_at_line_start, block[-1:] in ("\r", "\n")
        if BYTE_ORDER_MARK not in block:
            return block
        block = block.lstrip(BYTE_ORDER_MARK) if is_at_line_start else block
        return _MARK_AT_LINE_START.sub("", block)

    def _without_end_mark(self, block: str) -> str:
        """Returns the block without an end mark, which is held until it is known whether more follows."""
        block, self._held = self._held + block if block else "", self._held if not block else ""
        if END_MARK in block:
            block, self._held = cut_end_mark(block)
        return block

    def _look_for_disarmed(self, block: str) -> None:
        self.may_hold_disarmed = self.may_hold_disarmed or may_hold_disarmed(self._tail + block)
        self._tail = (self._tail + block[-BEGINNING_CHARACTERS:])[-BEGINNING_CHARACTERS:]

    def _read(self) -> bytes:
        try:
            return self._stream.read(BLOCK_BYTES)
        except BrokenStream as broken:
            self.broken = str(broken)
            return b""

    def _decoded(self, data: bytes) -> str:
        before = self._strict.getstate()
        try:
            return self._strict.decode(data, not data)
        except UnicodeDecodeError:
            return self._decoded_leniently(before, data)

    def _decoded_leniently(self, before: tuple[bytes, int], data: bytes) -> str:
        self.is_suspect = True
        self._lenient.setstate(before)
        text = self._lenient.decode(data, not data)
        self._strict.setstate(self._lenient.getstate())
        return text
