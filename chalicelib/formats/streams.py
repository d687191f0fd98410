"""Makes byte streams that can be looked into of streams that are only read forwards, and takes gzip off them.

In comes anything with `read(n)`, such as the body of an object in S3; out goes the same with `peek`. Nothing here
seeks.
"""

import zlib
from io import BytesIO
from typing import Protocol

from chalicelib.errors import Refused, SluiceError
from chalicelib.model.limits import Limits
from chalicelib.model.reading_budget import ReadingBudget

BLOCK_BYTES = 128 << 10


class Readable(Protocol):
    """The one method the readers need. It may return less than asked for; nothing means the end."""

    def read(self, size: int, /) -> bytes:
        """Returns up to `size` bytes; nothing at the end."""


class TimedStream:
    """A stream that looks at the clock before each read."""

    def __init__(self, stream: Readable, budget: ReadingBudget) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, size: int, /) -> bytes:
        """Returns up to `size` bytes; nothing at the end. Raises what `ReadingBudget.check_time` raises."""
        self._budget.check_time()
        return self._stream.read(size)


class BrokenStream(SluiceError):
    """Raised where a stream cannot be read on; readers of rows turn it into the problem `truncated_source`."""


class Beginning:
    """The first bytes of a source whose rest is not here: it breaks off behind them."""

    def __init__(self, content: bytes) -> None:
        self._content = BytesIO(content)

    def read(self, size: int, /) -> bytes:
        """Returns up to `size` bytes. Raises BrokenStream when all have been given."""
        if block := self._content.read(size):
            return block
        raise BrokenStream("only the beginning of the source is here")


class Peekable:
    """Reads forwards and can look ahead without taking."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._ahead = b""
        self._taken = 0
        """How many bytes of `_ahead` were taken. They are not cut off, since that would copy megabytes at each read."""

    def peek(self, size_bytes: int) -> bytes:
        """Returns the next bytes without taking them, fewer only where the stream ends or breaks."""
        waiting = len(self._ahead) - self._taken
        if waiting < size_bytes:
            self._look_ahead(size_bytes - waiting)
        return self._ahead[self._taken : self._taken + size_bytes]

    def _look_ahead(self, missing: int) -> None:
        blocks = [self._ahead[self._taken :]]
        while missing > 0 and (block := self._read_unless_broken(missing)):
            blocks.append(block)
            missing -= len(block)
        self._ahead, self._taken = b"".join(blocks), 0

    def read(self, size: int, /) -> bytes:
        """Returns as many bytes as asked for, but at the end. Raises BrokenStream when all before the break has been
        given."""
        taken = self.peek(size)
        self._taken += len(taken)
        return taken or (self._stream.read(size) if size else b"")

    def _read_unless_broken(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except BrokenStream:
            return b""


class Gunzip:
    """Reads what a gzip stream holds, all its members, within the limits on expansion.

    Raises BrokenStream where the stream ends early or is damaged, after everything before has been handed out, and
    Refused where it grows beyond what the limits allow.
    """

    def __init__(self, stream: Readable, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._inflater = zlib.decompressobj(wbits=31)
        self._waiting = b""
        self._bytes_in = 0
        self._bytes_out = 0

    def read(self, size: int, /) -> bytes:
        """Returns up to `size` bytes of the content; nothing at the end."""
        while True:
            if not self._waiting and not self._fill():
                return b""
            block = self._inflate(size)
            if block:
                return block

    def _fill(self) -> bool:
        """Fetches more of the stream, and returns whether there was any."""
        self._waiting = self._stream.read(BLOCK_BYTES)
        self._bytes_in += len(self._waiting)
        if self._bytes_in > self._limits.gzip_bytes:
            raise Refused(
                "too_large",
                f"The gzipped source has more than {self._limits.gzip_bytes} bytes. Split it, or send it uncompressed.",
                limit=self._limits.gzip_bytes,
            )
        if not self._waiting and not self._inflater.eof and self._bytes_in:
            raise BrokenStream("the gzip stream ends early")
        return bool(self._waiting)

    def _inflate(self, size: int) -> bytes:
        if self._inflater.eof and not self._begin_next_member():
            return b""
        before = self._inflater.copy()
        try:
            block = self._inflater.decompress(self._waiting, size)
        except zlib.error as error:
            if not (block := self._salvage(before)):
                raise BrokenStream("the gzip stream is damaged") from error
            return block
        self._waiting = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail
        self._bytes_out += len(block)
        self._refuse_bombs()
        return block

    def _salvage(self, inflater: "zlib._Decompress") -> bytes:
        """Returns what still comes out before the damage, byte by byte, since zlib drops the output of the call that
        fails."""
        saved = b""
        for position in range(len(self._waiting)):
            try:
                saved += inflater.decompress(self._waiting[position : position + 1])
            except zlib.error:
                self._waiting = self._waiting[position:]
                break
        return saved

    def _begin_next_member(self) -> bool:
        """Returns whether another member follows the last, and not only the zeros that some tools pad with."""
        self._waiting = self._waiting.lstrip(b"\0")
        self._inflater = zlib.decompressobj(wbits=31) if self._waiting else self._inflater
        return bool(self._waiting)

    def _refuse_bombs(self) -> None:
        limits = self._limits
        is_steep = self._bytes_out > limits.expansion_free_bytes and (
            self._bytes_out > limits.expansion_ratio * self._bytes_in
        )
        if is_steep or self._bytes_out > limits.expanded_bytes:
            raise Refused(
                "expansion_refused",
                f"The gzipped source grows from {self._bytes_in} to {self._bytes_out} bytes. Send it uncompressed.",
                compressed_bytes=self._bytes_in,
                expanded_bytes=self._bytes_out,
            )
