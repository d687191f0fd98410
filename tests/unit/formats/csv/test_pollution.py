"""Files with one flaw at a random place: every row is right or fails, and what fails lies where the flaw is.

A flaw that leaves a file which RFC 4180 explains, with all rows of one width, cannot be seen and is not judged; neither
is a lost quote after which the lines of a value look like rows. How many those are is bounded here, and printed with
`-s`. `make fuzz` tries many more files.
"""

import os
import random
from collections import Counter

import pytest

from chalicelib.errors import Refused
from chalicelib.model.problem_codes import Severity
from chalicelib.model.rows import Row
from tests.pollution import POLLUTIONS, Polluted, polluted
from tests.reading import rows_of

FILES = max(2_400, 250 * int(os.environ.get("FUZZ", "0")))
PARTS = 8
ROWS_THAT_SHOW_A_DELIMITER = 6
"""Of fewer, with a flaw among them, it cannot be told for certain which character separates the cells."""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_row_of_a_polluted_file_is_right_or_fails_where_the_flaw_is(part: int) -> None:
    judged: Counter[str] = Counter()
    for seed in range(part, FILES, PARTS):
        file = polluted(random.Random(seed))
        is_stated = seed % 3 == 0 or len(file.sound.rows) < ROWS_THAT_SHOW_A_DELIMITER
        if file.can_be_seen:
            judged[file.kind] += 1
            assert wrong_about(file, is_stated) == "", f"seed {seed}: {file.kind}"

    assert judged.keys() == POLLUTIONS.keys()
    assert judged.total() > 0.7 * FILES / PARTS
    print(f"{judged.total()} of {FILES // PARTS} judged:", dict(judged))


def wrong_about(file: Polluted, is_stated: bool) -> str:
    """Returns what a person would complain about; empty where there is nothing."""
    try:
        rows = rows_of(file.text, delimiter=file.sound.delimiter if is_stated else None)
    except Refused as refusal:
        return "" if file.damaged == 0 and refusal.code == "unreadable_header" else str(refusal)
    failed = [row for row in rows if any(one.severity is Severity.ERROR for one in row.problems)]
    read = [list(row.given) for row in rows if row not in failed]
    wrong = [cells for cells in read if not file.is_right(cells)]
    return "; ".join(map(str, [*wrong, *_far_away(file, failed), *_missing(file, read)]))


def _far_away(file: Polluted, failed: list[Row]) -> list[str]:
    """A header that is damaged fails any row."""
    near = file.lines_of(file.affected)
    return [f"line {row.line} failed" for row in failed if file.damaged and row.line not in near]


def _missing(file: Polluted, read: list[list[str]]) -> list[str]:
    """Rows are missing only beside the flaw; below a damaged header none is judged."""
    if file.damaged == 0:
        return []
    sound = [row for place, row in enumerate(file.sound.rows[: len(file.records) - 1], 1) if place not in file.affected]
    return [f"{row} is missing" for row in sound if row not in read]
