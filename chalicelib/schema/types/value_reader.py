"""What a reader raises when a value is not what its field asks for, and how values that are no text become text.

Inside one row an exception is the cheapest way out of a reader; `schema/row_parser.py` turns each into a problem at
once, so none of them travels.
"""

from collections.abc import Callable, Mapping

from chalicelib.model.invisible_characters import visible
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.rows import Value

ValueReader = Callable[[object], Value]
"""Takes a value as given, returns it canonical. Raises Unreadable, for blank texts too: they are no value at all."""

INTEGER_BITS = 128
"""Longer numbers do not become text: nobody writes an id of that size, and Python refuses to spell very large ones."""


class InvalidValue(ValueError):
    """A value that its field cannot take; `facts` are what the problem's texts need."""

    def __init__(self, code: ProblemCode, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, str | int] = facts

    def without_history(self) -> "InvalidValue":
        """The same finding, to be kept: what was raised holds on to all calls that it passed, and to what they held."""
        return InvalidValue(self.code, **self.facts)


def as_text(value: object, expected: str) -> str:
    """Texts as they are, whole numbers by their digits; nothing else has an agreed spelling.

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
    """As `as_text`, without invisible characters, and without space at both ends."""
    return visible(as_text(value, expected)).strip()
