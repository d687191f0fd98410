"""The readers of values: what they take and return, what they raise, and how values that are no text become text.

An exception is the cheapest way out of a reader for an invalid value; `schema/row_parser.py` turns each into a problem
at once, so that none leaves the parsing of its row.
"""

from collections.abc import Callable, Mapping

from chalicelib.model.invisible_characters import visible
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.rows import Value

ValueReader = Callable[[object], Value]
"""Takes a value as given, returns it canonical. Raises InvalidValue, also for blank texts, which are no value."""

INTEGER_BITS = 128
"""Whole numbers of more bits do not become text: no id is that long, and Python refuses to spell very large ones."""


class InvalidValue(ValueError):
    """A value that its field cannot take; `facts` are what the problem's texts need."""

    def __init__(self, code: ProblemCode, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, str | int] = facts

    def without_traceback(self) -> "InvalidValue":
        """Returns an equal exception to be kept: one that was raised keeps all frames alive that it passed."""
        return InvalidValue(self.code, **self.facts)


def as_text(value: object, expected: str) -> str:
    """Returns texts as they are, and whole numbers by their digits; raises InvalidValue for anything else.

    Floats are refused: a long id that passed through one has lost its last digits.
    """
    if isinstance(value, str):
        return value
    if value is None:
        raise InvalidValue(ProblemCode.REQUIRED)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= INTEGER_BITS:
        return str(value)
    raise InvalidValue(ProblemCode.INVALID_TYPE, expected=expected)


def as_visible(value: object, expected: str) -> str:
    """Returns what `as_text` does, without invisible characters, and without space at both ends."""
    return visible(as_text(value, expected)).strip()
