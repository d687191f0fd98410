"""Maps columns to fields: made once from the header line, applied to every row of delimited text and workbooks.

`HeaderRules` (`schema/header_rules.py`) say what each header means; where several mean one field, the surest is read.
Findings about headers, and rows of an errors file that come back uncorrected, are reported as problems.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from itertools import compress
from typing import TypeVar

from chalicelib.model.columns import ColumnReason, SourceColumn
from chalicelib.model.error_columns import (
    DIGEST,
    OURS,
    is_surplus_column,
    surplus_problem,
    uncorrected_problem,
)
from chalicelib.model.invisible_characters import is_blank, trimmed
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem, quoted
from chalicelib.schema.header_rules import HeaderMeaning, HeaderPrecedence, HeaderRules

Column = TypeVar("Column")


class ColumnMapping:
    """Which column feeds which field."""

    def __init__(self, rules: HeaderRules, headers: Sequence[str]) -> None:
        meanings = [rules.meaning_of(header) for header in headers]
        columns = _columns_by_field(meanings)
        self.problems: tuple[Problem, ...] = (
            *_each_missing(rules, headers),
            *_each_unread(rules, headers, meanings, columns),
        )
        """Findings about the source as a whole; an error among them ends the import."""
        self._rules = rules
        self._meanings = meanings
        self.columns = dict(columns)
        """By field, the column that it is read from."""
        self._is_read = [columns.get(meaning.field) == index for index, meaning in enumerate(meanings)]
        self.fields = [*compress((meaning.field for meaning in meanings), self._is_read)]
        """The fields that are read, in the order of their columns."""
        self._unknown = [
            (index, headers[index])
            for index, one in enumerate(meanings)
            if one.code is ProblemCode.UNKNOWN_FIELD and rules.is_reported(headers[index], headers)
        ]
        self._uncorrected = _UncorrectedRows(headers, [index for index, one in enumerate(meanings) if one.field])

    @property
    def has_unknown_columns(self) -> bool:
        """Whether a cell may fail its row because nothing declares its header."""
        return bool(self._unknown or self._uncorrected.may_be_there)

    def unread_columns(self, fields: Set[str]) -> list[int]:
        """Returns the columns that are not read and may still hold values of these fields: those with an unknown
        header, and those for one of these fields where another column feeds the same one."""
        each = enumerate(zip(self._meanings, self._is_read, strict=True))
        return [index for index, (meaning, is_read) in each if not is_read and meaning.may_hold(fields)]

    def select(self, columns: Sequence[Column]) -> list[Column]:
        """Returns those of the source's columns that feed `fields`, in their order."""
        return [*compress(columns, self._is_read)]

    def read(
        self, cells: Sequence[str], row_number: int = 0, line: int | None = None
    ) -> tuple[dict[str, object], list[Problem]]:
        """Returns the cells of a row by field, and its problems; cells that a short row lacks are not given."""
        if self._uncorrected.may_be_there and (problem := self._uncorrected.find(cells, row_number, line)):
            return {}, [problem]
        given: dict[str, object] = dict(zip(self.fields, compress(cells, self._is_read), strict=False))
        unknown = [header for index, header in self._unknown if index < len(cells) and not is_blank(cells[index])]
        return given, [self._rules.problem_of(ProblemCode.UNKNOWN_FIELD, one, row_number, line) for one in unknown]


def columns_of(rules: HeaderRules, headers: Sequence[str]) -> tuple[SourceColumn, ...]:
    """Returns which field each of these columns, or keys of JSON rows, feeds, and why, in their order."""
    meanings = [rules.meaning_of(header) for header in headers]
    fed_by = _columns_by_field(meanings)
    return tuple(
        SourceColumn(header, *_decided(header, meaning, is_fed=fed_by.get(meaning.field) == index))
        for index, (header, meaning) in enumerate(zip(headers, meanings, strict=True))
    )


def headers_by_field(rules: HeaderRules, headers: Sequence[str]) -> dict[str, str]:
    """Returns the header of each field that is fed by one of these columns, or keys of JSON rows."""
    return {one.field: one.header for one in columns_of(rules, headers) if one.field}


def header_of(problem: Problem, headers: Mapping[str, str]) -> str | None:
    """Returns the header under which a problem of a row stands; None where it stands under none. `headers` are those of
    the fields.
    """
    if problem.field is None:
        return None
    return headers.get(problem.field) or (problem.field if problem.code in _NAMING_HEADERS else None)


_NAMING_HEADERS = frozenset({ProblemCode.UNKNOWN_FIELD, ProblemCode.PROTECTED_FIELD, ProblemCode.HEADER_UNKNOWN})
"""Codes of problems that have a header in the place of the field."""


def _decided(header: str, meaning: HeaderMeaning, *, is_fed: bool) -> tuple[str | None, ColumnReason]:
    if meaning.field:
        return (meaning.field, _REASONS[meaning.precedence]) if is_fed else (None, ColumnReason.DUPLICATE)
    if is_blank(header):
        return None, ColumnReason.NAMELESS
    is_protected = meaning.code is ProblemCode.PROTECTED_FIELD
    return None, ColumnReason.PROTECTED if is_protected else ColumnReason.UNKNOWN


_REASONS = {
    HeaderPrecedence.MAPPED: ColumnReason.MAPPING,
    HeaderPrecedence.NAMED: ColumnReason.NAME,
    HeaderPrecedence.ALIAS: ColumnReason.ALIAS,
}


class _UncorrectedRows:
    """Finds the rows of an errors file that come back as they were."""

    def __init__(self, headers: Sequence[str], fed: Collection[int]) -> None:
        """`fed` are the columns that feed fields."""
        self._digest = headers.index(DIGEST) if DIGEST in headers else None
        self._digested = [index for index, header in enumerate(headers) if header not in OURS]
        surplus = [(index, header) for index, header in enumerate(headers) if is_surplus_column(header, headers)]
        self._surplus = [(index, header) for index, header in surplus if index not in fed]

    @property
    def may_be_there(self) -> bool:
        """Whether the headers are those of an errors file."""
        return self._digest is not None or bool(self._surplus)

    def find(self, cells: Sequence[str], row_number: int, line: int | None) -> Problem | None:
        """Returns the problem of such a row, None of any other."""
        digest = cells[self._digest] if self._digest is not None and self._digest < len(cells) else ""
        digested = (cells[index] for index in self._digested if index < len(cells))
        surplus = [header for index, header in self._surplus if index < len(cells) and not is_blank(cells[index])]
        return uncorrected_problem(digested, digest, row_number, line) or surplus_problem(surplus, row_number, line)


def _columns_by_field(meanings: Iterable[HeaderMeaning]) -> Mapping[str, int]:
    """The column of each field: that with the surest header, of equals the first."""
    ranked = sorted((one.precedence, index, one.field) for index, one in enumerate(meanings) if one.field)
    return {field: index for _, index, field in reversed(ranked)}


def _each_missing(rules: HeaderRules, headers: Sequence[str]) -> Iterable[Problem]:
    found = {trimmed(header) for header in headers}
    facts = {"headers": quoted(", ".join(headers))}
    for field, header in rules.headers_by_field.items():
        if header not in found:
            yield Problem(ProblemCode.HEADER_MISSING, field=field, value=quoted(header), facts=facts)


def _each_unread(
    rules: HeaderRules, headers: Sequence[str], meanings: Sequence[HeaderMeaning], columns: Mapping[str, int]
) -> Iterable[Problem]:
    """Columns without a header are reported by the reader of the format."""
    for index, (header, meaning) in enumerate(zip(headers, meanings, strict=True)):
        if is_blank(header):
            continue
        if meaning.field and columns[meaning.field] != index:
            facts: dict[str, str | int] = {"first": quoted(headers[columns[meaning.field]]), "column": index + 1}
            yield Problem(ProblemCode.HEADER_DUPLICATE, field=meaning.field, value=quoted(header), facts=facts)
        elif not meaning.field and meaning.code is not ProblemCode.UNKNOWN_FIELD and rules.is_reported(header, headers):
            yield rules.problem_of(meaning.code, header)
