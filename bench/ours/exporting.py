"""Records to CSV, JSON and NDJSON, as exports write them; the store is left out."""

from bench.contestant import RunRound
from bench.records import MARK, fields_of
from chalicelib.formats.registry import Format
from chalicelib.formats.write import render
from chalicelib.model.write_options import Rendering


def write_csv(rows: int) -> RunRound:
    """Formulas disarmed, as every export has it unless somebody says otherwise."""
    return _rendering(rows, Format.CSV)


def write_json(rows: int) -> RunRound:
    return _rendering(rows, Format.JSON)


def write_ndjson(rows: int) -> RunRound:
    return _rendering(rows, Format.NDJSON)


def _rendering(rows: int, format_: Format) -> RunRound:
    records = [*map(fields_of, range(rows))]
    columns, rendering = [*records[0]], Rendering(format=format_)

    def run_round() -> int:
        return b"".join(render(records, columns, rendering)).count(MARK)

    return run_round
