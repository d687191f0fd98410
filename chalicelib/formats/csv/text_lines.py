"""Gives the physical lines of a text to `csv.reader`, with a way back.

CSV cannot be read line by line, since quoted values hold line ends, nor blindly, since one quote that never closes
swallows the rest of the file. So the lines of the row being read are remembered until the row is complete; when the row
grows beyond the limit the lines stop, the reader of rows takes the first of them for broken and pushes the others back.
"""

import io
from collections.abc import Iterable, Iterator
from itertools import islice

from chalicelib.formats.text import DecodedText


class TextLines:
    """The lines of a text, each with its end (LF, CR or CRLF, mixed as they come)."""

    def __init__(self, text: DecodedText, row_bytes: int) -> None:
        self._text = text
        self._row_bytes = row_bytes
        self._blocks = self._each_block()
        self._stack: list[Iterator[str]] = []
        self.recent: list[str] = []
        """Lines given since this list was last cleared, which readers of rows do after every row."""
        self.is_too_large = False
        """Whether the lines stopped because those in `recent` exceed `row_bytes`."""
        self.is_at_end = False
        """Whether a line was asked for after the last one."""
        self.truncated_line = ""
        """The beginning of a line in which the source broke off; it is not given as a line."""

    def __iter__(self) -> Iterator[str]:
        """Yields lines; lazy. May be started anew after it stopped for `is_too_large`, or was left, with `recent`
        cleared."""
        self.is_too_large = self.is_at_end = False
        recent, limit, size = self.recent, self._row_bytes, 0
        while self._stack or self._load():
            for line in self._stack[-1]:
                if recent or len(line) * 4 > limit:
                    size = (size if len(recent) > 1 else sum(map(size_bytes, recent))) + size_bytes(line)
                    self.is_too_large = size > limit
                recent.append(line)
                if self.is_too_large:
                    return
                yield line
            self._stack.pop()
        self.is_at_end = True

    def take(self, count: int) -> list[str]:
        """Returns up to `count` of the next lines, none at the end. They are not in `recent`, and may be of any
        size."""
        lines: list[str] = []
        while not lines and (self._stack or self._load()):
            lines = [*islice(self._stack[-1], count)]
            if not lines:
                self._stack.pop()
        self.is_at_end = not lines
        return lines

    def push_back(self, lines: Iterable[str]) -> None:
        """Makes these lines come next."""
        self._stack.append(iter(lines))

    def peek(self, characters: int) -> list[str]:
        """Returns the next lines without taking them, until they have this many characters together."""
        taken: list[list[str]] = []
        size = 0
        while size < characters and (self._stack or self._load()):
            lines: list[str] = []
            taken.append(lines)
            for line in self._stack[-1]:
                lines.append(line)
                size += len(line)
                if size >= characters:
                    break
            else:
                self._stack.pop()
        for lines in reversed(taken):  # as they came, so that a block of rows stays as small as one of text
            self.push_back(lines)
        return [line for lines in taken for line in lines]

    def skip(self, count: int) -> None:
        """Takes the next lines, of which there must be this many."""
        while count:
            count -= len(self.take(count))

    def _load(self) -> bool:
        block = next(self._blocks, None)
        if block is not None:
            self._stack.append(iter(block))
        return block is not None

    def _each_block(self) -> Iterator[list[str]]:
        """Yields lists of whole lines. Of a line longer than a row may be, only a beginning is kept, which is too large
        still."""
        rest, is_skipping = "", False
        for text in self._text.each_block():
            lines = _split(rest + text)
            rest = "" if lines[-1].endswith("\n") else lines.pop()
            if is_skipping and lines:
                del lines[0]
                is_skipping = False
            if lines:
                yield lines
            if len(rest) > self._row_bytes and not is_skipping:
                yield [rest[: self._row_bytes] + "\n"]
                is_skipping = True
            if is_skipping:
                rest = "\r" if rest.endswith("\r") else ""
        if self._text.broken:
            self.truncated_line = rest
        elif rest and not is_skipping:
            yield [rest]


def size_bytes(text: str) -> int:
    """Returns how many bytes the text has in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _split(text: str) -> list[str]:
    """Returns the lines of a text, which end at LF, CR and CRLF and nowhere else. A carriage return at the very end may
    be half of a CRLF, so the caller must wait for what follows."""
    return io.StringIO(text, newline="").readlines()
