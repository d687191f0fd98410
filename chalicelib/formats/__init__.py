"""Bytes to rows: every format a source may have, behind one door, `open_table`; spans of a large one by `open_span`."""

from chalicelib.formats.cutting import Cut, find_cut
from chalicelib.formats.header_row import totals_findings
from chalicelib.formats.opening import find_layout, open_span, open_table
from chalicelib.formats.record_words import RecordWords
from chalicelib.formats.tables import Format, Layout, Table
from chalicelib.formats.tails import find_tail

__all__ = [
    "Cut",
    "Format",
    "Layout",
    "RecordWords",
    "Table",
    "find_cut",
    "find_layout",
    "find_tail",
    "open_span",
    "open_table",
    "totals_findings",
]
