"""Cuts a JSON document that is too long to be held in memory into its elements.

Bytes come in, the bytes of one element of a list after the other go out, unparsed; around lists, marks, names and
values are taken one by one. Only strings and brackets are told apart here; whether an element is JSON is for the parser
to say.
"""

import re
from collections.abc import Iterator

from chalicelib.errors import SluiceError
from chalicelib.formats.streams import BLOCK_BYTES, BrokenStream, Readable
from chalicelib.model.problem_codes import ProblemCode

_SPACE = re.compile(rb"[ \t\r\n]*+")
_SPACE_OR_NOTHING = (b"", b" ", b"\t", b"\r", b"\n")
_SIMPLE = re.compile(
    rb'\{(?:[^{}\[\]"]++|"(?:[^"\\]++|\\.)*+")*+\}'  # an object without lists and objects in it
    rb'|"(?:[^"\\]++|\\.)*+"'  # a text
    rb'|[^\s,\[\]{}"]++(?=[\s,\[\]{}"])',  # a number, a word, or junk
    re.DOTALL,
)
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+("?)|[{}\[\]]', re.DOTALL)
_TEXT_REST = re.compile(rb'(?:[^"\\]++|\\.)*+"', re.DOTALL)
_MARK = re.compile(rb'["{}\[\]]')
_END_OF_WORD = re.compile(rb'[\s,\[\]{}"]')
_QUOTE, _BRACE = b'"{'


class BrokenList(SluiceError):
    """Raised where the list cannot be read on."""

    def __init__(self, detail: str, code: ProblemCode = ProblemCode.INVALID_JSON, found: bytes = b"") -> None:
        super().__init__(detail)
        self.code = code
        self.found = found[:40].decode("utf-8", "replace")


class Oversized:
    """Marks an element larger than a row may be, whose bytes were skipped."""


class ElementScanner:
    """Reads a document forwards, element by element; `element_bytes` is the most that an element may have."""

    def __init__(self, stream: Readable, element_bytes: int) -> None:
        self._stream = stream
        self._limit = element_bytes
        self._buffer = b""
        self._at = 0
        self._offset = 0
        """Bytes of the document before the buffer."""
        self._is_at_end = False

    def rest(self) -> bytes | Oversized:
        """Returns the whole document from here on, if it is no larger than an element may be."""
        while len(self._buffer) <= self._limit and self._more():
            pass
        return self._buffer[self._at :].strip(b" \t\r\n") if len(self._buffer) <= self._limit else Oversized()

    def each(self, *, is_wrapped: bool = False) -> Iterator[bytes | Oversized]:
        """Yields the elements of the list that has just begun; lazy. Raises BrokenList where the list does not go on as
        one, or something follows it; what follows a wrapped list is left to the caller."""
        if self.next_byte() == b"]":
            return self._close(is_wrapped)
        while True:
            yield self._element()
            mark = self.next_byte()
            if mark == b"]":
                return self._close(is_wrapped)
            if mark != b",":
                raise self._unexpected("',' or ']'")
            self._at += 1
            self.next_byte()

    def take(self, mark: bytes) -> None:
        """Takes the next byte that is no space, which must be this one. Raises BrokenList."""
        if self.next_byte() != mark:
            raise self._unexpected(repr(mark.decode()))
        self._at += 1

    def text(self) -> bytes | Oversized:
        """Takes a text, in its quotes. Raises BrokenList where something else comes next."""
        if self.next_byte() != b'"':
            raise self._unexpected("a name")
        return self._element()

    def value(self) -> bytes | Oversized:
        """Takes a value of any kind, unparsed."""
        self.next_byte()
        return self._element()

    def finish(self) -> None:
        """Raises BrokenList where the document goes on."""
        while self._at < len(self._buffer) or self._more():
            found = _SPACE.match(self._buffer, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._buffer):
                raise self._unexpected("the end")

    def _element(self) -> bytes | Oversized:
        while (end := self._find_end()) is None:
            if len(self._buffer) - self._at > self._limit:
                return self._skipped()
            self._require_element()
        raw = self._buffer[self._at : end]
        self._at = end
        return raw if len(raw) <= self._limit else Oversized()

    def _require_element(self) -> None:
        """Reads as much as an element may have, so that a long one is not looked through again for each block."""
        self._require_more()
        while len(self._buffer) - self._at <= self._limit and self._more():
            pass

    def _find_end(self) -> int | None:
        """Returns where the element ends that begins here; None if the buffer does not tell."""
        if self._buffer[self._at] in b",]}":
            raise self._unexpected("a value")
        end = self._buffer.find(b"}", self._at) + 1
        if end and _is_plain_object(self._buffer[self._at : end]):
            return end
        simple = _SIMPLE.match(self._buffer, self._at)
        return simple.end() if simple else self._find_end_of_nested()

    def _find_end_of_nested(self) -> int | None:
        if self._buffer[self._at] not in b"[{":
            return None
        depth = 0
        for token in _TOKEN.finditer(self._buffer, self._at):
            mark = self._buffer[token.start()]
            if mark == _QUOTE and not token[1]:
                return None
            depth += (mark in b"[{") - (mark in b"]}")
            if depth == 0:
                return token.end()
        return None

    def _skipped(self) -> Oversized:
        """Goes on to the end of the element without keeping it."""
        first = self._buffer[self._at]
        if first == _QUOTE:
            self._at += 1
            self._skip_text()
        elif first in b"[{":
            self._skip_nested()
        else:
            self._at = self._find_next(_END_OF_WORD).start()
        return Oversized()

    def _skip_nested(self) -> None:
        self._at += 1
        depth = 1
        while depth := self._skip_buffer(depth):
            self._require_more()

    def _skip_buffer(self, depth: int) -> int:
        """Goes on to the end of the element or of the buffer, and returns how deep that is."""
        buffer, at = self._buffer, self._at
        closing = buffer.count(b"]", at) + buffer.count(b"}", at)
        if closing >= depth or buffer.find(b'"', at) >= 0:
            return self._skip_marks(depth)
        self._at = len(buffer)  # brackets alone, and too few to end here: counting is a hundred times as fast
        return depth + buffer.count(b"[", at) + buffer.count(b"{", at) - closing

    def _skip_marks(self, depth: int) -> int:
        while found := _MARK.search(self._buffer, self._at):
            self._at = found.end()
            mark = self._buffer[found.start()]
            if mark == _QUOTE:
                self._skip_text()
            depth += (mark in b"[{") - (mark in b"]}")
            if depth == 0:
                return 0
        self._at = len(self._buffer)
        return depth

    def _find_next(self, pattern: re.Pattern[bytes]) -> re.Match[bytes]:
        while (found := pattern.search(self._buffer, self._at)) is None:
            self._at = len(self._buffer)
            self._require_more()
        return found

    def _skip_text(self) -> None:
        """Goes on to behind the closing quote; a backslash at the end of the buffer waits for what it escapes."""
        while (found := _TEXT_REST.match(self._buffer, self._at)) is None:
            ending = self._buffer[self._at :]
            is_escaping = (len(ending) - len(ending.rstrip(b"\\"))) % 2
            self._at = len(self._buffer) - is_escaping
            self._require_more()
        self._at = found.end()

    def next_byte(self) -> bytes:
        """Returns the next byte that is no space, without taking it. Raises BrokenList at the end."""
        while True:
            if self._buffer[self._at : self._at + 1] not in _SPACE_OR_NOTHING:
                return self._buffer[self._at : self._at + 1]
            found = _SPACE.match(self._buffer, self._at)
            self._at = found.end() if found else self._at
            if self._at == len(self._buffer):
                self._require_more()

    def _close(self, is_wrapped: bool) -> None:
        self._at += 1
        if not is_wrapped:
            self.finish()

    def _require_more(self) -> None:
        if not self._more():
            beginning = self._buffer[self._at :]
            raise BrokenList("the list is not closed", ProblemCode.TRUNCATED_SOURCE, beginning)

    def _more(self) -> bool:
        """Reads on, drops what was taken, and returns whether there was anything to read."""
        try:
            block = b"" if self._is_at_end else self._stream.read(BLOCK_BYTES)
        except BrokenStream as broken:
            raise BrokenList(str(broken), ProblemCode.TRUNCATED_SOURCE, self._buffer[self._at :]) from broken
        self._is_at_end = not block
        self._offset += self._at
        self._buffer, self._at = self._buffer[self._at :] + block, 0
        return bool(block)

    def _unexpected(self, expected: str) -> BrokenList:
        found = self._buffer[self._at : self._at + 20]
        where = self._offset + self._at + 1
        return BrokenList(
            f"expected {expected} at byte {where}, found {found[:1].decode('utf-8', 'replace')!r}", found=found
        )


def _is_plain_object(raw: bytes) -> bool:
    """Returns whether these bytes, from a brace to the next closing one, are an object without lists and objects in it.

    Most rows are, and counting is fast: where the quotes that are not escaped are even in number, the closing brace
    stands outside of texts.
    """
    if raw[0] != _BRACE or raw.count(b"{") > 1 or b"[" in raw:
        return False
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    return raw.count(b'"') % 2 == 0
