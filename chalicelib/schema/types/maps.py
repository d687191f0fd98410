"""Maps: a JSON object, or a cell that holds one as text. Kept as given, within limits of depth, size and numbers."""

from decimal import Decimal
from math import isfinite

import orjson

from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field
from chalicelib.model.rows import Value
from chalicelib.schema.types.numbers import INTEGER_LIMIT
from chalicelib.schema.types.text import is_storable
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader, as_text

_EXPECTED = "a JSON object"


def map_reader(field: Field, limits: Limits) -> ValueReader:
    """Returns the reader of a field of maps."""

    def read(value: object) -> Value:
        found = value if isinstance(value, dict) else _from_text(as_text(value, _EXPECTED), limits)
        if not isinstance(found, dict):
            raise InvalidValue(ProblemCode.INVALID_TYPE, expected=_EXPECTED)
        if _is_flat(found, limits):
            return found
        entries = _Entries(limits)
        return entries.plain(found, limits.json_depth)

    return read


def _from_text(text: str, limits: Limits) -> object:
    """A map may be as long as a record, whichever format brings it; only its single texts have a limit of their own."""
    if len(text) > limits.record_bytes:
        raise InvalidValue(ProblemCode.TOO_LONG, limit=limits.record_bytes)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise InvalidValue(ProblemCode.INVALID_TYPE, expected=_EXPECTED) from None


def _is_flat(found: dict[object, object], limits: Limits) -> bool:
    """Whether it is a small map of texts with nothing to complain of, as nearly all are: seen without walking it."""
    texts = [*found, *found.values()]
    if len(found) > limits.values or any(text.__class__ is not str for text in texts):
        return False
    joined = "".join(map(str, texts))
    return len(joined) <= limits.text_characters and is_storable(joined)


class _Entries:
    """A walk through one value that counts its entries; recursion ends at the limit of depth, which is far from the
    stack's.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.values

    def plain(self, value: object, levels: int) -> Value:
        """The same value, checked all through; decimals of streaming JSON readers become the floats JSON has."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, (dict, list)):
            return self._nested(value, levels)
        if value is None or isinstance(value, bool):
            return value
        return _plain_number(value)

    def _nested(self, value: dict[object, object] | list[object], levels: int) -> Value:
        self._left -= len(value)
        if self._left < 0:
            raise InvalidValue(ProblemCode.TOO_MANY_VALUES, limit=self._limits.values)
        if not levels:
            expected = f"{_EXPECTED} of at most {self._limits.json_depth} levels"
            raise InvalidValue(ProblemCode.INVALID_TYPE, expected=expected)
        if isinstance(value, list):
            return [self.plain(inner, levels - 1) for inner in value]
        return {self._text(key): self.plain(inner, levels - 1) for key, inner in value.items()}

    def _text(self, text: object) -> str:
        if not isinstance(text, str):
            raise InvalidValue(ProblemCode.INVALID_TYPE, expected=_EXPECTED)
        if len(text) > self._limits.text_characters:
            raise InvalidValue(ProblemCode.TOO_LONG, limit=self._limits.text_characters)
        if not is_storable(text):
            raise InvalidValue(ProblemCode.INVALID_TEXT)
        return text


def _plain_number(value: object) -> Value:
    if isinstance(value, int):
        if abs(value) >= INTEGER_LIMIT:
            raise InvalidValue(ProblemCode.OUT_OF_RANGE, minimum=-INTEGER_LIMIT + 1, maximum=INTEGER_LIMIT - 1)
        return value
    if not isinstance(value, (float, Decimal)):
        raise InvalidValue(ProblemCode.INVALID_TYPE, expected=_EXPECTED)
    if not isfinite(value):
        raise InvalidValue(ProblemCode.INVALID_DECIMAL)
    return float(value)
