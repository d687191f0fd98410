"""Helpers of the tests that read sources: bytes in, table or rows out."""

import io
from collections.abc import Iterable
from typing import Any, BinaryIO, cast

import pytest

from chalicelib.errors import Refused
from chalicelib.formats import Table, open_table
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.problems import Problem
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.rows import Row


class ForwardOnly:
    """A stream that has only `read`, which returns a few bytes at a time, as a body from the network may."""

    def __init__(self, content: bytes, most: int) -> None:
        self._inner = io.BytesIO(content)
        self._most = most

    def read(self, size: int = -1, /) -> bytes:
        return self._inner.read(self._most if size < 0 else min(size, self._most))


def opened(content: bytes | str, *, filename: str = "", limits: Limits = DEFAULT_LIMITS, **options: Any) -> Table:
    raw = content.encode() if isinstance(content, str) else content
    return open_table(io.BytesIO(raw), ReadingOptions(**options), limits, filename=filename)


AS_DETECTED = ReadingOptions()


def refusal_of(content: bytes, options: ReadingOptions = AS_DETECTED, limits: Limits = DEFAULT_LIMITS) -> Refused:
    """Returns the refusal of opening a source, or of reading all of it."""
    with pytest.raises(Refused) as refusal:
        list(open_table(io.BytesIO(content), options, limits).rows)
    return refusal.value


def opened_bytewise(content: bytes, *, most: int = 1, limits: Limits = DEFAULT_LIMITS) -> Table:
    return open_table(cast(BinaryIO, ForwardOnly(content, most)), ReadingOptions(), limits)


def rows_of(content: bytes | str, *, limits: Limits = DEFAULT_LIMITS, **options: Any) -> list[Row]:
    return list(opened(content, limits=limits, **options).rows)


def given(rows: Iterable[Row]) -> list[object]:
    return [list(row.given) if not isinstance(row.given, dict) else row.given for row in rows]


def codes(problems: Iterable[Problem]) -> list[str]:
    return [problem.code.value for problem in problems]


def found(rows: Iterable[Row]) -> list[tuple[int, int, list[str]]]:
    """Returns the number, the line and the problem codes of each row."""
    return [(row.number, row.line, codes(row.problems)) for row in rows]
