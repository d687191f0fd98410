"""How numbers are written: text goes in, out comes what it means by each decimal sign under which it is a number.

    1234.56   .5   1.5e3   1,234.56   1,234,567   12,34,567 (Indian)      mean one number, with a decimal point
    1234,56   ,5   1,5e3   1.234,56   1.234.567                           mean one number, with a decimal comma
    1234   1 234   1'234   -5   −5   5-   (5)                             mean the same number either way
    1,234   1.234                                                         mean two
    12 €   5 kg   50 %   1 2   NaN   1.2.3                                are no numbers: units are not left out

Thousands may be separated by the other sign, by a space (no-break and thin ones included) or by an apostrophe, all over
the number by the same. Accountants write negative numbers in brackets, SAP with the sign behind.
"""

import re
from collections.abc import Mapping

from chalicelib.model.notations import DecimalSign
from chalicelib.model.rows import Value

_LONGEST = 64
_GAPS = " \xa0\u2007\u2009\u202f'\u2019"
"""Characters that separate thousands and never a fraction."""
_MINUS = "-\u2212"


def _shape(sign: str, group: str, indian: str) -> re.Pattern[str]:
    first = r"[1-9]\d{0,2}"
    return re.compile(
        rf"(?P<plain>\d+|(?={sign}\d))(?:{sign}(?P<rest>\d+))?(?P<exponent>[eE][+-]?\d{{1,3}})?"
        rf"|(?P<whole>{first}(?:{group}\d{{3}})+|{first}(?P<gap>[{_GAPS}])\d{{3}}(?:(?P=gap)\d{{3}})*{indian})"
        rf"(?:{sign}(?P<fraction>\d+))?",
        re.ASCII,
    )


_SHAPES: Mapping[DecimalSign, re.Pattern[str]] = {
    DecimalSign.POINT: _shape(r"\.", ",", r"|[1-9]\d?(?:,\d{2})+,\d{3}"),
    DecimalSign.COMMA: _shape(",", r"\.", ""),
}
PLAINLY_POINTED = re.compile(r"-?\d+\.(?:\d{1,2}|\d{4,18})", re.ASCII)
"""What most decimals look like: a point that cannot separate thousands, and nothing else."""
_LIKE_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_NO_DIGIT = re.compile(r"\D+", re.ASCII)
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d{1,3})?", re.ASCII)


def readings_of(text: str) -> dict[DecimalSign, str]:
    """Returns the number in plain digits, as `find_plain` does, by each decimal sign under which the text is a number;
    empty where it is none."""
    if len(text) > _LONGEST or not text:
        return {}
    sign, body = _without_sign(text)
    found = ((one, shape.fullmatch(body)) for one, shape in _SHAPES.items())
    return {one: sign + _digits(match) for one, match in found if match}


def find_plain(text: str) -> str:
    """Returns a number that a program has written, in lower case; empty where the text is none, or not finite."""
    plain = text.lower()
    return plain if len(text) <= _LONGEST and _PLAIN.fullmatch(plain) else ""


def unmistakable(number: Value) -> Value:
    """Returns a canonical decimal with a zero appended where it would read as thousands otherwise: 1.2340."""
    return f"{number}0" if isinstance(number, str) and _LIKE_THOUSANDS.fullmatch(number) else number


def _without_sign(text: str) -> tuple[str, str]:
    if text[0] == "(" and text[-1] == ")":
        return "-", text[1:-1].strip()
    if text[0] in _MINUS:
        return "-", text[1:]
    if text[0] == "+":
        return "", text[1:]
    return ("-", text[:-1].rstrip()) if text[-1] in _MINUS else ("", text)


def _digits(found: re.Match[str]) -> str:
    if found["whole"]:
        whole, fraction, exponent = _NO_DIGIT.sub("", found["whole"]), found["fraction"], None
    else:
        whole, fraction, exponent = found["plain"], found["rest"], found["exponent"]
    return (whole or "0") + (f".{fraction}" if fraction else "") + (exponent or "").lower()
