"""The plan for cells by position: made once from the header line, applied to every row of CSV, TSV and XLSX."""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from itertools import compress
from typing import TypeVar

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
from chalicelib.schema.header_rules import HeaderMeaning, HeaderRules

One = TypeVar("One")


class ColumnMapping:
    """Which column feeds which field. `problems` are about the source; an error among them ends the import."""

    def __init__(self, rules: HeaderRules, headers: Sequence[str]) -> None:
        meanings = [rules.meaning_of(header) for header in headers]
        columns = _chosen(meanings)
        self.problems: tuple[Problem, ...] = (
            *_each_missing(rules, headers),
            *_each_unread(rules, headers, meanings, columns),
        )
        self._rules = rules
        self._meanings = meanings
        self._is_read = [columns.get(meaning.field) == index for index, meaning in enumerate(meanings)]
        self.fields = [*compress((meaning.field for meaning in meanings), self._is_read)]
        """The fields that are read, in the order of their columns."""
        self._unknown = [
            (index, headers[index])
            for index, one in enumerate(meanings)
            if one.code is ProblemCode.UNKNOWN_FIELD and rules.is_told(headers[index], headers)
        ]
        self._remainders = _Remainders(headers, [index for index, one in enumerate(meanings) if one.field])

    @property
    def has_strangers(self) -> bool:
        """Whether cells may fail their row for standing under a header that nobody declared."""
        return bool(self._unknown or self._remainders.may_be_there)

    def ignored(self, fields: Set[str]) -> list[int]:
        """The columns that are not read: those without a meaning, and those for these fields where another column feeds
        the same one."""
        each = enumerate(zip(self._meanings, self._is_read, strict=True))
        return [index for index, (meaning, is_read) in each if not is_read and meaning.is_ignored(fields)]

    def chosen(self, columns: Sequence[One]) -> list[One]:
        """Of the columns of the source those that feed `fields`, in their order."""
        return [*compress(columns, self._is_read)]

    def read(
        self, cells: Sequence[str], row_number: int = 0, line: int | None = None
    ) -> tuple[dict[str, object], list[Problem]]:
        """The cells by field; cells that a short row lacks are not given."""
        if self._remainders.may_be_there and (problem := self._remainders.find(cells, row_number, line)):
            return {}, [problem]
        given: dict[str, object] = dict(zip(self.fields, compress(cells, self._is_read), strict=False))
        unknown = [header for index, header in self._unknown if index < len(cells) and not is_blank(cells[index])]
        return given, [self._rules.finding(ProblemCode.UNKNOWN_FIELD, header, row_number, line) for header in unknown]


class _Remainders:
    """Finds the rows of an errors file that were not corrected."""

    def __init__(self, headers: Sequence[str], fed: Collection[int]) -> None:
        """`fed` are the columns that feed fields."""
        self._digest = headers.index(DIGEST) if DIGEST in headers else None
        self._digested = [index for index, header in enumerate(headers) if header not in OURS]
        surplus = [(index, header) for index, header in enumerate(headers) if is_surplus_column(header, headers)]
        self._surplus = [(index, header) for index, header in surplus if index not in fed]

    @property
    def may_be_there(self) -> bool:
        return self._digest is not None or bool(self._surplus)

    def find(self, cells: Sequence[str], row_number: int, line: int | None) -> Problem | None:
        """Returns the problem of such a row, None of any other."""
        digest = cells[self._digest] if self._digest is not None and self._digest < len(cells) else ""
        digested = (cells[index] for index in self._digested if index < len(cells))
        surplus = [header for index, header in self._surplus if index < len(cells) and not is_blank(cells[index])]
        return uncorrected_problem(digested, digest, row_number, line) or surplus_problem(surplus, row_number, line)


def _chosen(meanings: Iterable[HeaderMeaning]) -> Mapping[str, int]:
    """The column of each field: the surest header, of equals the first."""
    ranked = sorted((one.rank, index, one.field) for index, one in enumerate(meanings) if one.field)
    return {field: index for _, index, field in reversed(ranked)}


def _each_missing(rules: HeaderRules, headers: Sequence[str]) -> Iterable[Problem]:
    found = {trimmed(header) for header in headers}
    facts = {"headers": quoted(", ".join(headers))}
    for field, header in rules.mapping.items():
        if header not in found:
            yield Problem(ProblemCode.HEADER_MISSING, field=field, value=quoted(header), facts=facts)


def _each_unread(
    rules: HeaderRules, headers: Sequence[str], meanings: Sequence[HeaderMeaning], columns: Mapping[str, int]
) -> Iterable[Problem]:
    """Columns without a header are told by the reader of the format."""
    for index, (header, meaning) in enumerate(zip(headers, meanings, strict=True)):
        if is_blank(header):
            continue
        if meaning.field and columns[meaning.field] != index:
            facts: dict[str, str | int] = {"first": quoted(headers[columns[meaning.field]]), "column": index + 1}
            yield Problem(ProblemCode.HEADER_DUPLICATE, field=meaning.field, value=quoted(header), facts=facts)
        elif not meaning.field and meaning.code is not ProblemCode.UNKNOWN_FIELD and rules.is_told(header, headers):
            yield rules.finding(meaning.code, header)
