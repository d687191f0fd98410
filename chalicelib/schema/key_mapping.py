"""The plan for JSON rows, whose keys may differ from row to row: what a key means is found once and remembered."""

from collections.abc import Iterator, Mapping, Set

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

REMEMBERED_KEYS = 10_000
"""A source with more different keys is read all the same, only slower, and its further keys are not reported."""


class KeyMapping:
    """Which key feeds which field. `problems` are about the source as a whole, and grow with the keys that were met."""

    def __init__(self, rules: HeaderRules) -> None:
        self.problems: list[Problem] = []
        self.rows = 0
        """Rows that have been read."""
        self.fed: set[str] = set()
        """The fields that keys have fed so far."""
        self._rivals: set[str] = set()
        """Those that several keys have fed."""
        self._has_strangers = False
        self._rules = rules
        self._meanings: dict[str, HeaderMeaning] = {}

    @property
    def keys(self) -> tuple[str, ...] | None:
        """All keys that were met, in order of appearance; None where there were too many to remember."""
        return tuple(self._meanings) if len(self._meanings) < REMEMBERED_KEYS else None

    def read(
        self, row: Mapping[str, object], row_number: int = 0, line: int | None = None
    ) -> tuple[dict[str, object], list[Problem]]:
        """The values by field, and the keys that no field explains, where that is an error."""
        self.rows += 1
        given: dict[str, object] = {}
        problems: list[Problem] = []
        sources: dict[str, str] = {}
        if ROW_NUMBER in row and (problem := self._find_remainder(row, row_number, line)):
            return {}, [problem]
        for key, value in row.items():
            meaning = self._meanings.get(key) or self._learned(key, row)
            if not meaning.field:
                if meaning.code is ProblemCode.UNKNOWN_FIELD and self._rules.is_told(key, row):
                    problems.append(self._rules.finding(meaning.code, key, row_number, line))
            elif meaning.field not in given:
                given[meaning.field], sources[meaning.field] = value, key
            else:
                loser = self._loser(meaning, key, sources)
                given[meaning.field] = row[sources[meaning.field]]
                facts = {"first": quoted(sources[meaning.field])}
                problems.append(
                    Problem(ProblemCode.HEADER_DUPLICATE, row_number, line, meaning.field, quoted(loser), facts)
                )
        return given, problems

    def ignored(self, row: Mapping[str, object], fields: Set[str]) -> Iterator[object]:
        """The values under keys without a meaning, and those for these fields where several keys feed one of them, the
        one that is read included."""
        if not self._has_strangers and self._rivals.isdisjoint(fields):
            return
        for key, value in row.items():
            meaning = self._meanings.get(key) or self._rules.meaning_of(key)
            if meaning.is_ignored(self._rivals & fields):
                yield value

    def _find_remainder(self, row: Mapping[str, object], row_number: int, line: int | None) -> Problem | None:
        """Returns the problem of a row of an errors file that was not corrected."""
        digested = (value for key, value in row.items() if key not in OURS)
        surplus = [key for key, value in row.items() if is_surplus_column(key, row) and value not in (None, "")]
        return uncorrected_problem(digested, row.get(DIGEST), row_number, line) or surplus_problem(
            (key for key in surplus if not self._rules.meaning_of(key).field), row_number, line
        )

    def _loser(self, meaning: HeaderMeaning, key: str, sources: dict[str, str]) -> str:
        """Of two keys for one field the less sure one; leaves the other among the sources."""
        first = sources[meaning.field]
        if meaning.rank >= self._rules.meaning_of(first).rank:
            return key
        sources[meaning.field] = key
        return first

    def _learned(self, key: str, row: Mapping[str, object]) -> HeaderMeaning:
        meaning = self._rules.meaning_of(key)
        self._has_strangers = self._has_strangers or not meaning.field
        if meaning.field:
            (self._rivals if meaning.field in self.fed else self.fed).add(meaning.field)
        if len(self._meanings) < REMEMBERED_KEYS:
            self._meanings[key] = meaning
            is_told = meaning.code is not ProblemCode.UNKNOWN_FIELD and self._rules.is_told(key, row)
            if not meaning.field and is_told:
                self.problems.append(self._rules.finding(meaning.code, key))
        return meaning
