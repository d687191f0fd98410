"""Problems: findings about rows, headers and files, as data. They are collected, counted and written to the errors
file, never raised."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.model.problem_codes import CATALOGUE, ProblemCode, Severity


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding; its `row_number` is 0 where it is about the source as a whole."""

    code: ProblemCode
    row_number: int = 0
    line: int | None = None
    field: str | None = None
    """The resource's field, or the header where no field is known."""
    value: str | None = None
    """The offending value as given, cut to `VALUE_CHARACTERS`."""
    facts: Mapping[str, str | int] = dataclasses.field(default_factory=dict)
    """What the texts need beside field and value: limits, choices, ids."""

    @property
    def severity(self) -> Severity:
        """What the problem does to its row."""
        return CATALOGUE[self.code].severity

    @property
    def message(self) -> str:
        """Says where and what, with the value quoted."""
        return CATALOGUE[self.code].message.format_map(_Facts(self))

    @property
    def hint(self) -> str:
        """Says what to do next."""
        return CATALOGUE[self.code].hint.format_map(_Facts(self))


VALUE_CHARACTERS = 200
"""Characters of a value that a problem quotes at most."""


def quoted(value: object) -> str:
    """Returns a value as a problem quotes it, cut to `VALUE_CHARACTERS`."""
    text = value if isinstance(value, str) else _spelled(value)
    return text if len(text) <= VALUE_CHARACTERS else text[: VALUE_CHARACTERS - 1] + "…"


def _spelled(value: object) -> str:
    try:
        return str(value) if isinstance(value, Decimal) else repr(value)
    except ValueError:  # Python does not spell whole numbers of more than 4,300 digits
        return f"a very large {type(value).__name__}"


class _Facts(dict[str, object]):
    """The words a template may use; a missing fact shows as its name instead of raising an error."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(
            {"wanted": f"'{problem.field}'"} | dict(problem.facts),
            field=problem.field,
            value=problem.value,
            line=problem.line,
            row=problem.row_number,
        )

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"
