"""csv.writer and orjson alone: nothing is looked at, lists and maps are written as Python shows them.

The line end is added by hand: what orjson returns keeps its whole buffer, and many of those held at once, as
OPT_APPEND_NEWLINE leads to, cost five times as much as the copies.
"""

import csv
import io

import orjson

from bench.contestant import Play
from bench.records import MARK, fields_of


def write_csv(rows: int) -> Play:
    records = [*map(fields_of, range(rows))]
    names = [*records[0]]

    def play() -> int:
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer)
        writer.writerow(names)
        writer.writerows([record[name] for name in names] for record in records)
        return buffer.getvalue().encode().count(MARK)

    return play


def write_ndjson(rows: int) -> Play:
    records = [*map(fields_of, range(rows))]

    def play() -> int:
        return b"".join(orjson.dumps(one) + b"\n" for one in records).count(MARK)

    return play
