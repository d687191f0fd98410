"""What the values of a source prove about how its numbers and dates are written.

In go blocks of rows as the reader gave them, out come decisions by field. A value proves a decimal sign, or an order of
day and month, if it can be read in that way only: `1.234.567,00` is a number with a decimal comma alone, `23/01/2024`
a date with the day first alone. Two values that prove different ways make their column mixed, and nothing is decided.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from chalicelib.model.invisible_characters import visible
from chalicelib.model.notations import Convention, DateOrder, DecimalSign, Notation, NotationDecision
from chalicelib.model.problem_codes import Severity
from chalicelib.model.problems import quoted
from chalicelib.model.resources import FieldType
from chalicelib.model.rows import RowBlock
from chalicelib.schema.column_mapping import ColumnMapping
from chalicelib.schema.header_rules import HeaderRules
from chalicelib.schema.key_mapping import REMEMBERED_KEYS
from chalicelib.schema.types import dates, number_notations

_NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL})
_DATES = frozenset({FieldType.DATE, FieldType.DATETIME})
_MAY_TELL: Mapping[bool, re.Pattern[str]] = {True: re.compile(r"[.,]"), False: re.compile(r"\d[./-]\d{1,2}[./-]\d{4}")}
"""Of numbers, and of dates: what a value without it says nothing about."""
_THREE_BEHIND_POINT = re.compile(r"\.\d{3}(?!\d)", re.ASCII)
_SEEN = 10_000


@dataclass(slots=True)
class _Column:
    """What has been seen of the values of one field."""

    name: str
    header: str
    is_number: bool
    proofs: dict[Convention, str] = field(default_factory=dict)
    has_unclear: bool = False
    """Whether a value has two readings, of which proof alone can choose one."""
    pointed: dict[Convention, str] = field(default_factory=dict)
    """Proofs by dates with points. Their day stands first by custom, which says nothing about other dates."""
    seen: set[str] = field(default_factory=set)
    """The latest values that were judged."""

    def look(self, values: Sequence[str], numbers: Sequence[int] | None) -> None:
        """`numbers` are those of the rows; None where they are not known."""
        if self.is_number and self._says_nothing_new("\n".join(values)):
            return
        may_tell, fresh = _MAY_TELL[self.is_number].search, {*values} - self.seen
        for value in dict.fromkeys(values) if fresh else ():
            if value in fresh and type(value) is str and may_tell(value):
                self._judge(value, values, numbers)
        self.seen = self.seen.union(values) if len(self.seen) < _SEEN else {*values}

    def _says_nothing_new(self, joined: str) -> bool:
        """Seen at once of most columns: whole numbers, and after the first of them decimals with a point."""
        if "," in joined:
            return False
        return "." not in joined or (DecimalSign.POINT in self.proofs and not _THREE_BEHIND_POINT.search(joined))

    def _judge(self, value: str, values: Sequence[str], numbers: Sequence[int] | None) -> None:
        text = visible(value).strip()
        readings: Mapping[Any, object] = (number_notations if self.is_number else dates).readings_of(text)
        if len({*readings.values()}) > 1:
            self.has_unclear = self.has_unclear or not dates.is_pointed(text) or self.is_number
        elif len(readings) == 1:
            way = next(iter(readings))
            where = f"row {numbers[values.index(value)]}" if numbers else "near the end"
            proofs = self.pointed if not self.is_number and dates.is_pointed(text) else self.proofs
            proofs.setdefault(way, f"{quoted(value)!r} ({where})")

    def decision(self) -> NotationDecision | None:
        proofs = self.proofs or (self.pointed if DateOrder.MONTH_FIRST in self.pointed else {})
        ways = tuple(proofs)
        if not ways:
            return None
        is_unusual = len(ways) > 1 or ways[0] in (DecimalSign.COMMA, DateOrder.MONTH_FIRST)
        return NotationDecision(
            field=self.name,
            column=quoted(self.header),
            ways=ways,
            pointed_order=self._pointed_order(),
            proof=", ".join(proofs.values()),
            is_told=self.has_unclear or is_unusual,
        )

    def _pointed_order(self) -> DateOrder | None:
        if DateOrder.MONTH_FIRST not in self.pointed:
            return DateOrder.DAY_FIRST
        return None if DateOrder.DAY_FIRST in self.pointed else DateOrder.MONTH_FIRST


_Values = tuple[_Column, Sequence[str], Sequence[int]]
"""Of a block: values of a column, and the numbers of their rows."""


class NotationEvidence:
    """Looks at the rows of one source, block by block."""

    def __init__(self, rules: HeaderRules, headers: Sequence[str], stated: Notation) -> None:
        """`headers` are empty for JSON."""
        self._rules = rules
        self._plan = ColumnMapping(rules, headers) if headers else None
        named = dict(zip(self._plan.fields, self._plan.chosen(headers), strict=True)) if self._plan else None
        wanted = (_NUMBERS if stated.decimal is None else frozenset()) | (
            _DATES if stated.date_order is None else frozenset()
        )
        self._columns = {
            one.name: _Column(one.name, one.name if named is None else named[one.name], one.type in _NUMBERS)
            for one in rules.resource.fields
            if one.type in wanted and not one.is_computed and (named is None or one.name in named)
        }
        self._keys: dict[str, _Column | None] = {}
        """Of JSON rows those that were met, with the columns they belong to."""

    @property
    def is_wanted(self) -> bool:
        """Whether any column may need proof."""
        return bool(self._columns)

    def look(self, block: RowBlock, *, has_numbers: bool = True) -> None:
        """Rows that cannot be read prove nothing. Of rows at the end of a source nobody knows the numbers."""
        block = _readable(block)
        if not block:
            return
        columns = self._each_column(self._plan, block) if self._plan else self._each_of_objects(block)
        for column, values, numbers in columns:
            column.look(values, numbers if has_numbers else None)

    def _each_column(self, plan: ColumnMapping, block: RowBlock) -> Iterator[_Values]:
        places = plan.chosen(range(len(block.given[0])))
        for name, place in zip(plan.fields, places, strict=True):
            if name in self._columns:
                yield self._columns[name], [*map(itemgetter(place), block.given)], block.numbers

    def _each_of_objects(self, block: RowBlock) -> Iterator[_Values]:
        for given in block.given:
            for key in given.keys() - self._keys.keys():  # type: ignore[union-attr] # rows of JSON are mappings
                self._learn(key)
        for key, column in self._keys.items():
            pairs = zip(block.given, block.numbers, strict=True)
            texts = [(given[key], number) for given, number in pairs if type(given.get(key)) is str] if column else []  # type: ignore[union-attr,call-overload]
            if column and texts:
                values, numbers = zip(*texts, strict=True)
                yield column, values, numbers

    def _learn(self, key: str) -> None:
        if len(self._keys) < REMEMBERED_KEYS:
            self._keys[key] = self._columns.get(self._rules.meaning_of(key).field)

    def decisions(self) -> list[NotationDecision]:
        """In the order of the resource's fields."""
        return [found for one in self._columns.values() if (found := one.decision())]


def _readable(block: RowBlock) -> RowBlock:
    """Without the rows that have errors."""
    wrong = {place for place, found in block.problems.items() if any(one.severity is Severity.ERROR for one in found)}
    return replace(block, problems={place: [] for place in wrong}).without_problems()


def collect_evidence(
    evidence: NotationEvidence, blocks: Iterable[RowBlock], characters: int, *, has_numbers: bool = True
) -> None:
    """Takes so many blocks as hold so many characters, or all."""
    for block in blocks:
        evidence.look(block, has_numbers=has_numbers)
        characters -= block.characters
        if characters <= 0:
            return
