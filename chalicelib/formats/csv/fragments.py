"""Finds the rows that a line end cut in two, where one of the halves still looks whole.

A line end inside a row leaves two lines. Mostly both are too short and fail by themselves. But a line end inside the
last cell leaves a row that is as wide as the header and has lost the end of that cell, and one inside the first cell
leaves a row that has lost its beginning; next to it stands a line with a single cell. Which of its two neighbours such
a fragment belongs to cannot be known, so both fail.

In come blocks of rows, out go the same, one block late. Files whose writer leaves out empty cells have such lines of
their own right, so that nothing is found in them; a blank line between a fragment and a row tells them apart, too.
"""

import re
from collections.abc import Iterable, Iterator

from chalicelib.formats.csv.dialect import DELIMITERS
from chalicelib.formats.csv.row_widths import RowWidths
from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.problems import Problem
from chalicelib.model.rows import RowBlock

PART = "part"
"""A fact of a problem, which says that the row may be a part of the one next to it."""
_LINE_END = re.compile("\r\n|\r|\n")


def each_block_checked_for_fragments(blocks: Iterable[RowBlock], columns: int, widths: RowWidths) -> Iterator[RowBlock]:
    """Yields the blocks with an error for each row that stands directly above or below a line with a single cell; lazy,
    one block late."""
    if columns < 2 or widths.leaves_out_cells:
        yield from blocks
        return
    before: RowBlock | None = None
    for block in blocks:
        if not len(block):
            yield block
            continue
        for place in _fragments(block, [*block.problems], columns):
            _fail_neighbours(block, place)
        if before is not None:
            _fail_across(before, block, columns)
            yield before
        before = block
    if before is not None:
        yield before


def _fragments(block: RowBlock, places: Iterable[int], columns: int) -> list[int]:
    """Returns the places of the rows that failed as parts of rows: with a single cell, or with the end of a quoted one.
    A line that holds a whole row, written with another delimiter, is none."""
    parts = [place for place in places if any(map(_says_part, block.problems.get(place, ())))]
    least = max(2, columns - 1)
    cells = {place: "".join(map(str, block.given[place])) for place in parts}
    return [place for place, cell in cells.items() if _LINE_END.search(cell) or not _has_delimiters(cell, least)]


def _says_part(problem: Problem) -> bool:
    return problem.facts.get("cells") == 1 or PART in problem.facts


def _has_delimiters(cell: str, least: int) -> bool:
    return any(cell.count(one) >= least for one in DELIMITERS)


def _fail_neighbours(block: RowBlock, place: int) -> None:
    if place > 0 and _are_adjacent(block, place - 1, block, place):
        _fail(block, place - 1)
    if place + 1 < len(block) and _are_adjacent(block, place, block, place + 1):
        _fail(block, place + 1)


def _fail_across(before: RowBlock, after: RowBlock, columns: int) -> None:
    last = len(before) - 1
    if not _are_adjacent(before, last, after, 0):
        return
    if _fragments(after, [0], columns):
        _fail(before, last)
    if _fragments(before, [last], columns):
        _fail(after, 0)


def _are_adjacent(before: RowBlock, place: int, after: RowBlock, next_place: int) -> bool:
    line_ends = sum(len(_LINE_END.findall(str(cell))) for cell in before.given[place])
    return before.lines[place] + line_ends + 1 == after.lines[next_place]


def _fail(block: RowBlock, place: int) -> None:
    found = block.problems.get(place, [])
    if not any(problem.severity is Severity.ERROR for problem in found):
        problem = Problem(ProblemCode.LINE_END_IN_ROW, block.numbers[place], block.lines[place])
        block.problems[place] = [*found, problem]
