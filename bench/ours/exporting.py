"""Records to CSV and to JSON, as exports write them; the store is left out."""

import orjson

from bench.contestant import Play
from bench.records import fields_of, record_id_of
from chalicelib.api.teams.responses import shown_record
from chalicelib.formats.csv_writing import to_csv
from chalicelib.model.catalogue import RESOURCES


def write_csv(rows: int) -> Play:
    records = [*map(fields_of, range(rows))]

    def play() -> int:
        return to_csv([*records[0]], records).count("\r\n") - 1

    return play


def write_json(rows: int) -> Play:
    records = [{"id": record_id_of(number), **fields_of(number)} for number in range(rows)]
    resource = RESOURCES["customers"]

    def play() -> int:
        return orjson.dumps([shown_record(resource, one) for one in records]).count(b'"object":')

    return play
