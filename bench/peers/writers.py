"""csv.writer and orjson alone: nothing is looked at, lists and maps are written as Python shows them.

The line end is added by hand: what orjson returns keeps its whole buffer, and many of those held at once, as
OPT_APPEND_NEWLINE leads to, cost five times as much as the copies.
"""

import csv
import io

import orjson

from bench.contestant import RunRound
from bench.records import MARK, fields_of


def write_csv(rows: int) -> RunRound:
    records = [*map(fields_of, range(rows))]
    names = [*records[0]]

    def run_round() -> int:
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer)
        writer.writerow(names)
        writer.writerows([record[name] for name in names] for record in records)
        return buffer.getvalue().encode().count(MARK)

    return run_round


def write_ndjson(rows: int) -> RunRound:
    records = [*map(fields_of, range(rows))]

    def run_round() -> int:
        return b"".join(orjson.dumps(one) + b"\n" for one in records).count(MARK)

    return run_round
