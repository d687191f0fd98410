"""Bytes to rows: every format a source may have, behind one door, `open_table`."""

from chalicelib.formats.opening import open_table
from chalicelib.formats.tables import Format, Table

__all__ = ["Format", "Table", "open_table"]
