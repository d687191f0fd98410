"""What a row is on its way: Row (as given) → Draft (typed, identified) → RowOutcome (what happened to it).

Values are plain JSON values throughout: a decimal is its canonical text, a date its ISO 8601 text, so that a draft can
be written to a work object and read back as JSON.

These classes are made once per row, so they are slotted and not frozen (frozen ones cost three times as much to make);
they are never changed after they were made.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from chalicelib.model.ids import RecordId
from chalicelib.model.problems import Problem

T = TypeVar("T")

Value = str | int | float | bool | list["Value"] | dict[str, "Value"] | None
"""A JSON value. None is an explicit null, which clears a field; "not given" is the absence of the field."""

Fields = dict[str, Value]
"""Values by field name; only the fields that were given."""


class NumberText(str):
    """The text of a workbook cell that holds a number: digits and a point, in one notation always."""

    __slots__ = ()


@dataclass(slots=True)
class Row:
    """One entry of a source as given."""

    number: int
    """Counts data rows from 1; the header line is no row."""
    line: int
    """The line of the file on which the row starts, from 1; for JSON arrays the position in the array."""
    given: Sequence[str] | Mapping[str, object]
    """Cells by position (delimited text, workbooks: text always), or values by header (JSON, NDJSON)."""
    problems: list[Problem] = field(default_factory=list)
    """What the reader found on the way, such as `row_too_short`; an error among them means the row cannot be read."""
    corrections: Mapping[str, Value] = field(default_factory=dict)
    """By field, values that stand in for what was given."""


@dataclass(slots=True)
class RowBlock:
    """A block of consecutive rows, kept by columns: a thousand of them cost what one row costs as an object."""

    numbers: Sequence[int]
    lines: Sequence[int]
    given: Sequence[Sequence[str] | Mapping[str, object]]
    problems: dict[int, list[Problem]] = field(default_factory=dict)
    """By place in the block; most rows have none."""
    characters: int = 0
    """Roughly how many characters the rows have in their source."""
    corrections: dict[int, Mapping[str, Value]] = field(default_factory=dict)
    """By place in the block, of rows that were corrected."""

    def __len__(self) -> int:
        return len(self.numbers)

    def each_row(self, places: Iterable[int] | None = None) -> Iterator[Row]:
        """Yields the rows at these places, all rows by default."""
        for place in range(len(self)) if places is None else places:
            row = Row(self.numbers[place], self.lines[place], self.given[place], self.problems.get(place, []))
            row.corrections = self.corrections.get(place, row.corrections)
            yield row

    def regular(self) -> "RowBlock":
        """Returns the block without the rows that have problems, or were corrected."""
        if not (self.problems or self.corrections):
            return self
        places = [place for place in range(len(self)) if place not in self.problems and place not in self.corrections]
        numbers, lines = [self.numbers[place] for place in places], [self.lines[place] for place in places]
        return RowBlock(numbers, lines, [self.given[place] for place in places])

    def cut(self, rows: int) -> tuple["RowBlock", "RowBlock"]:
        """Returns the first rows and the others as two blocks; `characters` is shared out in proportion."""
        share = self.characters * rows // len(self)
        (head, tail), (first, others) = _cut(self.problems, rows), _cut(self.corrections, rows)
        rest = self.characters - share
        return (
            RowBlock(self.numbers[:rows], self.lines[:rows], self.given[:rows], head, share, first),
            RowBlock(self.numbers[rows:], self.lines[rows:], self.given[rows:], tail, rest, others),
        )


def _cut(by_place: Mapping[int, T], rows: int) -> tuple[dict[int, T], dict[int, T]]:
    """What is known of the first rows, and of the others, by their new places."""
    head = {place: one for place, one in by_place.items() if place < rows}
    return head, {place - rows: one for place, one in by_place.items() if place >= rows}


class Outcome(StrEnum):
    """What happened to one row. The counts of all outcomes add up to the number of rows, always."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNPROCESSED = "unprocessed"


OUTCOME_BY_WORD = {outcome.value: outcome for outcome in Outcome}
"""By their words: to ask the enumeration takes several times as long, which counts for millions of rows."""
REJECTED = frozenset({Outcome.FAILED, Outcome.SKIPPED})
"""The outcomes of rows that an errors file holds."""


@dataclass(slots=True)
class Draft:
    """A row on its way to becoming a record."""

    row_number: int
    line: int
    fields: Fields
    """What the row gives; filled in only for phases that look at it, since it is written once and then stays in its
    batch."""
    identity_keys: list[str]
    """The keys of the identities that the row gives, in the order in which the resource declares them."""
    record_id: RecordId | None = None
    """The record the row means; set by transforming."""
    is_match: bool = False
    """Whether that record was in the store when transforming looked."""
    problems: list[Problem] = field(default_factory=list)
    """Warnings collected so far; they do not stop the row."""


@dataclass(slots=True)
class FieldBlock:
    """What drafts give, by columns: many times cheaper to make, write and read than a mapping for each row."""

    row_numbers: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    columns: list[list[Value]] = field(default_factory=list)
    """One for each name, one value for each row number; None where a row does not give it."""
    irregular: dict[int, Fields] = field(default_factory=dict)
    """By row number what rows give that were not parsed by columns: JSON rows and irregular ones. Here None is an
    explicit null. For a row that is also among the columns, this is what counts."""

    def by_row(self) -> dict[int, Fields]:
        """Returns what each row gives, by row number. It is filled column by column, since one check of a whole column
        shows whether every row gives it: most do."""
        fields: list[Fields] = [{} for _ in self.row_numbers]
        for name, column in zip(self.names, self.columns, strict=True):
            pairs = zip(fields, column, strict=True)
            if all(column):
                for one, value in pairs:
                    one[name] = value
            else:
                for one, value in pairs:
                    if value is not None:
                        one[name] = value
        return dict(zip(self.row_numbers, fields, strict=True)) | self.irregular

    def find_rows(self, wanted: Set[int]) -> dict[int, Fields]:
        """Returns what these rows give, as far as they are in the block."""
        places = [(place, number) for place, number in enumerate(self.row_numbers) if number in wanted]
        found = {number: self._named([column[place] for column in self.columns]) for place, number in places}
        return found | {number: fields for number, fields in self.irregular.items() if number in wanted}

    def _named(self, values: Iterable[Value]) -> Fields:
        return {name: value for name, value in zip(self.names, values, strict=True) if value is not None}


BeforeAndAfter = tuple[Value, Value]
"""A value of a record before a row changed it, and after; None stands for no value."""


@dataclass(slots=True)
class RecordChanges:
    """The fields of a record that a row changes, as they can be shown beside the row."""

    by_field: dict[str, BeforeAndAfter] = field(default_factory=dict)
    is_shortened: bool = False
    """Whether a value was cut, or fields were left out, because they are too long to show."""


@dataclass(slots=True)
class RowOutcome:
    """What became of a row that has ended: its outcome and, unless all went well, its problems."""

    row_number: int
    line: int
    outcome: Outcome
    record_id: RecordId | None = None
    problems: list[Problem] = field(default_factory=list)
    changes: RecordChanges | None = None
    """What it changed in a record that was there; None for other rows, and where a retry found the row written."""
    version: int | None = None
    """In a preview, the version of the record on which it was decided, 0 where there was none; None for rows that ended
    before."""
