"""Which files an export consists of, which of them is to be written at next, and whether all of them are whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.exports.task_context import ExportRun
from chalicelib.formats.registry import Format
from chalicelib.formats.write import file_suffix
from chalicelib.model.exports import ExportResult
from chalicelib.model.write_options import Rendering

SANITIZED = "csv_sanitized"
"""The rows of the CSV file in which formulas were disarmed, as they stand there."""


@dataclass(frozen=True, slots=True)
class Output:
    """One file to be written."""

    number: int
    format: str
    rendering: Rendering
    suffix: str

    @property
    def is_sanitized(self) -> bool:
        return self.format == SANITIZED


def outputs_of(run: ExportRun, done: Sequence[ExportResult]) -> list[Output]:
    """A file for every rendering; one more where formulas of the CSV file were disarmed."""
    renderings = run.export.renderings
    outputs = [Output(number, one.format, one, file_suffix(one)) for number, one in enumerate(renderings)]
    csv = next((one for one in outputs if one.format == Format.CSV), None)
    if csv and _disarmed(run, done):
        outputs.append(Output(len(outputs), SANITIZED, csv.rendering, f".sanitized{csv.suffix}"))
    return outputs


def _disarmed(run: ExportRun, done: Sequence[ExportResult]) -> int:
    """Rows of the CSV file in which formulas were disarmed."""
    csv = next((number for number, one in enumerate(run.export.renderings) if one.format == Format.CSV), None)
    return sum(one.disarmed for one in done if one.output == csv)


def _rows_of(done: Sequence[ExportResult], output: Output) -> int:
    return sum(one.rows for one in done if one.output == output.number)


def find_next(run: ExportRun, done: Sequence[ExportResult]) -> Output | None:
    """The file to be written at; None when there is none, or one of them has failed."""
    if any(one.stopped_by for one in done):
        return None
    finished = {one.output for one in done if one.file}
    return next((one for one in outputs_of(run, done) if one.number not in finished), None)


def are_whole(run: ExportRun, done: Sequence[ExportResult], *, rows: int) -> bool:
    """Whether every file has as many rows as it should."""
    return all(
        _rows_of(done, one) == (_disarmed(run, done) if one.is_sanitized else rows) for one in outputs_of(run, done)
    )


def rows_written(run: ExportRun, done: Sequence[ExportResult]) -> int:
    """Into all files that were asked for."""
    return sum(one.rows for one in done if one.output < len(run.export.renderings))
