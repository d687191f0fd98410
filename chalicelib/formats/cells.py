"""Turns records into rows of cells, for every format that is a table: nested values stand in one cell or several, times
as the caller wants them, formulas disarmed. Records go through in blocks, column by column, because most columns need
nothing done to them."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from chalicelib.formats.cell_values import to_cell
from chalicelib.formats.flatten import find_entry, flattened
from chalicelib.formats.formulas import DisarmedRows, may_need_disarming, safe_cells
from chalicelib.formats.registry import FORMATS
from chalicelib.model.write_options import UTC_NAME, Nesting, Rendering

RecordFields = Mapping[str, Any]
CellValue = str | int | None

_WRITTEN_ALIKE: frozenset[type] = frozenset({str, int, type(None)})
_TYPED: frozenset[type] = frozenset({str, int, bool})


_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z", re.ASCII)
_DIRECTIVES = {"YYYY": "%Y", "MM": "%m", "DD": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "Z": "%z"}


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """What the writer of a format is given."""

    columns: Sequence[str]
    rendering: Rendering
    times: Collection[str] = ()
    """The columns that hold times."""
    report: DisarmedRows | None = None
    """Learns of the rows in which formulas were disarmed."""

    def table_cells(self) -> "TableCells":
        """Returns what makes cells of the records, for formats that are tables."""
        return TableCells(self.columns, self.rendering, times=self.times, report=self.report)


class TableCells:
    """Makes the cells of records under given columns. With `Nesting.FLATTEN` the columns are those that `FlatColumns`
    has found."""

    def __init__(
        self,
        columns: Sequence[str],
        rendering: Rendering,
        *,
        times: Collection[str] = (),
        report: DisarmedRows | None = None,
    ) -> None:
        """Takes the columns in their order, of which `times` hold times; `report` learns of the rows in which formulas
        were disarmed."""
        self._columns = tuple(columns)
        self._formulas = rendering.formulas
        self._separators = _foreign_separators(rendering)
        self._is_flat = rendering.nesting is Nesting.FLATTEN
        self._times = TimeFormatter(rendering)
        self._local_times = () if self._times.is_canonical else tuple(one for one in columns if one in set(times))
        self._report = report

    def header(self) -> list[str]:
        """Returns the cells of the header row, with formulas disarmed."""
        return safe_cells(self._columns, self._formulas, self._separators)

    def texts(self, records: Sequence[RecordFields]) -> list[tuple[CellValue, ...]]:
        """Returns a row of cells for each record. Nulls and whole numbers stay themselves, since the csv module writes
        them as `to_cell` would."""
        return self._rows(records, _WRITTEN_ALIKE)

    def values(self, records: Sequence[RecordFields]) -> list[tuple[CellValue, ...]]:
        """Returns a row of cells for each record. Whole numbers and booleans stay themselves; nulls become empty
        texts."""
        return self._rows(records, _TYPED)

    def _rows(self, records: Sequence[RecordFields], kept: frozenset[type]) -> list[tuple[CellValue, ...]]:
        changed: set[int] = set()
        columns = [self._safe(_to_cells(column, kept), changed) for column in self._each_column(records)]
        if self._report:
            for number in sorted(changed):
                self._report.add(records[number])
        return list(zip(*columns, strict=True))

    def _each_column(self, records: Sequence[RecordFields]) -> Iterator[list[Any]]:
        if self._local_times:
            records = [self._with_times(record) for record in records]
        if self._is_flat:
            return self._each_flat_column(records)
        return ([record.get(name) for record in records] for name in self._columns)

    def _each_flat_column(self, records: Sequence[RecordFields]) -> Iterator[list[Any]]:
        pairs = [(record, flattened(record)) for record in records]
        return ([find_entry(*pair, name) for pair in pairs] for name in self._columns)

    def _with_times(self, record: RecordFields) -> RecordFields:
        return {**record, **{name: self._times.format(record.get(name)) for name in self._local_times}}

    def _safe(self, cells: list[Any], changed: set[int]) -> list[Any]:
        """Returns the cells with formulas disarmed, and adds the places of those that were changed to `changed`."""
        if not may_need_disarming([cell for cell in cells if isinstance(cell, str)]):
            return cells
        texts = [cell if isinstance(cell, str) else "" for cell in cells]
        written = safe_cells(texts, self._formulas, self._separators)
        for number, (text, safe) in enumerate(zip(texts, written, strict=True)):
            if safe != text:
                cells[number] = safe
                changed.add(number)
        return cells


def _foreign_separators(rendering: Rendering) -> str:
    """Returns what ends no cell of the file, but may do so for a spreadsheet of another country. Workbooks have none:
    their cells are apart.
    """
    delimiter = rendering.delimiter or FORMATS[rendering.format].delimiter
    return ";" if delimiter == "," else ";," if delimiter else ""


def _to_cells(values: list[Any], kept: frozenset[type]) -> list[Any]:
    if kept.issuperset(map(type, values)):
        return values
    return [value if type(value) in kept else to_cell(value) for value in values]


class TimeFormatter:
    """Shows times in the time zone and in the format that a rendering asks for."""

    def __init__(self, rendering: Rendering) -> None:
        self._zone = rendering.zone
        self._signs = rendering.time_signs
        self.is_canonical = rendering.time_zone == UTC_NAME and not self._signs

    def format(self, value: object) -> object:
        """Returns the text of a time as it is to be shown; anything else comes back as it was."""
        found = _TIME.fullmatch(value) if isinstance(value, str) else None
        if found is None or self.is_canonical:
            return value
        moment = _find_local(found[1], self._zone)
        return value if moment is None else self._written(moment, found[2] or "")

    def _written(self, moment: datetime, fraction: str) -> str:
        if self._signs:
            return "".join(_part(sign, moment, fraction) for sign in self._signs)
        point = f".{fraction}" if fraction else ""
        return moment.replace(tzinfo=None).isoformat() + point + moment.isoformat()[19:]


def _find_local(text: str, zone: tzinfo) -> datetime | None:
    """Returns the moment in a time zone. Returns None beyond the calendar, and where the offset has seconds, as before
    standard time was introduced, because no reader understands such an offset."""
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC).astimezone(zone)
    except (ValueError, OverflowError):
        return None
    offset = moment.utcoffset() or timedelta()
    return None if offset.total_seconds() % 60 else moment


def _part(sign: str, moment: datetime, fraction: str) -> str:
    if sign == "YYYY":
        return f"{moment.year:04d}"
    if sign == "SSS":
        return fraction[:3].ljust(3, "0")
    return moment.strftime(_DIRECTIVES[sign]) if sign in _DIRECTIVES else sign
