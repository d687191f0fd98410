"""Records as rows of cells, for every format that is a table: nested values in one cell or several, times as wanted,
formulas disarmed.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from chalicelib.formats.cell_writing import to_cell
from chalicelib.formats.flattening import find_entry, flattened
from chalicelib.formats.formulas import Disarmed, safe_cells
from chalicelib.formats.time_writing import Times
from chalicelib.model.renderings import Nesting, Rendering


class TableCells:
    """`times` are the columns that hold times; under `flatten` the columns are those that `flattening` found."""

    def __init__(
        self,
        columns: Sequence[str],
        rendering: Rendering,
        *,
        times: Collection[str] = (),
        report: Disarmed | None = None,
    ) -> None:
        self._columns = tuple(columns)
        self._formulas = rendering.formulas
        self._is_flat = rendering.nesting is Nesting.FLATTEN
        self._times = Times(rendering)
        self._shown_times = () if self._times.is_canonical else tuple(one for one in columns if one in set(times))
        self._report = report

    def header(self) -> list[str]:
        return safe_cells(self._columns, self._formulas)

    def texts(self, record: Mapping[str, Any]) -> list[str]:
        return self._safe(record, [to_cell(value) for value in self._values(record)])

    def values(self, record: Mapping[str, Any]) -> list[Any]:
        """As `texts`, but numbers and booleans as themselves."""
        return self._safe(record, [v if isinstance(v, (bool, int)) else to_cell(v) for v in self._values(record)])

    def _values(self, record: Mapping[str, Any]) -> list[Any]:
        if self._shown_times:
            record = {**record, **{name: self._times.shown(record.get(name)) for name in self._shown_times}}
        if self._is_flat:
            entries = flattened(record)
            return [find_entry(record, entries, name) for name in self._columns]
        return [record.get(name) for name in self._columns]

    def _safe(self, record: Mapping[str, Any], cells: list[Any]) -> list[Any]:
        texts = [cell if isinstance(cell, str) else "" for cell in cells]
        safe = safe_cells(texts, self._formulas)
        if safe == texts:
            return cells
        if self._report:
            self._report.add(record)
        return [made if isinstance(cell, str) else cell for cell, made in zip(cells, safe, strict=True)]
