"""How values of each type are compared: an operator and a wanted value go in, a test of stored values comes out.

    texts            eq, ne, in as exact identities are compared; contains, starts_with without regard to case and space
    e-mail, phone    eq, ne, in as identities are compared
    numbers          as numbers, whatever their spelling
    dates and times  as precisely as the wanted value says: a day is compared with days, a time with times
    lists            hold where any entry does
    maps             are there or not

Wanted values are read by the readers of the fields' own types; for what those cannot read they raise InvalidValue.
"""

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from chalicelib.model.filters import Operator
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType, Normalisation
from chalicelib.model.rows import NumberText, Value
from chalicelib.schema.identity import normalised
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.number_notations import find_plain
from chalicelib.schema.types.value_reader import InvalidValue, as_text

ValueTest = Callable[[Any], bool]
"""Tests a stored value, which is not null."""

_ORDER: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.GT: operator.gt,
    Operator.GTE: operator.ge,
    Operator.LT: operator.lt,
    Operator.LTE: operator.le,
}
_DAYS = {Operator.DATE_BEFORE: operator.lt, Operator.DATE_AFTER: operator.gt}
_EQUALITY = frozenset({Operator.EQ, Operator.NE, Operator.IN})
_PARTS = frozenset({Operator.CONTAINS, Operator.STARTS_WITH})
NULLS = frozenset({Operator.IS_NULL, Operator.IS_NOT_NULL})

_TEXTS = _EQUALITY | _PARTS | _ORDER.keys()
_NUMBERS = _EQUALITY | _ORDER.keys()
_TIMES = _NUMBERS | _DAYS.keys()

ALLOWED: Mapping[FieldType, frozenset[Operator]] = {
    FieldType.TEXT: _TEXTS,
    FieldType.EMAIL: _TEXTS,
    FieldType.PHONE: _TEXTS,
    FieldType.URL: _TEXTS,
    FieldType.ID: _TEXTS,
    FieldType.CHOICE: _TEXTS,
    FieldType.INTEGER: _NUMBERS,
    FieldType.DECIMAL: _NUMBERS,
    FieldType.BOOLEAN: _EQUALITY,
    FieldType.DATE: _TIMES,
    FieldType.DATETIME: _TIMES,
    FieldType.LIST: _EQUALITY | _PARTS,
    FieldType.MAP: frozenset(),
}
"""The operators that a field may be asked with, beside `is_null` and `is_not_null`, which fit every type."""

_NOT_OF_A_NUMBER = re.compile(r"[^0-9+]+")


def value_test(field: Field, asked: Operator, wanted: object, limits: Limits) -> ValueTest:
    """Returns a test for one of `ALLOWED[field.type]` but `ne` and `in`. Raises InvalidValue for a wanted value that
    the type cannot have."""
    if field.type in (FieldType.INTEGER, FieldType.DECIMAL):
        return _compared(asked, number_key, number_key(_read(FieldType.DECIMAL, _as_number_text(wanted), limits)))
    if field.type in (FieldType.DATE, FieldType.DATETIME):
        return _time_test(asked, wanted, limits)
    if field.type is FieldType.BOOLEAN:
        return _compared(asked, bool, _read(FieldType.BOOLEAN, wanted, limits))
    if field.type is FieldType.LIST:
        holds = _text_test(Field(name=field.name), asked, wanted, limits)
        return lambda stored: any(map(holds, stored))
    return _text_test(field, asked, wanted, limits)


def order_key(field: Field) -> Callable[[Value], Any]:
    """Returns the function that makes sort keys of the field's values, which are not null."""
    return _ORDER_KEYS.get(field.type, text_key)


def text_key(value: Any) -> tuple[str, str]:
    """Returns a key without regard to case first; texts that differ only in case are ordered too."""
    text = str(value)
    return _folded(text), text


def number_key(value: Any) -> Decimal:
    """Returns the number that a text or a number means."""
    return Decimal(str(value))


def time_key(value: Any) -> str:
    """Returns a text in one form, so that texts sort as their times do; fractions are longer, hence later."""
    return str(value).removesuffix("Z")


def _day_key(value: Any) -> str:
    return str(value)[:10]


def _midnight_or_time(value: Any) -> str:
    return time_key(value) if "T" in value else f"{value}T00:00:00"


_ORDER_KEYS: Mapping[FieldType, Callable[[Any], Any]] = {
    FieldType.INTEGER: number_key,
    FieldType.DECIMAL: number_key,
    FieldType.BOOLEAN: bool,
    FieldType.DATE: str,
    FieldType.DATETIME: time_key,
    FieldType.LIST: lambda entries: [text_key(entry) for entry in entries],
    FieldType.MAP: lambda entries: sorted((name, str(value)) for name, value in entries.items()),
}


def _compared(asked: Operator, key: Callable[[Any], Any], wanted: Any) -> ValueTest:
    compare = _ORDER.get(asked) or _DAYS.get(asked, operator.eq)
    return lambda stored: bool(compare(key(stored), wanted))


def _time_test(asked: Operator, wanted: object, limits: Limits) -> ValueTest:
    moment = _read(FieldType.DATETIME, wanted, limits)
    if _is_day(wanted, moment):
        return _compared(asked, _day_key, _day_key(moment))
    return _compared(asked, _midnight_or_time, time_key(moment))


def _is_day(wanted: object, moment: str) -> bool:
    """Whether no time of day was given. A colon in the text shows one, however the date is written."""
    return isinstance(wanted, str) and moment.endswith("T00:00:00Z") and ":" not in wanted


def _text_test(field: Field, asked: Operator, wanted: object, limits: Limits) -> ValueTest:
    if asked in _PARTS:
        return _part_test(field, asked, wanted)
    if asked in _ORDER:
        return _compared(asked, text_key, text_key(_read(FieldType.TEXT, wanted, limits)))
    return _equal(field, wanted, limits)


def _equal(field: Field, wanted: object, limits: Limits) -> ValueTest:
    if field.type is FieldType.EMAIL:
        return _compared(Operator.EQ, _email_key, _email_key(_read(FieldType.TEXT, wanted, limits)))
    if field.type is FieldType.PHONE:
        return _compared(Operator.EQ, _phone_key, _phone_key(_read(FieldType.PHONE, wanted, limits)))
    if field.type in (FieldType.CHOICE, FieldType.URL):
        return _compared(Operator.EQ, str, reader_of(field, limits)(wanted))
    return _compared(Operator.EQ, _exact_key, _exact_key(_read(FieldType.TEXT, wanted, limits)))


def _part_test(field: Field, asked: Operator, wanted: object) -> ValueTest:
    fold = _digits if field.type is FieldType.PHONE else _folded
    part = fold(as_text(wanted, "text"))
    if not part:
        raise InvalidValue(ProblemCode.INVALID_PHONE)
    if asked is Operator.CONTAINS:
        return lambda stored: part in fold(stored)
    return lambda stored: fold(stored).startswith(part)


def _as_number_text(wanted: object) -> object:
    """Returns a text of digits with one point at most as a number text, since records spell numbers like this."""
    return NumberText(wanted) if isinstance(wanted, str) and find_plain(wanted.strip()) else wanted


def _read(kind: FieldType, wanted: object, limits: Limits) -> Any:
    return reader_of(Field(name="", type=kind), limits)(wanted)


def _folded(text: object) -> str:
    return normalised(str(text), Normalisation.CASELESS)


def _exact_key(text: object) -> str:
    return normalised(str(text), Normalisation.EXACT)


def _email_key(text: object) -> str:
    return normalised(str(text), Normalisation.EMAIL)


def _phone_key(text: object) -> str:
    return normalised(str(text), Normalisation.PHONE)


def _digits(text: object) -> str:
    return _NOT_OF_A_NUMBER.sub("", str(text))
