"""Reads `header_lines.txt`: what columns of known exports mean, for the tests of suggestions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

_COLUMN = re.compile(r"\s*(?P<header>.*?) = (?P<fields>[^<]*?)(?: <(?P<values>[^>]*)>)?\s*")
_BETWEEN_COLUMNS = re.compile(r"; (?![^<]*>)")


@dataclass(frozen=True)
class HeaderLine:
    """The header line of an export."""

    language: str
    resource: str
    headers: list[str]
    rows: list[list[str]]
    meant: list[set[str]]
    """For each column the fields that are right; `-` is none."""


def header_lines() -> Iterator[HeaderLine]:
    """Yields every header line."""
    text = Path(__file__).with_suffix(".txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for about, columns in zip(lines[::2], lines[1::2], strict=True):
        found = [_COLUMN.fullmatch(column) for column in _BETWEEN_COLUMNS.split(columns)]
        parts = [one.groupdict(default="") for one in found if one]
        assert len(parts) == len(found)
        values = [one["values"].split("; ") if one["values"] else [] for one in parts]
        language, resource = about.split()
        yield HeaderLine(
            language,
            resource,
            headers=[one["header"] for one in parts],
            rows=[list(row) for row in zip_longest(*values, fillvalue="")],
            meant=[set(one["fields"].split("|")) for one in parts],
        )
