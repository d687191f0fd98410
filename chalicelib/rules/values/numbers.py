"""Whole numbers and decimals. A decimal stays text, in its one canonical form, because binary floats cannot hold it.

    1234.56   1,234.56   1,234,567   1234,56   .5   1.5e3      are read
    1,234     1.234,56   12 €   1 234   NaN   1e400            are not: two readings, a unit, or no number of 38 digits

A single comma before three digits is a thousand to some and a fraction to others, so it is refused rather than guessed.
"""

import re
from decimal import Decimal

from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field
from chalicelib.rules.values.unreadable import Reader, Unreadable, as_text

INTEGER_LIMIT = 2**63
"""Whole numbers are smaller than this, either side: what JSON readers and DynamoDB's clients agree on."""

DECIMAL_DIGITS = 38
"""What a number may have in DynamoDB, before and after the point together."""

_LONGEST = 64
_WHOLE = re.compile(r"[+-]?\d+(?:\.0+)?", re.ASCII)
_CANONICAL = re.compile(r"(?:0|-?[1-9]\d{0,17})|-?(?:0|[1-9]\d{0,17})\.\d{0,17}[1-9]", re.ASCII)
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})", re.ASCII)
_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_THOUSAND_OR_FRACTION = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)


def integer_reader(field: Field, limits: Limits) -> Reader:
    minimum = -INTEGER_LIMIT + 1 if field.minimum is None else field.minimum
    maximum = INTEGER_LIMIT - 1 if field.maximum is None else field.maximum

    def read(value: object) -> int:
        number = _to_integer(value)
        if not minimum <= number <= maximum:
            raise Unreadable(ProblemCode.OUT_OF_RANGE, minimum=minimum, maximum=maximum)
        return number

    return read


def _to_integer(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = _number_text(value, "a whole number")
    if len(text) > _LONGEST or not _WHOLE.fullmatch(text):
        raise Unreadable(ProblemCode.INVALID_INTEGER)
    return int(text.partition(".")[0])


def decimal_reader(field: Field, limits: Limits) -> Reader:
    def read(value: object) -> str:
        text = _number_text(value, "a number")
        if _CANONICAL.fullmatch(text) and field.minimum is None and field.maximum is None:
            return text
        number = _to_decimal(text)
        _check_range(number, field)
        return _canonical(number)

    return read


def _number_text(value: object, expected: str) -> str:
    """Floats are spelled with the fewest digits that mean the same float."""
    if isinstance(value, float):
        return repr(value)
    return str(value) if isinstance(value, Decimal) else as_text(value, expected).strip()


def _to_decimal(text: str) -> Decimal:
    if len(text) <= _LONGEST:
        if _PLAIN.fullmatch(text):
            return Decimal(text)
        if _GROUPED.fullmatch(text):
            return Decimal(text.replace(",", ""))
        if _COMMA.fullmatch(text) and not _THOUSAND_OR_FRACTION.fullmatch(text):
            return Decimal(text.replace(",", "."))
    raise Unreadable(ProblemCode.INVALID_DECIMAL)


def _canonical(number: Decimal) -> str:
    """Digits with at most one point: no exponent, no sign on zero, no zeros that say nothing."""
    if not number:
        return "0"
    if abs(number.adjusted()) > DECIMAL_DIGITS:
        raise Unreadable(ProblemCode.INVALID_DECIMAL)
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if sum(map(str.isdigit, text)) > DECIMAL_DIGITS:
        raise Unreadable(ProblemCode.INVALID_DECIMAL)
    return text


def _check_range(number: Decimal, field: Field) -> None:
    above = field.minimum is None or number >= field.minimum
    below = field.maximum is None or number <= field.maximum
    if not (above and below):
        facts = {"minimum": field.minimum, "maximum": field.maximum}
        raise Unreadable(
            ProblemCode.OUT_OF_RANGE, **{name: "any" if bound is None else bound for name, bound in facts.items()}
        )
