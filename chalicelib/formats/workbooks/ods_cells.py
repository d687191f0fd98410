"""Reads a cell of an OpenDocument spreadsheet as the text a person sees in it.

It holds a typed value, and the text that is shown of it. The value is read, since texts are written by the rules of
some language; the text tells what matters of the number's format: leading zeros, fixed groups of digits, words.

    value 123, text 00123         00123
    value 1234.5, text 1.234,50   1234.5
    value 0.5, text 50 %          50%

Source: OpenDocument 1.3 part 3, 19.385 to 19.391.
"""

import re
from dataclasses import dataclass, field

from chalicelib.formats.workbooks.cell_text import Inexact, number_text, whole_date
from chalicelib.formats.workbooks.number_formats import number_format
from chalicelib.formats.workbooks.sheets import Flaw
from chalicelib.formats.workbooks.xml_parser import Attributes
from chalicelib.model.problem_codes import ProblemCode

_ERROR = re.compile(r"#[A-Z0-9/_]+[!?]?|Err:\d{3}", re.ASCII)
_DURATION = re.compile(
    r"(-?)P(?:(\d{1,7})D)?T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,](\d{1,9}))?S)?", re.ASCII
)
_CODE = re.compile(r"[\d ()/-]*\d[\d ()/-]*", re.ASCII)
_GROUPS = re.compile(r"\d[ ()]*[()/-]", re.ASCII)
_PERCENT = number_format("0%")


@dataclass(slots=True)
class OdsCell:
    """A cell as it is written."""

    attributes: Attributes
    paragraphs: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Returns the text that the cell shows, a line for each paragraph."""
        return "\n".join(self.paragraphs)


def read_cell(cell: OdsCell) -> tuple[str, Flaw | None]:
    """Returns the text of the cell, and what is wrong with it or worth telling of it."""
    attributes, text = cell.attributes, cell.text
    kind = attributes.get("office:value-type", "")
    has_formula = "table:formula" in attributes
    if attributes.get("calcext:value-type") == "error" or (has_formula and _ERROR.fullmatch(text)):
        return text, Flaw(ProblemCode.CELL_ERROR, text)
    if has_formula and not kind:
        return "", Flaw(ProblemCode.FORMULA_NOT_COMPUTED, "")
    if kind in ("float", "currency", "percentage"):
        return _read_number(attributes.get("office:value", ""), kind, text)
    return _read_other(kind, attributes, text), None


def _read_other(kind: str, attributes: Attributes, text: str) -> str:
    if kind == "boolean":
        return attributes.get("office:boolean-value", text)
    if kind == "date":
        return _date(attributes.get("office:date-value", text), text)
    if kind == "time":
        return _time(attributes.get("office:time-value", text))
    return attributes.get("office:string-value", text) if kind == "string" else text


def _read_number(value: str, kind: str, text: str) -> tuple[str, Flaw | None]:
    try:
        if kind == "percentage":
            return _PERCENT.display(value).text, None
        number = number_text(value)
    except Inexact:
        return value, Flaw(ProblemCode.INEXACT_NUMBER, value)
    shown = text.strip()
    if _is_code(number, shown) or (shown and not re.search(r"\d", shown) and any(map(str.isalpha, shown))):
        return shown, None
    has_more = kind == "currency" or any(one.isalpha() for one in shown.replace("E", ""))
    return number, Flaw(ProblemCode.SHOWN_OTHERWISE, shown, number) if has_more and shown else None


def _is_code(number: str, shown: str) -> bool:
    """Returns whether the same digits are shown with zeros before them, or in groups that are no thousands."""
    if not number.isdigit() or not _CODE.fullmatch(shown):
        return False
    digits = re.sub(r"\D", "", shown)
    is_coded = (digits.startswith("0") and len(digits) > 1) or _GROUPS.search(shown) is not None
    return is_coded and digits.lstrip("0") == number.lstrip("0")


def _date(value: str, text: str) -> str:
    """Returns the date, without a time of day that is not shown."""
    value = whole_date(value)
    return value.partition("T")[0] if "T" in value and text and ":" not in text else value


def _time(value: str) -> str:
    """Returns the time of day up to 24 hours, else a duration: PT36H is 36:00:00."""
    found = _DURATION.fullmatch(value.strip())
    if not found:
        return value
    sign, *numbers, fraction = found.groups()
    days, hours, minutes, seconds = (int(number or 0) for number in numbers)
    minutes, seconds = divmod(((days * 24 + hours) * 60 + minutes) * 60 + seconds, 60)
    hours, minutes = divmod(minutes, 60)
    part = (fraction or "")[:3].rstrip("0")
    rest = f".{part.ljust(3, '0')}" if part else ""
    is_clock = hours < 24 and not sign
    return f"{sign}{hours:{'02d' if is_clock else 'd'}}:{minutes:02d}:{seconds:02d}{rest}"
