"""Bytes to rows and back: a source of any format is opened by `open_table`, a split of a large one by `open_split`."""

from chalicelib.formats.header_row import totals_findings
from chalicelib.formats.json.record_names import RecordNames
from chalicelib.formats.open import find_layout, is_delimited_text, open_beginning, open_split, open_table
from chalicelib.formats.registry import Format
from chalicelib.formats.split import Splits, find_row_near_end, split_source
from chalicelib.formats.table import Layout, Table

__all__ = [
    "Format",
    "Layout",
    "RecordNames",
    "Splits",
    "Table",
    "find_layout",
    "find_row_near_end",
    "is_delimited_text",
    "open_beginning",
    "open_split",
    "open_table",
    "split_source",
    "totals_findings",
]
