"""Pages of the rows of imports that have ended: `python -m bench.listing_rows ROUNDS`.

Prints for each size, and for the first, the middle and the last page, the requests to the bucket, the bytes that were
read, and the seconds of CPU: the least of so many rounds.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from bench.listed_rows import CountedFiles, imported
from chalicelib.access.context import Context, ImportRunner
from chalicelib.errors import Fatal
from chalicelib.imports.row_selection import RowFilter
from chalicelib.imports.rows import RowsByCursor, list_rows
from chalicelib.model.cursors import to_cursor
from chalicelib.model.imports import Import
from chalicelib.stores import memory

ROWS = (10_000, 10_000_000)
LIMIT = 100
"""Rows of a page, as many as callers get who do not say."""
CALLS = 20
"""Pages of a round: one takes a few milliseconds."""


def main() -> None:
    rounds = int(sys.argv[1])
    found = []
    for rows in ROWS:
        files = CountedFiles()
        import_ = imported(files, rows)
        pages = {"first": 1, "middle": rows // 2 + 1, "last": rows - LIMIT + 1}
        found += [{"rows": rows, "page": name, **measured(files, import_, row, rounds)} for name, row in pages.items()]
    print(json.dumps(found))


def measured(files: CountedFiles, import_: Import, first_row: int, rounds: int) -> dict[str, float]:
    """Lists the page that begins at a row, and checks that it does."""
    context = Context(
        stores=replace(memory.stores(), files=files),
        clock=lambda: 0,
        new_id=lambda prefix: prefix,
        open_runner=_no_runner,
    )
    cursor = to_cursor(["rows", import_.import_id, str(import_.attempt), repr(RowFilter())], [first_row])

    def list_page() -> RowsByCursor:
        return list_rows(context, import_, RowFilter(), cursor=cursor, limit=LIMIT)

    files.requests = files.bytes = 0
    numbers = [one.number for one in list_page().rows]
    assert numbers == [*range(first_row, first_row + LIMIT)], numbers
    counted = {"requests": files.requests, "bytes": files.bytes}
    return {**counted, "cpu_s": min(_cpu_s(list_page) for _ in range(rounds)) / CALLS}


def _cpu_s(list_page: Callable[[], RowsByCursor]) -> float:
    began = time.process_time()
    for _ in range(CALLS):
        list_page()
    return time.process_time() - began


def _no_runner() -> ImportRunner:
    raise Fatal("rows are only read")


if __name__ == "__main__":
    main()
