"""The lines of all parts in one stream, in the order that was asked for, to be broken off and taken up again anywhere.

Where no order was asked for, part follows part; sorted parts are merged. `offsets` says how much of each part has been
handed out, so that whoever goes on in another process begins where this one ended.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence

from chalicelib.exports.parts import each_line
from chalicelib.model.exports import Part
from chalicelib.schema.query.sorting import SortKey
from chalicelib.stores.interfaces import Files

RankOfLine = Callable[[bytes], SortKey]

_Numbered = tuple[int, bytes]


class Stream:
    """Of parts, from offsets on; `rank` merges sorted parts."""

    def __init__(
        self, files: Files, parts: Sequence[Part], offsets: Sequence[int] = (), *, rank: RankOfLine | None
    ) -> None:
        self._files = files
        self._parts = parts
        self._rank = rank
        self.offsets = list(offsets) or [0] * len(parts)

    def each_line(self) -> Iterator[bytes]:
        """Lazily. After each line the offsets stand behind it."""
        for number, line in self._merged() if self._rank else self._concatenated():
            self.offsets[number] += len(line) + 1
            yield line

    def _concatenated(self) -> Iterator[_Numbered]:
        for number in range(len(self._parts)):
            yield from self._each_of(number, beside=1)

    def _merged(self) -> Iterator[_Numbered]:
        rank = self._rank
        assert rank is not None
        streams = [self._each_of(number, beside=len(self._parts)) for number in range(len(self._parts))]
        return heapq.merge(*streams, key=lambda numbered: rank(numbered[1]))

    def _each_of(self, number: int, *, beside: int) -> Iterator[_Numbered]:
        lines = each_line(self._files, self._parts[number], start=self.offsets[number], beside=beside)
        return ((number, line) for line in lines)
