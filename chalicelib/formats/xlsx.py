"""XLSX."""

from chalicelib.formats.signatures import unreadable
from chalicelib.formats.streams import Readable
from chalicelib.formats.tables import Table
from chalicelib.model.imports import ReadingOptions
from chalicelib.model.limits import Limits


def open_workbook(stream: Readable, options: ReadingOptions, limits: Limits) -> Table:
    raise unreadable("a ZIP archive")
