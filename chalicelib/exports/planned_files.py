"""Which files an export consists of, at which of them to write next, and whether all of them are whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.exports.task_context import ExportTaskContext
from chalicelib.formats.registry import Format
from chalicelib.formats.write import file_suffix
from chalicelib.model.exports import ExportResult
from chalicelib.model.write_options import Rendering

SANITIZED = "csv_sanitized"
"""The rows of the CSV file in which formulas were disarmed, as they stand there."""


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file that an export consists of."""

    number: int
    format: str
    rendering: Rendering
    suffix: str

    @property
    def is_sanitized(self) -> bool:
        """Whether it holds only rows in which formulas were disarmed."""
        return self.format == SANITIZED


def planned_files(context: ExportTaskContext, done: Sequence[ExportResult]) -> list[PlannedFile]:
    """Returns a file for every rendering, and one more where formulas of the CSV file were disarmed."""
    renderings = context.export.renderings
    planned = [PlannedFile(number, one.format, one, file_suffix(one)) for number, one in enumerate(renderings)]
    csv = next((one for one in planned if one.format == Format.CSV), None)
    if csv and _disarmed(context, done):
        planned.append(PlannedFile(len(planned), SANITIZED, csv.rendering, f".sanitized{csv.suffix}"))
    return planned


def _disarmed(context: ExportTaskContext, done: Sequence[ExportResult]) -> int:
    """Rows of the CSV file in which formulas were disarmed."""
    csv = next((number for number, one in enumerate(context.export.renderings) if one.format == Format.CSV), None)
    return sum(one.disarmed for one in done if one.file_number == csv)


def _rows_of(done: Sequence[ExportResult], planned: PlannedFile) -> int:
    return sum(one.rows for one in done if one.file_number == planned.number)


def find_unfinished(context: ExportTaskContext, done: Sequence[ExportResult]) -> PlannedFile | None:
    """Returns the file to write at next; None if all are written, or one of them has failed."""
    if any(one.stopped_by for one in done):
        return None
    finished = {one.file_number for one in done if one.file}
    return next((one for one in planned_files(context, done) if one.number not in finished), None)


def are_whole(context: ExportTaskContext, done: Sequence[ExportResult], *, rows: int) -> bool:
    """Returns whether every file has as many rows as it should."""
    return all(
        _rows_of(done, one) == (_disarmed(context, done) if one.is_sanitized else rows)
        for one in planned_files(context, done)
    )


def rows_written(context: ExportTaskContext, done: Sequence[ExportResult]) -> int:
    """Returns how many rows have been written into all files that were asked for."""
    return sum(one.rows for one in done if one.file_number < len(context.export.renderings))
