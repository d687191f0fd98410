"""Turns one JSON text into one value, exactly: whole numbers of any size become int, all others Decimal, never a float.

orjson reads what has no fractions, which is nearly everything and five times as fast; the standard library reads the
rest, and what orjson declines although RFC 8259 allows it, such as an escaped lone surrogate. Either keeps the last of
two equal keys and says nothing; `repeated_keys` finds them. `storable` makes such values fit for a work object. Shared
by JSON and NDJSON.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import NoReturn

import orjson

from chalicelib.errors import SluiceError
from chalicelib.formats.json.repeated_keys import find_repeated_key
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import VALUE_CHARACTERS, Problem, quoted
from chalicelib.model.rows import Row

_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[{}\[\]]', re.DOTALL)
_DIGITS_OF_INT = 4_000
"""Python refuses to make an int of 4,300 digits from text; as Decimal they survive."""

_EXACT_AND_FLAT = frozenset({str, int, bool, type(None)})
"""Types of values that are neither rounded nor nested."""

_KINDS: Mapping[type, str] = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}


REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_SURROGATE = re.compile("[\ud800-\udfff]")
_LEAST, _MOST = -(2**63), 2**64 - 1
"""What JSON writers can be trusted with: 64 bits, with or without a sign."""


class NotJson(SluiceError):
    """Raised where a text breaks the grammar or a limit; `code` says which problem a row gets for it."""

    def __init__(self, detail: str, code: ProblemCode = ProblemCode.INVALID_JSON) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def parse_json(raw: bytes, limits: Limits) -> object:
    """Returns the value of a text. Raises NotJson, also where one object has a key twice."""
    value = _parsed(raw, limits)
    repeated = find_repeated_key(raw, value)
    if repeated is not None:
        raise NotJson(f"one object gives {quoted(repeated)!r} more than once", ProblemCode.DUPLICATE_KEY)
    return value


def row_of_json(number: int, line: int, raw: bytes, limits: Limits) -> Row:
    """Returns the row that an object is; anything else becomes a row with the text as its only cell and an error."""
    try:
        value = parse_json(raw, limits)
    except NotJson as error:
        shown = raw[: 4 * VALUE_CHARACTERS].decode("utf-8", "replace")
        facts = {"detail": error.detail, "encoding": "utf-8"}
        return Row(number, line, [shown], [Problem(error.code, number, line, value=quoted(shown), facts=facts)])
    if isinstance(value, dict):
        return Row(number, line, value)
    facts = {"found": _KINDS.get(type(value), "a number")}
    shown = raw[: 4 * VALUE_CHARACTERS].decode("utf-8", "replace")
    return Row(
        number, line, [shown], [Problem(ProblemCode.NOT_AN_OBJECT, number, line, value=quoted(shown), facts=facts)]
    )


def row_too_large(number: int, line: int, limits: Limits) -> Row:
    """Returns a row with an error in place of one that is larger than `Limits.row_bytes`."""
    facts = {"limit": limits.row_bytes}
    return Row(number, line, [], [Problem(ProblemCode.ROW_TOO_LARGE, number, line, facts=facts)])


def truncated_row(number: int, line: int, given: list[str], detail: str) -> Row:
    """Returns a row with an error for the place where the source breaks off; `given` is what stood there."""
    return Row(number, line, given, [Problem(ProblemCode.TRUNCATED_SOURCE, number, line, facts={"detail": detail})])


def _parsed(raw: bytes, limits: Limits) -> object:
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        _refuse_depth(raw, limits.json_depth)
        return _parsed_exactly(raw)
    if type(value) is dict and _EXACT_AND_FLAT.issuperset(map(type, value.values())):
        return value
    _refuse_depth(raw, limits.json_depth)
    return _parsed_exactly(raw) if _has_float(value) else value


def _refuse_depth(raw: bytes, limit: int) -> None:
    if raw.count(b"{") + raw.count(b"[") <= limit:
        return
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(raw):
        mark = raw[token.start()]
        depth += mark in b"{["
        depth -= mark in b"}]"
        if depth > limit:
            raise NotJson(f"nested deeper than {limit} levels")


def _has_float(value: object) -> bool:
    """Returns whether there is a float in the value, which orjson may have rounded: a fraction, an exponent, or an
    integer beyond 64 bits."""
    if type(value) is dict:
        return any(map(_has_float, value.values()))
    if type(value) is list:
        return any(map(_has_float, value))
    return type(value) is float


def _parsed_exactly(raw: bytes) -> object:
    try:
        text = raw.decode("utf-8")
        return json.loads(text, parse_float=Decimal, parse_int=_exact_int, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        detail = f"byte {raw[error.start]:#04x} at position {error.start + 1} is not UTF-8"
        raise NotJson(detail, ProblemCode.UNDECODABLE_BYTES) from error
    except json.JSONDecodeError as error:
        raise NotJson(f"{error.msg[:1].lower()}{error.msg[1:]} at character {error.pos + 1}") from error
    except InvalidOperation as error:
        raise NotJson("a number is too large") from error


def _exact_int(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= _DIGITS_OF_INT else Decimal(digits)


def _refuse_constant(name: str) -> NoReturn:
    raise NotJson(f"{name} is no JSON value")


def storable(value: object) -> object:
    """Returns a JSON value that a work object can hold.

    RFC 8259 allows numbers of any size and escaped lone surrogates; UTF-8 JSON with exact integers holds neither. Such
    numbers become their text, as decimals do anyway, and surrogates become replacement characters. The fields of the
    row have been read by then: what is mended here is only shown.
    """
    if isinstance(value, dict):
        return {_text(name): storable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [storable(one) for one in value]
    if isinstance(value, str):
        return _text(value)
    return str(value) if isinstance(value, int) and not _LEAST <= value <= _MOST else value


def _text(text: str) -> str:
    """Returns the text with replacement characters for lone surrogates."""
    return text if text.isascii() else _SURROGATE.sub(REPLACEMENT, text)
