"""The files an import leaves for people: its upload as CSV and JSON, its rejected rows as CSV and JSON.

All of them are streamed from the work objects, batch by batch. Rejected rows keep their original columns and can be
uploaded again as they are, once corrected; the columns about the errors start with an underscore. Formulas in CSV are
disarmed, and armed again when such a file is uploaded.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from chalicelib.formats.cell_writing import to_json
from chalicelib.formats.csv_writing import Lines
from chalicelib.formats.formulas import safe_cells
from chalicelib.formats.json_writing import JsonWriter
from chalicelib.formats.rendering import packed
from chalicelib.journey import Journey
from chalicelib.model.imports import PhaseName
from chalicelib.model.places import ResultFile, result_key
from chalicelib.model.renderings import Rendering
from chalicelib.model.rows import Departure, Outcome, Row
from chalicelib.rules.as_given import to_object
from chalicelib.work import Work

_CSV = Rendering()
REJECTED = (Outcome.FAILED, Outcome.SKIPPED)
_DECIDING_BY_KEYS = (PhaseName.PREPARSING, PhaseName.PARSING, PhaseName.CLEANUP)
"""No row leaves in these."""
ERROR_COLUMNS = ("_row_number", "_line", "_outcome", "_codes", "_fields", "_values", "_messages", "_hints")
JOINT = " | "
"""Between the problems of one row, which stand in the same order in every error column."""


def write_upload_files(journey: Journey, rows: "Rows") -> None:
    """The rows as they were given, whatever format they came in."""
    headers = _headers(journey, rows)
    lines = chain([headers], (_cells(row, headers) for row in rows.each_row()))
    _write(journey, ResultFile.UPLOAD_CSV, _csv_chunks(lines), "text/csv; charset=utf-8")
    objects = (to_object(row, headers) for row in rows.each_row())
    _write(journey, ResultFile.UPLOAD_JSON, _json_chunks(objects), "application/json")


def write_error_files(journey: Journey, rows: "Rows") -> None:
    """The rows that failed or were skipped, in file order."""
    headers = _headers(journey, rows)
    rejected = ([*_cells(row, headers), *_error_cells(departure)] for row, departure in rows.each_rejected())
    lines = chain([[*headers, *ERROR_COLUMNS]], rejected)
    _write(journey, ResultFile.ERRORS_CSV, _csv_chunks(lines), "text/csv; charset=utf-8")
    objects = ({**to_object(row, headers), **_error_object(departure)} for row, departure in rows.each_rejected())
    _write(journey, ResultFile.ERRORS_JSON, _json_chunks(objects), "application/json")


class Rows:
    """The rows of an import, which are read once for every file. Those of a single batch are kept meanwhile."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._batches = work.get_batches()
        self._kept: list[list[Row]] | None = None
        self._rejected: dict[int, dict[int, Departure]] = {}
        """Of the batch that was asked for last."""

    def each_row(self) -> Iterator[Row]:
        return chain.from_iterable(block for batch in self._batches for block in self._each_block_of(batch))

    def each_rejected(self) -> Iterator[tuple[Row, Departure]]:
        for batch in self._batches:
            rejected = self._rejected_of(batch)
            for rows in self._each_block_of(batch) if rejected else ():
                yield from [(row, rejected[row.number]) for row in rows if row.number in rejected]

    def _rejected_of(self, batch: int) -> dict[int, Departure]:
        """By row number."""
        if batch not in self._rejected:
            phases = [one for one in PhaseName if one not in _DECIDING_BY_KEYS]
            departures = chain.from_iterable(self._work.each_departure(phase, batch) for phase in phases)
            self._rejected = {batch: {one.row_number: one for one in departures if one.outcome in REJECTED}}
        return self._rejected[batch]

    def _each_block_of(self, batch: int) -> Iterable[list[Row]]:
        if len(self._batches) > 1:
            return self._work.each_block_of_rows(batch)
        if self._kept is None:
            self._kept = [*self._work.each_block_of_rows(batch)]
        return self._kept


def _write(journey: Journey, file: ResultFile, chunks: Iterable[bytes], content_type: str) -> None:
    key = result_key(journey.import_.tenant_id, journey.import_.import_id, file)
    journey.stores.files.write_stream(key, chunks, content_type=content_type)


def _headers(journey: Journey, rows: Rows) -> list[str]:
    """Those of the file, or for JSON every key that occurs, in order of appearance."""
    facts = journey.work.get_facts()
    if facts.headers or facts.keys is not None:
        return list(facts.headers or facts.keys or ())
    keys = (key for row in rows.each_row() if isinstance(row.given, Mapping) for key in row.given)
    return list(dict.fromkeys(keys))


def _cells(row: Row, headers: list[str]) -> list[str]:
    """As many cells as there are headers; what a row has beyond them is kept at its end."""
    given = row.given
    if isinstance(given, list):
        return given if len(given) >= len(headers) else [*given, *[""] * (len(headers) - len(given))]
    values = given if isinstance(given, Mapping) else {}
    return [_text(values.get(header)) for header in headers]


def _error_cells(departure: Departure) -> list[str]:
    problems = departure.problems
    return [
        str(departure.row_number),
        str(departure.line),
        departure.outcome,
        JOINT.join(one.code for one in problems),
        JOINT.join(one.field or "" for one in problems),
        JOINT.join(one.value or "" for one in problems),
        JOINT.join(one.message for one in problems),
        JOINT.join(one.hint for one in problems),
    ]


def _error_object(departure: Departure) -> dict[str, object]:
    problems = [
        {"code": one.code, "field": one.field, "value": one.value, "message": one.message, "hint": one.hint}
        for one in departure.problems
    ]
    return {
        "_row_number": departure.row_number,
        "_line": departure.line,
        "_outcome": departure.outcome,
        "_problems": problems,
    }


def _text(value: object) -> str:
    """A JSON value as a cell: texts as they are, null as nothing, the rest as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else to_json(value).decode()


def _csv_chunks(lines: Iterable[list[str]]) -> Iterator[bytes]:
    return packed(Lines(_CSV).each_piece(safe_cells(line, _CSV.formulas) for line in lines), _CSV)


def _json_chunks(objects: Iterable[dict[str, object]]) -> Iterator[bytes]:
    writer = JsonWriter(columns=None)
    return packed(chain((writer.begin,), writer.each_piece(objects), (writer.end,)), _CSV)
