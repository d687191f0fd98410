"""Applies the number formats of spreadsheets to numbers, as far as the formats carry meaning.

    00000           7           00007          leading zeros and fixed groups of digits are part of the value
    000-00-0000     12345678    012-34-5678
    0.0%            0.125       12.5%          a share is shown in percent
    yyyy-mm-dd      45351       2024-02-29     dates, times and durations, in ISO 8601
    "Yes";;"No"     1           Yes            words that stand for numbers
    #,##0.00 "EUR"  1234.5      1234.5         separators, decimals and currencies are how a number looks
    0;-0;;@         0           0              and so is hiding it

Of the last two kinds, what is shown and not read is told, save the separators and the number of decimals.
Source: ECMA-376 part 1, 18.8.30 and 18.8.31.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne

from chalicelib.formats.workbooks.cell_text import DAYS_OF_1904, duration_text, number_text, serial_text

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]?|(?P<general>general|standard)|(?P<clock>am/pm|a/p)'
    r"|(?P<exponent>e[+-])|(?P<digit>[0#?])|(?P<date>[ymdhsegba])|(?P<mark>[.,%/@])|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
_SECTION_TOKEN = re.compile(r'"[^"]*"?|\\.|[_*].|\[[^\]]*\]?|.', re.DOTALL)
_CONDITION = re.compile(r"\s*(<=|>=|<>|<|>|=)\s*(-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
_SEPARATING = frozenset(" \u00a0\u202f'’.,")
"""Literals that only part thousands."""
_LONGEST_CODE = 255


class SectionKind(StrEnum):
    """What a section shows."""

    NUMBER = "number"
    DIGITS = "digits"
    PERCENT = "percent"
    MOMENT = "moment"
    DURATION = "duration"
    WORD = "word"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class DisplayedNumber:
    """A cell's number as text."""

    text: str
    displayed: str | None = None
    """What the cell shows in a spreadsheet, where that is more or less than the text."""


@dataclass(frozen=True, slots=True)
class Section:
    """One of up to four codes between semicolons."""

    kind: SectionKind
    symbols: tuple[str, ...] = ()
    """Placeholders as themselves, literal texts behind a quotation mark."""
    condition: tuple[str, float] | None = None
    has_date: bool = False
    has_time: bool = False
    is_plain: bool = True
    """Whether everything that the cell shows is read."""
    thousands: int = 0
    """How often the number that is shown was divided by a thousand."""

    def display(self, raw: str, *, is_signed: bool, is_1904: bool) -> DisplayedNumber:
        """Returns the number as this section shows it. If it is signed, a minus is shown before negative numbers.
        Raises Inexact."""
        number = number_text(raw)
        match self.kind:
            case SectionKind.DIGITS:
                return DisplayedNumber(self._digits(number, is_signed=is_signed))
            case SectionKind.PERCENT:
                return DisplayedNumber(_percent(number))
            case SectionKind.MOMENT | SectionKind.DURATION:
                return DisplayedNumber(self._moment(float(number), is_1904=is_1904) or number)
            case SectionKind.WORD:
                return DisplayedNumber("".join(symbol[1:] for symbol in self.symbols))
            case _:
                return DisplayedNumber(number, None if self.is_plain else self._displayed(number))

    def _digits(self, number: str, *, is_signed: bool) -> str:
        """Returns the digits in the placeholders, filled from the right; more digits than placeholders stand before the
        first."""
        digits = number.lstrip("-")
        if not digits.isdigit():
            return number
        left, shown = digits.lstrip("0"), []
        places = sum(symbol in "0#?" for symbol in self.symbols)
        for symbol in reversed(self.symbols):
            if symbol[0] == '"':
                shown.append(symbol[1:])
                continue
            places -= 1
            taken = left if places == 0 else left[-1:]
            left = left[: len(left) - len(taken)]
            shown.append(taken or ("0" if symbol == "0" else ""))
        sign = "-" if number.startswith("-") and is_signed else ""
        return sign + "".join(reversed(shown)).strip()

    def _moment(self, serial: float, *, is_1904: bool) -> str | None:
        if self.kind is SectionKind.DURATION:
            return duration_text(serial * 86_400)
        serial += DAYS_OF_1904 if is_1904 and (self.has_date and serial >= 0) else 0
        return serial_text(serial, has_date=self.has_date, has_time=self.has_time)

    def _displayed(self, number: str) -> str:
        """Returns about what the cell shows."""
        if self.kind is SectionKind.NOTHING:
            return ""
        if self.thousands:
            number = number_text(repr(float(number) / 1000**self.thousands))
        places = [index for index, symbol in enumerate(self.symbols) if symbol[0] != '"']
        first = places[0] if places else len(self.symbols)
        before = "".join(symbol[1:] for symbol in self.symbols[:first])
        behind = "".join(symbol[1:] for symbol in self.symbols[first:] if symbol[0] == '"')
        return f"{before}{number}{behind}".strip()


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A whole code, which has a section for each sign of a number, or for conditions."""

    sections: tuple[Section, ...]

    @property
    def is_plain(self) -> bool:
        """Returns whether numbers are read as they are stored, and nothing needs to be told."""
        return all(one.kind is SectionKind.NUMBER and one.is_plain for one in self.sections)

    def display(self, raw: str, *, is_1904: bool = False) -> DisplayedNumber:
        """Returns the number as the format shows it. A value that is no number stays as it is. Raises Inexact."""
        try:
            value = float(raw)
        except ValueError:
            return DisplayedNumber(raw)
        section, is_signed = self._section_for(value)
        return section.display(raw, is_signed=is_signed, is_1904=is_1904)

    def _section_for(self, value: float) -> tuple[Section, bool]:
        sections = self.sections
        if any(one.condition for one in sections):
            for one in sections:
                if one.condition is None or _COMPARISONS[one.condition[0]](value, one.condition[1]):
                    return one, True
            return sections[-1], True
        if value < 0 and len(sections) > 1:
            return sections[1], False
        return (sections[2], True) if value == 0 and len(sections) > 2 else (sections[0], True)


def number_format(code: str) -> NumberFormat:
    """Returns the format that a code stands for. Any text is some format; one that cannot be understood shows the
    number."""
    return _format(code[:_LONGEST_CODE] or "General")


@lru_cache(maxsize=1024)
def _format(code: str) -> NumberFormat:
    parts = _parts(code)
    sections = [_section(part) for part in parts[:4]]
    if len(sections) > 3 or (len(sections) > 1 and "@" in parts[-1]):
        sections.pop()
    return NumberFormat(tuple(sections))


def _parts(code: str) -> list[str]:
    """Returns what stands between the semicolons."""
    parts = [""]
    for symbol in _SECTION_TOKEN.findall(code):
        if symbol == ";":
            parts.append("")
        else:
            parts[-1] += symbol
    return parts


def builtin_format(number: int) -> NumberFormat:
    """Returns a format by its number. Those that differ from language to language show a date, a time or both, as the
    number has it."""
    if 27 <= number <= 36 or 50 <= number <= 58:
        return number_format("yyyy-mm-dd hh:mm:ss")
    return number_format(_BUILTIN.get(number, "General"))


_BUILTIN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??"},
    **{14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM"},
    **{20: "h:mm", 21: "h:mm:ss", 22: "m/d/yyyy h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 49: "@"},
    **{67: "0%", 68: "0.00%", 71: "m/d/yyyy", 72: "m/d/yyyy", 73: "d-mmm-yy", 74: "d-mmm", 75: "mmm-yy"},
    **{76: "h:mm", 77: "h:mm:ss", 78: "m/d/yyyy h:mm", 79: "mm:ss", 80: "[h]:mm:ss", 81: "mm:ss.0"},
}
"""ECMA-376, 18.8.30; those from 67 on are Thai."""


@dataclass(slots=True)
class _SectionTokens:
    """What a section's code is made of."""

    symbols: list[str]
    letters: str = ""
    """The letters of dates and times, in their order, in lower case."""
    marks: str = ""
    order: str = ""
    """Digits, as 0, commas and points as they follow each other."""
    condition: tuple[str, float] | None = None
    is_elapsed: bool = False
    is_general: bool = False
    has_currency: bool = False


def _section(code: str) -> Section:
    tokens = _tokens(code)
    condition = tokens.condition
    if tokens.is_elapsed:
        return Section(SectionKind.DURATION, condition=condition)
    digits = [symbol for symbol in tokens.symbols if symbol[0] != '"']
    if tokens.letters and not (digits and "s" not in tokens.letters):
        has_time = bool(set(tokens.letters) & set("hs"))
        has_date = bool(set(tokens.letters) & set("ydegba")) or not has_time or "mmm" in tokens.letters
        return Section(SectionKind.MOMENT, condition=condition, has_date=has_date, has_time=has_time)
    kind = _kind_of(tokens, digits)
    thousands = _thousands(tokens) if kind is SectionKind.NUMBER else 0
    is_plain = kind is not SectionKind.NOTHING and not (
        kind is SectionKind.NUMBER and (thousands or _tells_more(tokens))
    )
    return Section(kind, tuple(tokens.symbols), condition, is_plain=is_plain, thousands=thousands)


def _kind_of(tokens: _SectionTokens, digits: list[str]) -> SectionKind:
    if tokens.is_general or "@" in tokens.marks:
        return SectionKind.NUMBER
    if not digits:
        return _kind_of_literals(tokens)
    if "%" in tokens.marks:
        return SectionKind.PERCENT
    is_grouped = _are_grouped(tokens.symbols)
    is_number = set(tokens.marks) & set(".,/e") or tokens.has_currency
    return SectionKind.DIGITS if not is_number and (digits.count("0") > 1 or is_grouped) else SectionKind.NUMBER


def _kind_of_literals(tokens: _SectionTokens) -> SectionKind:
    text = "".join(symbol[1:] for symbol in tokens.symbols)
    if any(map(str.isalnum, text)):
        return SectionKind.WORD
    return SectionKind.NUMBER if text.strip() else SectionKind.NOTHING


def _are_grouped(symbols: Sequence[str]) -> bool:
    """Returns whether the digits of a code stand in groups that no thousands make, or behind a plus as in phone
    numbers."""
    shape = "".join("0" if symbol[0] != '"' else symbol[1:] for symbol in symbols)
    first, last = shape.find("0"), shape.rfind("0")
    between = shape[first : last + 1]
    separators = set(between) - {"0"}
    if separators - _SEPARATING or shape[:first].endswith("+"):
        return True
    groups = re.split(r"[^0]+", between)
    return any(len(group) != 3 for group in groups[1:])


def _tells_more(tokens: _SectionTokens) -> bool:
    """Returns whether letters or signs of currencies are shown beside the number."""
    literals = "".join(symbol[1:] for symbol in tokens.symbols if symbol[0] == '"')
    return any(one.isalpha() or unicodedata.category(one) == "Sc" for one in literals)


def _thousands(tokens: _SectionTokens) -> int:
    """Returns how often the number is divided by a thousand: once for each comma behind the last digit, or before the
    decimal point."""
    return sum(len(part) - len(part.rstrip(",")) for part in tokens.order.split("."))


def _tokens(code: str) -> _SectionTokens:
    tokens = _SectionTokens([])
    for found in _TOKEN.finditer(code):
        _add(tokens, found)
    return tokens


def _add(tokens: _SectionTokens, found: re.Match[str]) -> None:
    kind, text = found.lastgroup, found[0]
    match kind:
        case "quoted" | "escaped" | "literal":
            literal = found[kind]
            tokens.symbols.append(f'"{literal}') if literal else None
        case "bracket":
            _add_bracket(tokens, found["bracket"])
        case "general":
            tokens.is_general = True
        case "clock":
            tokens.letters += "h"
        case "digit":
            tokens.symbols.append(text)
            tokens.order += "0"
        case "exponent" | "mark":
            tokens.marks += text[0].lower()
            tokens.order += text if text in ".," else ""
        case "date":
            tokens.letters += text.lower()


def _add_bracket(tokens: _SectionTokens, text: str) -> None:
    if condition := _CONDITION.fullmatch(text):
        tokens.condition = (condition[1], float(condition[2]))
    elif _ELAPSED.fullmatch(text):
        tokens.is_elapsed = True
    elif text.startswith("$") and (sign := text[1:].partition("-")[0]):
        tokens.symbols.append(f'"{sign}')
        tokens.has_currency = True


def _percent(number: str) -> str:
    shifted = Decimal(number).scaleb(2)
    text = format(shifted, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"
