"""csv.writer and orjson alone: nothing is looked at, lists and maps are written as Python shows them."""

import csv
import io

import orjson

from bench.contestant import Play
from bench.records import fields_of


def write_csv(rows: int) -> Play:
    records = [*map(fields_of, range(rows))]
    names = [*records[0]]

    def play() -> int:
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer)
        writer.writerow(names)
        writer.writerows([record[name] for name in names] for record in records)
        return buffer.getvalue().count("\r\n") - 1

    return play


def write_ndjson(rows: int) -> Play:
    records = [*map(fields_of, range(rows))]

    def play() -> int:
        return b"".join(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in records).count(b"\n")

    return play
