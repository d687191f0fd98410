"""How records become a file: its format, and what may be chosen within that format.

The values of a rendering are checked when it is made. Which of its options mean something in which format stands in
`formats/registry.py`; the others are refused when the file is written. Nothing in here looks at records.
"""

import re
from dataclasses import dataclass, fields
from datetime import UTC, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.errors import Refused

UTC_NAME = "UTC"
_DELIMITERS = (",", ";", "\t", "|")
"""The delimiters that an import of the file finds out by itself."""

_TIME_SIGN = re.compile(r"YYYY|MM|DD|HH|mm|ss|SSS|Z|T|[^\w]")


class Formulas(StrEnum):
    """What becomes of texts that a spreadsheet would take for formulas."""

    DISARM = "disarm"
    RAW = "raw"


class Nesting(StrEnum):
    """How lists and maps stand in tables."""

    MERGE = "merge"
    """In one cell."""
    FLATTEN = "flatten"
    """Every entry in a column of its own: `tags.0`, `address.city`. Such columns are not read by imports."""


class LineEnd(StrEnum):
    """How lines of delimited text end."""

    CRLF = "\r\n"
    LF = "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """The format and the options of one file. Raises Refused `invalid_option` for a value that is not allowed."""

    format: str = "csv"
    """The name of a format that is written (`formats.registry`)."""
    is_gzipped: bool = False
    delimiter: str = ""
    """What separates the cells of CSV; empty for a comma. Other delimited text has its own."""
    has_bom: bool = False
    """A byte order mark in front of delimited text, by which Excel knows that they are UTF-8."""
    line_end: LineEnd | None = None
    """How lines of delimited text end; None for CR LF, as RFC 4180 asks for."""
    formulas: Formulas = Formulas.DISARM
    """What becomes of formulas in tables; spreadsheets do not open JSON and NDJSON, which stay as they are."""
    nesting: Nesting = Nesting.MERGE
    time_zone: str = UTC_NAME
    """The time zone of times in tables, by its IANA name; each time is written with its offset."""
    datetime_format: str = ""
    """How times are written, with `YYYY MM DD HH mm ss SSS Z` and punctuation; empty for ISO 8601, the only format that
    every import reads again."""
    sheet: str = "Records"
    """The name of a workbook's sheet."""

    def __post_init__(self) -> None:
        is_delimiter = self.delimiter in ("", *_DELIMITERS)
        _refuse_unless(is_delimiter, "delimiter", "CSV takes a comma, semicolon, tab or bar, others none.")
        is_zone = self.time_zone == UTC_NAME or _is_zone(self.time_zone)
        _refuse_unless(is_zone, "time_zone", "Use a name such as Europe/Paris.")
        is_format = len(self.datetime_format) <= 64 and "".join(self.time_signs) == self.datetime_format
        _refuse_unless(is_format, "datetime_format", "Use YYYY, MM, DD, HH, mm, ss, SSS, Z, T and punctuation.")

    def stated_options(self) -> frozenset[str]:
        """Returns the names of the options that are not their defaults, which a format without them must refuse.

        `formulas` and `sheet` may be chosen once for several files, of which not all have anything of the kind.
        """
        names = (one for one in fields(self) if one.name not in ("format", "is_gzipped", "formulas", "sheet"))
        return frozenset(one.name for one in names if getattr(self, one.name) != one.default)

    @property
    def end(self) -> str:
        """The line end that was chosen, or the default."""
        return str(self.line_end or LineEnd.CRLF)

    @property
    def time_signs(self) -> list[str]:
        """The parts of `datetime_format`, in their order."""
        return _TIME_SIGN.findall(self.datetime_format)

    @property
    def zone(self) -> tzinfo:
        """The time zone in which times are written."""
        return UTC if self.time_zone == UTC_NAME else ZoneInfo(self.time_zone)


def _refuse_unless(is_lawful: bool, param: str, message: str) -> None:
    if not is_lawful:
        raise Refused("invalid_option", message, param=param)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
