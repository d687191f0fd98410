"""Finds out what the values of a source prove about how its numbers and dates are written.

Blocks of rows go in as the reader of the format gave them, decisions by field come out. A value proves a decimal sign,
or an order of day and month, if it can be read in that way only: `1.234.567,00` is a number with a decimal comma alone,
`23/01/2024` a date with the day first alone. Two values that prove different conventions make their column mixed, and
nothing is decided.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from chalicelib.model.invisible_characters import visible
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.notations import Convention, DateOrder, DecimalSign, Notation, NotationDecision
from chalicelib.model.problem_codes import Severity
from chalicelib.model.problems import quoted
from chalicelib.model.resources import FieldType
from chalicelib.model.rows import RowBlock
from chalicelib.schema.column_mapping import ColumnMapping
from chalicelib.schema.header_rules import HeaderRules
from chalicelib.schema.types import dates, number_notations

_NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL})
_DATES = frozenset({FieldType.DATE, FieldType.DATETIME})
_MAY_PROVE: Mapping[bool, re.Pattern[str]] = {True: re.compile(r"[.,]"), False: re.compile(r"\d[./-]\d{1,2}[./-]\d{4}")}
"""By whether the field is a number: what a value must contain to prove anything."""
_THREE_BEHIND_POINT = re.compile(r"\.\d{3}(?!\d)", re.ASCII)
_REMEMBERED_VALUES = 10_000


@dataclass(frozen=True, slots=True)
class Proof:
    """A value that can be read by one convention only, and where it stands."""

    value: str
    where: str

    def __str__(self) -> str:
        return f"{quoted(self.value)!r} ({self.where})"


@dataclass(slots=True)
class ColumnEvidence:
    """What has been seen of the values of one field."""

    name: str
    header: str
    is_number: bool
    proofs: dict[Convention, Proof] = field(default_factory=dict)
    unclear: str = ""
    """The first value with two readings, of which proof alone can choose one."""
    pointed: dict[Convention, Proof] = field(default_factory=dict)
    """Proofs by dates with points; their day stands first by custom, which says nothing about other dates."""
    seen: set[str] = field(default_factory=set)
    """The latest values that were judged."""

    def look(self, values: Sequence[str], numbers: Sequence[int] | None) -> None:
        """Takes in the values of one block; `numbers` are those of their rows, None where they are not known."""
        if self.is_number and self._has_no_new_proof("\n".join(values)):
            return
        may_prove, fresh = _MAY_PROVE[self.is_number].search, {*values} - self.seen
        for value in dict.fromkeys(values) if fresh else ():
            if value in fresh and type(value) is str and may_prove(value):
                self._judge(value, values, numbers)
        self.seen = self.seen.union(values) if len(self.seen) < _REMEMBERED_VALUES else {*values}

    def _has_no_new_proof(self, joined: str) -> bool:
        """Most columns of numbers are judged at a glance: whole numbers, and decimals with a point after the first."""
        if "," in joined:
            return False
        return "." not in joined or (DecimalSign.POINT in self.proofs and not _THREE_BEHIND_POINT.search(joined))

    def _judge(self, value: str, values: Sequence[str], numbers: Sequence[int] | None) -> None:
        text = visible(value).strip()
        readings: Mapping[Any, object] = (number_notations if self.is_number else dates).readings_of(text)
        if len({*readings.values()}) > 1:
            self.unclear = self.unclear or (value if self.is_number or not dates.is_pointed(text) else "")
        elif len(readings) == 1:
            convention = next(iter(readings))
            where = f"row {numbers[values.index(value)]}" if numbers else "near the end"
            proofs = self.pointed if not self.is_number and dates.is_pointed(text) else self.proofs
            proofs.setdefault(convention, Proof(value, where))

    def find_decision(self) -> NotationDecision | None:
        """Returns how the column is written, None where nothing proves it."""
        proofs = self.proofs or (self.pointed if DateOrder.MONTH_FIRST in self.pointed else {})
        conventions = tuple(proofs)
        if not conventions:
            return None
        is_unusual = len(conventions) > 1 or conventions[0] in (DecimalSign.COMMA, DateOrder.MONTH_FIRST)
        return NotationDecision(
            field=self.name,
            column=quoted(self.header),
            conventions=conventions,
            pointed_order=self._pointed_order(),
            proof=", ".join(map(str, proofs.values())),
            is_reported=bool(self.unclear) or is_unusual,
        )

    def _pointed_order(self) -> DateOrder | None:
        if DateOrder.MONTH_FIRST not in self.pointed:
            return DateOrder.DAY_FIRST
        return None if DateOrder.DAY_FIRST in self.pointed else DateOrder.MONTH_FIRST


_Values = tuple[ColumnEvidence, Sequence[str], Sequence[int]]
"""What a block has of one column: its values, and the numbers of their rows."""


class NotationEvidence:
    """Collects what the rows of one source prove, block by block."""

    def __init__(
        self, rules: HeaderRules, headers: Sequence[str], stated: Notation, *, most_keys: int = DEFAULT_LIMITS.columns
    ) -> None:
        """`headers` are empty for JSON, of which `most_keys` different keys are looked at: a source with more is
        refused. What is `stated` needs no proof."""
        self._rules = rules
        self._most_keys = most_keys
        self._mapping = ColumnMapping(rules, headers) if headers else None
        named = dict(zip(self._mapping.fields, self._mapping.select(headers), strict=True)) if self._mapping else None
        wanted = (_NUMBERS if stated.decimal is None else frozenset()) | (
            _DATES if stated.date_order is None else frozenset()
        )
        self._columns = {
            one.name: ColumnEvidence(one.name, one.name if named is None else named[one.name], one.type in _NUMBERS)
            for one in rules.resource.fields
            if one.type in wanted and not one.is_computed and (named is None or one.name in named)
        }
        self._keys: dict[str, ColumnEvidence | None] = {}
        """The keys of JSON rows that were met, each with the column it belongs to."""

    @property
    def is_needed(self) -> bool:
        """Whether any column may need proof."""
        return bool(self._columns)

    def look(self, block: RowBlock, *, has_numbers: bool = True) -> None:
        """Takes in a block; rows that cannot be read prove nothing. Rows near the end of a source have no known
        numbers."""
        block = _readable(block)
        if not block:
            return
        columns = self._each_column(self._mapping, block) if self._mapping else self._each_of_json(block)
        for column, values, numbers in columns:
            column.look(values, numbers if has_numbers else None)

    def _each_column(self, mapping: ColumnMapping, block: RowBlock) -> Iterator[_Values]:
        places = mapping.select(range(len(block.given[0])))
        for name, place in zip(mapping.fields, places, strict=True):
            if name in self._columns:
                yield self._columns[name], [*map(itemgetter(place), block.given)], block.numbers

    def _each_of_json(self, block: RowBlock) -> Iterator[_Values]:
        for given in block.given:
            for key in given:
                if key not in self._keys:
                    self._remember(key)
        for key, column in self._keys.items():
            pairs = zip(block.given, block.numbers, strict=True)
            texts = [(given[key], number) for given, number in pairs if type(given.get(key)) is str] if column else []  # type: ignore[union-attr,call-overload]
            if column and texts:
                values, numbers = zip(*texts, strict=True)
                yield column, values, numbers

    def _remember(self, key: str) -> None:
        if len(self._keys) < self._most_keys:
            self._keys[key] = self._columns.get(self._rules.meaning_of(key).field)

    def decisions(self) -> list[NotationDecision]:
        """Returns what was decided, in the order of the resource's fields."""
        return [found for one in self._columns.values() if (found := one.find_decision())]


def _readable(block: RowBlock) -> RowBlock:
    """The block without the rows that have errors."""
    wrong = {place for place, found in block.problems.items() if any(one.severity is Severity.ERROR for one in found)}
    return replace(block, problems={place: [] for place in wrong}).regular()


def collect_evidence(
    evidence: NotationEvidence, blocks: Iterable[RowBlock], characters: int, *, has_numbers: bool = True
) -> None:
    """Takes in blocks until they have held that many characters, or all of them."""
    for block in blocks:
        evidence.look(block, has_numbers=has_numbers)
        characters -= block.characters
        if characters <= 0:
            return
