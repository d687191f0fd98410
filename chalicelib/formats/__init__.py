"""Bytes to rows: every format a source may have, behind one door, `open_table`; spans of a large one by `open_span`."""

from chalicelib.formats.header_row import totals_findings
from chalicelib.formats.json.record_names import RecordWords
from chalicelib.formats.open import find_layout, open_span, open_table
from chalicelib.formats.registry import Format
from chalicelib.formats.split import Cut, find_cut
from chalicelib.formats.table import Layout, Table
from chalicelib.formats.tail import find_tail

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
