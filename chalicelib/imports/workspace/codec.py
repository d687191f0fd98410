"""The shapes of rows, drafts, outcomes and keys in work objects, which only this module knows: blocks by columns.

A column for each attribute costs a fraction of a list for each row, and a thousandth of the objects that Python's
garbage collector would have to look through. What few rows have, their problems, stands apart under their places.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import orjson
from pydantic import TypeAdapter

from chalicelib.formats import Splits
from chalicelib.formats.json.values import storable
from chalicelib.imports.phases.duplicates import KeyedRows
from chalicelib.imports.workspace.exact_numbers import find_numbers, restore_numbers
from chalicelib.imports.workspace.partitioning import NO_OFFSET, SplitOffset
from chalicelib.model.notations import NotationDecision
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import OUTCOME_BY_WORD, Draft, FieldBlock, Outcome, RecordChanges, Row, RowBlock, RowOutcome

_SHORT = frozenset({ProblemCode.ROW_TOO_SHORT, ProblemCode.CELLS_LEFT_OUT})
_WORDS = {outcome: outcome.value for outcome in Outcome}
"""orjson asks a member of an enumeration for its value, which costs ten times as much as to look it up."""

GivenBlock = tuple[list[int], list[int], list[list[str] | dict[str, object]]]
"""Row numbers, lines, and what stands in those rows."""


def exact(value: object) -> object:
    """Returns a decimal of a JSON source as text, which loses nothing. Raises TypeError for other objects."""
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"no JSON value: {type(value).__name__}")


def to_line(block: object) -> bytes:
    """Returns a block as one line of JSON. What orjson declines is rare, so that it is looked for only then."""
    try:
        return orjson.dumps(block, default=exact, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return orjson.dumps(storable(block), default=exact, option=orjson.OPT_APPEND_NEWLINE)


def from_problem(problem: Problem) -> tuple[object, ...]:
    """Returns a problem as JSON values, in the order of its fields."""
    return problem.code, problem.row_number, problem.line, problem.field, problem.value, dict(problem.facts)


def to_problem(stored: list[Any]) -> Problem:
    """Returns the problem that `from_problem` spelled."""
    return Problem(ProblemCode(stored[0]), *stored[1:])


def from_rows(block: RowBlock) -> object:
    """Returns a block of rows by columns, without their problems, which are those of drafts or outcomes by now, and
    without the cells that readers add to short rows: a row of two bytes may have a thousand of them. Where numbers
    become texts, a fourth column says which."""
    given = [*block.given] if block.problems else block.given
    for place, found in block.problems.items():
        for one in found:
            if one.code in _SHORT:
                given[place] = given[place][: one.facts["cells"]]  # type: ignore[index] # made by a list of its own
    numbers = find_numbers(given)
    columns = [*block.numbers], [*block.lines], given
    return (*columns, numbers) if numbers else columns


def to_rows(block: Any, offset: SplitOffset) -> list[Row]:
    """Returns the rows of a block, numbered in the whole source."""
    numbers, lines, given, *_ = block
    return [*map(Row, _shifted(numbers, offset.rows), _shifted(lines, offset.lines), given)]


def to_exact_rows(block: Any, offset: SplitOffset) -> list[Row]:
    """Returns the same rows with their numbers as numbers, for readers that read them once more."""
    _, _, given, *numbers = block
    for found in numbers:
        restore_numbers(given, found)
    return to_rows(block, offset)


def to_given(block: Any, offset: SplitOffset) -> GivenBlock:
    """Returns the numbers and lines of the rows of a block, and what stands in them."""
    numbers, lines, given, *_ = block
    return _shifted(numbers, offset.rows), _shifted(lines, offset.lines), given


def from_drafts(drafts: list[Draft]) -> object:
    """Returns drafts by columns, without their fields, which are written once, by the phase that made them."""
    return (
        [one.row_number for one in drafts],
        [one.line for one in drafts],
        [one.identity_keys for one in drafts],
        [one.record_id for one in drafts],
        [one.is_match for one in drafts],
        _from_problems([one.problems for one in drafts]),
    )


def to_drafts(block: Any, offset: SplitOffset) -> list[Draft]:
    """Returns the drafts of a block, without fields, numbered in the whole source."""
    numbers, lines, keys, ids, matches, problems = block
    columns = zip(_shifted(numbers, offset.rows), _shifted(lines, offset.lines), keys, ids, matches, strict=True)
    drafts = [Draft(number, line, {}, of, record, is_match, []) for number, line, of, record, is_match in columns]
    for place, found in _each_problems(problems, offset):
        drafts[place].problems = found
    return drafts


def from_outcomes(outcomes: list[RowOutcome]) -> object:
    """Returns row outcomes by columns; those of a preview have the versions of records behind them."""
    columns = (
        [one.row_number for one in outcomes],
        [one.line for one in outcomes],
        [_WORDS[one.outcome] for one in outcomes],
        [one.record_id for one in outcomes],
        _from_problems([one.problems for one in outcomes]),
        [
            (place, one.changes.by_field, one.changes.is_shortened)
            for place, one in enumerate(outcomes)
            if one.changes is not None
        ],
    )
    versions = [(place, one.version) for place, one in enumerate(outcomes) if one.version is not None]
    return (*columns, versions) if versions else columns


def to_outcomes(block: Any, offset: SplitOffset) -> list[RowOutcome]:
    """Returns the row outcomes of a block, numbered in the whole source."""
    numbers, lines, outcomes, ids, problems, changes, *versions = block
    columns = zip(_shifted(numbers, offset.rows), _shifted(lines, offset.lines), outcomes, ids, strict=True)
    outcomes = [
        RowOutcome(number, line, OUTCOME_BY_WORD[outcome], record, []) for number, line, outcome, record in columns
    ]
    for place, found in _each_problems(problems, offset):
        outcomes[place].problems = found
    for place, by_field, is_shortened in changes:
        pairs = {name: (before, after) for name, (before, after) in by_field.items()}
        outcomes[place].changes = RecordChanges(pairs, is_shortened)
    for place, version in versions[0] if versions else ():
        outcomes[place].version = version
    return outcomes


def having(block: Any, outcomes: Set[Outcome]) -> Any:
    """Returns a block of row outcomes without those that have another outcome."""
    columns, others = block[:4], block[4:]
    places = {place: kept for kept, place in enumerate(at for at, one in enumerate(columns[2]) if one in outcomes)}
    return (
        *([column[place] for place in places] for column in columns),
        *([(places[place], *rest) for place, *rest in few if place in places] for few in others),
    )


def from_fields(block: FieldBlock) -> object:
    """Returns what drafts give, by columns; rows with other fields stand apart."""
    return block.row_numbers, block.names, block.columns, [*block.irregular.items()]


def to_fields(block: Any, offset: SplitOffset) -> FieldBlock:
    """Returns the block of fields that `from_fields` spelled, numbered in the whole source."""
    numbers, names, columns, others = block
    return FieldBlock(
        _shifted(numbers, offset.rows), names, columns, {number + offset.rows: fields for number, fields in others}
    )


def from_keyed_rows(keyed_rows: KeyedRows) -> object:
    """Returns keys and row numbers as two columns."""
    return keyed_rows.keys, keyed_rows.row_numbers


def to_keyed_rows(block: Any, batch: int, offset: SplitOffset) -> KeyedRows:
    """Returns the keyed rows of a block, numbered in the whole source."""
    return KeyedRows(batch, block[0], _shifted(block[1], offset.rows))


def to_decisions(stored: object) -> list[NotationDecision]:
    """Returns how columns are written, from JSON values."""
    return _decisions().validate_python(stored)


def to_splits(stored: object) -> Splits:
    """Returns where a source is split, from JSON values."""
    return _splits().validate_python(stored)


@cache
def _decisions() -> TypeAdapter[list[NotationDecision]]:
    return TypeAdapter(list[NotationDecision])


@cache
def _splits() -> TypeAdapter[Splits]:
    return TypeAdapter(Splits)


def _shifted(numbers: list[int], by: int) -> list[int]:
    return [number + by for number in numbers] if by else numbers


def _from_problems(problems: Iterable[Sequence[Problem]]) -> list[object]:
    return [(place, [*map(from_problem, found)]) for place, found in enumerate(problems) if found]


def _each_problems(stored: list[Any], offset: SplitOffset) -> Iterator[tuple[int, list[Problem]]]:
    for place, found in stored:
        yield place, [_moved(to_problem(one), offset) for one in found]


def _moved(problem: Problem, offset: SplitOffset) -> Problem:
    if offset is NO_OFFSET:
        return problem
    line = problem.line and problem.line + offset.lines
    return replace(problem, row_number=problem.row_number + offset.rows, line=line)
