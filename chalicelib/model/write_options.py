"""How records become a file: its format, and what may be chosen within that format.

A rendering is checked when it is made: a choice that means nothing in its format is refused, never ignored. Nothing in
here looks at records; `formats/write.py` does.
"""

import re
from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.errors import Refused

UTC_NAME = "UTC"
_DELIMITERS = (",", ";", "\t", "|")
"""Those that are found out when the file is imported again."""

_TIME_SIGN = re.compile(r"YYYY|MM|DD|HH|mm|ss|SSS|Z|T|[^\w]")


class ExportFormat(StrEnum):
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    NDJSON = "ndjson"
    XLSX = "xlsx"


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
    CRLF = "\r\n"
    LF = "\n"


_DELIMITED = (ExportFormat.CSV, ExportFormat.TSV)
_TABULAR = (*_DELIMITED, ExportFormat.XLSX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """Raises Refused `invalid_option` for what does not go together."""

    format: ExportFormat = ExportFormat.CSV
    is_gzipped: bool = False
    delimiter: str = ""
    """Of CSV; empty for a comma. TSV has tabs."""
    has_bom: bool = False
    """A byte order mark in front of CSV and TSV, by which Excel knows that they are UTF-8."""
    line_end: LineEnd | None = None
    """Of CSV and TSV; None for CR LF, as RFC 4180 has it."""
    formulas: Formulas = Formulas.DISARM
    """JSON and NDJSON are not opened by spreadsheets and stay as they are."""
    nesting: Nesting = Nesting.MERGE
    time_zone: str = UTC_NAME
    """In which times stand in tables, as the IANA names it; their offset stands with them."""
    datetime_format: str = ""
    """Of `YYYY MM DD HH mm ss SSS Z` and punctuation; empty for ISO 8601, the only one that is surely read again."""
    sheet: str = "Records"
    """The name of a workbook's sheet."""

    def __post_init__(self) -> None:
        self._check_text()
        self._check_cells()

    def _check_text(self) -> None:
        allowed = {ExportFormat.CSV: ("", *_DELIMITERS), ExportFormat.TSV: ("", "\t")}.get(self.format, ("",))
        _refuse_unless(self.delimiter in allowed, "delimiter", "CSV takes a comma, semicolon, tab or bar, others none.")
        is_delimited = self.format in _DELIMITED
        _refuse_unless(is_delimited or not self.has_bom, "has_bom", "Only CSV and TSV have a byte order mark.")
        _refuse_unless(
            is_delimited or self.line_end is None, "line_end", "Only CSV and TSV have a choice of line ends."
        )

    def _check_cells(self) -> None:
        is_tabular = self.format in _TABULAR
        is_merged = self.nesting is Nesting.MERGE
        _refuse_unless(is_tabular or is_merged, "nesting", "Only tables can be flattened: JSON keeps its structure.")
        has_zone = self.time_zone != UTC_NAME
        _refuse_unless(is_tabular or not has_zone, "time_zone", "Times in JSON are always UTC.")
        _refuse_unless(not has_zone or _is_zone(self.time_zone), "time_zone", "Use a name such as Europe/Paris.")
        _refuse_unless(is_tabular or not self.datetime_format, "datetime_format", "Times in JSON are always ISO 8601.")
        is_format = len(self.datetime_format) <= 64 and "".join(self.time_signs) == self.datetime_format
        _refuse_unless(is_format, "datetime_format", "Use YYYY, MM, DD, HH, mm, ss, SSS, Z, T and punctuation.")

    @property
    def separator(self) -> str:
        """The delimiter, chosen or not."""
        return self.delimiter or ("\t" if self.format is ExportFormat.TSV else ",")

    @property
    def end(self) -> str:
        """The line end, chosen or not."""
        return str(self.line_end or LineEnd.CRLF)

    @property
    def time_signs(self) -> list[str]:
        """What the format of times is made of."""
        return _TIME_SIGN.findall(self.datetime_format)

    @property
    def zone(self) -> tzinfo:
        return UTC if self.time_zone == UTC_NAME else ZoneInfo(self.time_zone)

    @property
    def suffix(self) -> str:
        """Of the file's name, with its point."""
        return f".{self.format}" + (".gz" if self.is_gzipped else "")

    @property
    def content_type(self) -> str:
        return "application/gzip" if self.is_gzipped else CONTENT_TYPES[self.format]


CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.TSV: "text/tab-separated-values; charset=utf-8",
    ExportFormat.JSON: "application/json",
    ExportFormat.NDJSON: "application/x-ndjson",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _refuse_unless(is_lawful: bool, param: str, message: str) -> None:
    if not is_lawful:
        raise Refused("invalid_option", message, param=param)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
