"""Maps the keys of JSON rows to fields: they may differ from row to row, so what a key means is found out once and
remembered.

Rows go in as the reader of the format gives them; values by field come out, and findings about keys as problems. A
source may have as many different keys as a table may have columns: its files have a column for each of them.
"""

from collections.abc import Iterator, Mapping, Set

from chalicelib.errors import Refused
from chalicelib.model.error_columns import (
    DIGEST,
    OURS,
    ROW_NUMBER,
    is_surplus_column,
    surplus_problem,
    uncorrected_problem,
)
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem, quoted
from chalicelib.schema.header_rules import HeaderMeaning, HeaderRules


def too_many_keys(limit: int) -> Refused:
    """Returns the refusal `too_many_columns` of a source with more different keys than the limit."""
    message = f"The rows have more than {limit} different keys. Leave out those you do not need."
    return Refused("too_many_columns", message, limit=limit)


class KeyMapping:
    """Which key feeds which field."""

    def __init__(self, rules: HeaderRules, most_keys: int) -> None:
        """`most_keys` is how many different keys the rows may have."""
        self.problems: list[Problem] = []
        """Findings about the source as a whole; they grow with the keys that are met."""
        self.rows = 0
        """Rows that have been read."""
        self.fed: set[str] = set()
        """The fields that keys have fed so far."""
        self._fed_twice: set[str] = set()
        """The fields that several keys have fed."""
        self._has_unknown_keys = False
        self._rules = rules
        self._most_keys = most_keys
        self._meanings: dict[str, HeaderMeaning] = {}

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that were met, in order of appearance."""
        return tuple(self._meanings)

    def read(
        self, row: Mapping[str, object], row_number: int = 0, line: int | None = None
    ) -> tuple[dict[str, object], list[Problem]]:
        """Returns the values of a row by field, and its problems: keys without a field, where that is an error. Raises
        Refused `too_many_columns` at the first key beyond what a source may have."""
        self.rows += 1
        given: dict[str, object] = {}
        problems: list[Problem] = []
        sources: dict[str, str] = {}
        if ROW_NUMBER in row and (problem := self._find_uncorrected(row, row_number, line)):
            return {}, [problem]
        for key, value in row.items():
            meaning = self._meanings.get(key) or self._remember(key, row)
            if not meaning.field:
                if meaning.code is ProblemCode.UNKNOWN_FIELD and self._rules.is_reported(key, row):
                    problems.append(self._rules.problem_of(meaning.code, key, row_number, line))
            elif meaning.field not in given:
                given[meaning.field], sources[meaning.field] = value, key
            else:
                unread = self._less_sure(meaning, key, sources)
                given[meaning.field] = row[sources[meaning.field]]
                facts = {"first": quoted(sources[meaning.field])}
                problems.append(
                    Problem(ProblemCode.HEADER_DUPLICATE, row_number, line, meaning.field, quoted(unread), facts)
                )
        return given, problems

    def corrected(self, row: Mapping[str, object], values: Mapping[str, object]) -> dict[str, object]:
        """Returns a row with these values by field under the keys that feed the fields, or else under their names."""
        keys: dict[str, str] = {}
        for key in row:
            keys.setdefault(self._rules.meaning_of(key).field, key)
        kept = {key: value for key, value in row.items() if self._rules.meaning_of(key).field not in values}
        return {**kept, **{keys.get(name, name): value for name, value in values.items()}}

    def each_unread_value(self, row: Mapping[str, object], fields: Set[str]) -> Iterator[object]:
        """Yields the values of a row that may belong to these fields though no field reads them: under unknown keys,
        and where several keys feed one of these fields, the one that is read included."""
        if not self._has_unknown_keys and self._fed_twice.isdisjoint(fields):
            return
        for key, value in row.items():
            meaning = self._meanings.get(key) or self._rules.meaning_of(key)
            if meaning.may_hold(self._fed_twice & fields):
                yield value

    def _find_uncorrected(self, row: Mapping[str, object], row_number: int, line: int | None) -> Problem | None:
        """Returns the problem of a row of an errors file that comes back as it was, None of any other row."""
        digested = (value for key, value in row.items() if key not in OURS)
        surplus = [key for key, value in row.items() if is_surplus_column(key, row) and value not in (None, "")]
        return uncorrected_problem(digested, row.get(DIGEST), row_number, line) or surplus_problem(
            (key for key in surplus if not self._rules.meaning_of(key).field), row_number, line
        )

    def _less_sure(self, meaning: HeaderMeaning, key: str, sources: dict[str, str]) -> str:
        """Returns the less sure of two keys for one field; leaves the other among the sources."""
        first = sources[meaning.field]
        if meaning.precedence >= self._rules.meaning_of(first).precedence:
            return key
        sources[meaning.field] = key
        return first

    def _remember(self, key: str, row: Mapping[str, object]) -> HeaderMeaning:
        if len(self._meanings) >= self._most_keys:
            raise too_many_keys(self._most_keys)
        meaning = self._rules.meaning_of(key)
        self._has_unknown_keys = self._has_unknown_keys or not meaning.field
        if meaning.field:
            (self._fed_twice if meaning.field in self.fed else self.fed).add(meaning.field)
        self._meanings[key] = meaning
        is_reported = meaning.code is not ProblemCode.UNKNOWN_FIELD and self._rules.is_reported(key, row)
        if not meaning.field and is_reported:
            self.problems.append(self._rules.problem_of(meaning.code, key))
        return meaning
