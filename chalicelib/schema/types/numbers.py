"""Whole numbers and decimals. A decimal stays text, in its one canonical form, because binary floats cannot hold it.

Which sign is the decimal one is stated, or was decided by what the column proves; otherwise a number with two readings
is refused rather than guessed (`number_notations.py` says how numbers are written). Numbers of JSON and of workbooks'
cells have one reading.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from chalicelib.model.limits import Limits
from chalicelib.model.notations import AS_WRITTEN, DecimalSign, Notation
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field
from chalicelib.model.rows import NumberText
from chalicelib.schema.types.number_notations import PLAINLY_POINTED, find_plain, readings_of
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader, as_visible

INTEGER_LIMIT = 2**63
"""Whole numbers lie between its negative and itself, both excluded: what JSON readers and DynamoDB's clients agree
on."""

DECIMAL_DIGITS = 38
"""Digits that a number may have in DynamoDB, before and after the point together."""

_WHOLE = r"0|-?[1-9]\d{0,17}"
_FRACTION = r"-?(?:0|[1-9]\d{0,17})\.\d{0,17}[1-9]"
_SURE_FRACTION = r"-?(?:0|[1-9]\d{0,17})\.(?:\d?[1-9]|\d{3,17}[1-9])|-?(?:0|[1-9]\d{3,17})\.\d\d[1-9]"
_CANONICAL: Mapping[DecimalSign | None, re.Pattern[str]] = {
    DecimalSign.POINT: re.compile(rf"{_WHOLE}|{_FRACTION}", re.ASCII),
    DecimalSign.COMMA: re.compile(_WHOLE, re.ASCII),
    None: re.compile(rf"{_WHOLE}|{_SURE_FRACTION}", re.ASCII),
}
"""By decimal sign, what is canonical as it stands; under None, what is canonical whichever sign the column has."""

SIGN_NAMES: Mapping[DecimalSign, str] = {
    DecimalSign.POINT: "a decimal point",
    DecimalSign.COMMA: "a decimal comma",
}
"""How messages name the two decimal signs."""


def integer_reader(field: Field, limits: Limits, notation: Notation = AS_WRITTEN) -> ValueReader:
    """Returns the reader of a field of whole numbers."""
    minimum = -INTEGER_LIMIT + 1 if field.minimum is None else field.minimum
    maximum = INTEGER_LIMIT - 1 if field.maximum is None else field.maximum

    def read(value: object) -> int:
        number = _to_integer(value, notation)
        if not minimum <= number <= maximum:
            raise InvalidValue(ProblemCode.OUT_OF_RANGE, minimum=minimum, maximum=maximum)
        return number

    return read


def _to_integer(value: object, notation: Notation) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = _plain_text(value, "a whole number", notation)
    whole, _, fraction = text.partition(".")
    if not text or "e" in text or fraction.strip("0"):
        raise InvalidValue(ProblemCode.INVALID_INTEGER)
    return int(whole or "0")


def decimal_reader(field: Field, limits: Limits, notation: Notation = AS_WRITTEN) -> ValueReader:
    """Returns the reader of a field of decimals."""
    canonical = _CANONICAL[notation.decimal]
    has_range = field.minimum is not None or field.maximum is not None

    def read(value: object) -> str:
        if not has_range and type(value) is str and canonical.fullmatch(value):
            return value
        text = _plain_text(value, "a number", notation)
        if not text:
            raise InvalidValue(ProblemCode.INVALID_DECIMAL)
        number = Decimal(text)
        _check_range(number, field)
        return _canonical(number)

    return read


def _plain_text(value: object, expected: str, notation: Notation) -> str:
    """Digits, with a point at most, and an exponent; empty where it is no number. Floats are spelled with the fewest
    digits that mean the same float."""
    if isinstance(value, float):
        return find_plain(repr(value))
    if isinstance(value, (Decimal, NumberText)):
        return find_plain(str(value).strip())
    if notation.decimal is not DecimalSign.COMMA and type(value) is str and PLAINLY_POINTED.fullmatch(value):
        return value
    return _of_readings(readings_of(as_visible(value, expected)), notation)


def _of_readings(readings: Mapping[DecimalSign, str], notation: Notation) -> str:
    """The one that the column's notation allows."""
    if notation.decimal and readings:
        if notation.decimal not in readings:
            raise InvalidValue(ProblemCode.NOTATION_DIFFERS, notation=SIGN_NAMES[notation.decimal])
        return readings[notation.decimal]
    different = [*dict.fromkeys(readings.values())]
    if len(different) > 1:
        listed = " or ".join(_canonical(Decimal(text)) for text in different)
        raise InvalidValue(ProblemCode.AMBIGUOUS_NUMBER, readings=listed)
    return different[0] if different else ""


def _canonical(number: Decimal) -> str:
    """Digits with at most one point: no exponent, no sign on zero, no zeros that say nothing."""
    if not number:
        return "0"
    if abs(number.adjusted()) > DECIMAL_DIGITS:
        raise InvalidValue(ProblemCode.INVALID_DECIMAL)
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if sum(map(str.isdigit, text)) > DECIMAL_DIGITS:
        raise InvalidValue(ProblemCode.INVALID_DECIMAL)
    return text


def _check_range(number: Decimal, field: Field) -> None:
    above = field.minimum is None or number >= field.minimum
    below = field.maximum is None or number <= field.maximum
    if not (above and below):
        facts = {"minimum": field.minimum, "maximum": field.maximum}
        raise InvalidValue(
            ProblemCode.OUT_OF_RANGE, **{name: "any" if bound is None else bound for name, bound in facts.items()}
        )
