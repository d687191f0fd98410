"""What the sample values of a column look like, and whether they speak for a field or against it."""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from functools import cached_property

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.suggestions.recipes import fields_that_look_like
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader

_MOST = 0.7
"""The share of values that makes them speak for what they look like."""
_FEW = 0.3
"""Below this share they speak against it."""
_LONGEST_VALUE = 200
"""Characters of a value that are looked at."""

_SALUTATIONS = frozenset(
    {"mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "m", "mme", "mlle", "sr", "sra", "sig", "sigra", "dott"}
    | {"dhr", "mevr", "mw", "pan", "pani", "bay", "bayan", "sir", "mx", "monsieur", "madame", "sig.ra", "dr.med"}
)


class Vote(IntEnum):
    """What values say about a field."""

    AGAINST = -1
    NOTHING = 0
    FOR = 1


def _matcher(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern, re.IGNORECASE).fullmatch


_ADDRESS = r"[^\s@;,|]+@[^\s@;,|]+\.[^\s@;,|]+"
_WORD = r"[^\W\d_](?:[^\W\d_]|[.'’-])*"
_LEGAL_FORMS = (
    r"ltd|llc|llp|inc|corp|co|plc|gmbh|ag|kg|ug|ohg|e\.?v|sarl|sas|sa|s\.a|s\.?l|s\.?r\.?l|spa|s\.p\.a|b\.?v|n\.?v"
    r"|ltda|lda|sp\. z o\.o|s\.a\.s|a\.ş|ltd\. şti|oy|ab|as|aps|partners|group|holding"
)

_is_email = _matcher(rf"{_ADDRESS}(?:[;,|]\s*{_ADDRESS})*")
_is_url = _matcher(r"(?:https?://|www\.)\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,12}/\S*")
_is_linkedin = _matcher(r".*\blinkedin\.com\b.*")
_is_domain = _matcher(r"(?:[a-z0-9-]+\.)+[a-z]{2,12}")
_is_date = _matcher(
    r"\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?.*|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})\b.*|\d{4}년.*"
    r"|\d{1,2}[-/. ]+(?:de |of )?[^\W\d]{3,12}\.?[-/., ]+(?:de )?\d{2,4}\b.*"
    r"|[^\W\d]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}.*"
)
_is_number = _matcher(r"[-+]?(?:[€$£¥]|R\$)?\s?\d[\d.,' \u00a0\u202f]*\s?(?:%|€|\$|£|zł|kr|円|元|원|TL|[A-Z]{3})?")
_is_whole = _matcher(r"[-+]?(?:\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+|\d+)(?:[.,]0+)?\s?%?")
_is_phone = _matcher(r"(?:[^\W\d]{1,12}[.:]?\s*)?\+?\(?\d[\d\s().\-/]{5,24}(?:[^\d].*)?")
_is_person = _matcher(rf"{_WORD}(?:,? {_WORD}){{1,4}}|[^\W\d_a-z]{{2,6}}(?: [^\W\d_a-z]{{1,4}})?")
_is_company = _matcher(rf".*\b(?:{_LEGAL_FORMS})\.?|.*(?:株式会社|有限会社|公司|주식회사|\(주\)).*")
_is_code = _matcher(r"(?=.*\d)[\w@#./:-]{1,64}|[\w-]{1,40}-[\w-]{1,40}")
_read_flag = reader_of(Field(name="flag", type=FieldType.BOOLEAN), DEFAULT_LIMITS)


def _is_flag(value: str) -> bool:
    return _can_read(_read_flag, value)


def _can_read(read: ValueReader, value: str) -> bool:
    try:
        read(value)
    except InvalidValue:
        return False
    return True


_KINDS: Mapping[str, Callable[[str], object]] = {
    "uuid": _matcher(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "email": _is_email,
    "url": _is_url,
    "flag": _is_flag,
    "date": _is_date,
    "number": _is_number,
    "phone": _is_phone,
}
"""What values look like, the surest first."""


class Samples:
    """The values of one column in the sample rows, without blank ones."""

    def __init__(self, values: Sequence[str]) -> None:
        self.values = [text for value in values if (text := value.strip()[:_LONGEST_VALUE])]

    def share(self, matches: Callable[[str], object]) -> float:
        """Returns the share of values that match."""
        return sum(1 for one in self.values if matches(one)) / len(self.values)

    @cached_property
    def kind(self) -> str:
        """What most values look like: uuid, email, url, flag, date, number, phone, or text."""
        for kind, matches in _KINDS.items():
            if self.share(matches) >= _MOST:
                return kind
        return "text"

    @cached_property
    def are_unique(self) -> bool:
        """Whether no value stands twice."""
        return len(set(self.values)) == len(self.values)

    @cached_property
    def are_people(self) -> bool:
        """Whether most look like names of people."""
        return bool(self.values) and self.share(_is_person) >= _MOST and not self.are_companies

    @cached_property
    def are_companies(self) -> bool:
        """Whether most bear the legal form of a company."""
        return bool(self.values) and self.share(_is_company) >= _MOST

    @cached_property
    def are_codes(self) -> bool:
        """Whether most look like numbers or codes that tell records apart."""
        return self.kind in ("uuid", "number", "phone", "text") and self.share(_is_code) >= _MOST

    @cached_property
    def are_salutations(self) -> bool:
        """Whether most are words by which people are addressed."""
        return self.share(lambda one: one.strip(".").casefold() in _SALUTATIONS) >= _MOST


def vote(field: Field, samples: Samples) -> Vote:
    """Returns what the values of a column say about a field."""
    if not samples.values:
        return Vote.NOTHING
    if matches := _OF_FIELD.get(field.name) or _matcher_of(field):
        share = samples.share(matches)
        return Vote.FOR if share >= _MOST else Vote.AGAINST if share < _FEW else Vote.NOTHING
    for kind, judge in _JUDGES.items():
        if field.name in fields_that_look_like(kind):
            return judge(samples)
    return Vote.NOTHING


def _matcher_of(field: Field) -> Callable[[str], object] | None:
    if field.type in (FieldType.CHOICE, FieldType.BOOLEAN):
        read = reader_of(field, DEFAULT_LIMITS)
        return lambda value: _can_read(read, value)
    return _OF_TYPE.get(field.type)


def _is_website(value: str) -> object:
    return (_is_url(value) or _is_domain(value)) and not _is_linkedin(value)


def _is_dialled(value: str) -> object:
    return _is_phone(value) and not _is_date(value)


_OF_TYPE: Mapping[FieldType, Callable[[str], object]] = {
    FieldType.EMAIL: _is_email,
    FieldType.URL: _is_website,
    FieldType.PHONE: _is_dialled,
    FieldType.DATE: _is_date,
    FieldType.DATETIME: _is_date,
    FieldType.INTEGER: _is_whole,
    FieldType.DECIMAL: _is_number,
    FieldType.MAP: _matcher(r"\{.*\}"),
}


_OF_FIELD: Mapping[str, Callable[[str], object]] = {"linkedin": _is_linkedin, "domain": _is_domain}
"""Fields whose values look more special than their types."""


def _judge_person(samples: Samples) -> Vote:
    if samples.kind != "text":
        return Vote.AGAINST
    return Vote.FOR if samples.are_people else Vote.NOTHING


def _judge_label(samples: Samples) -> Vote:
    is_against = samples.kind in ("uuid", "email", "url", "flag", "date") or samples.are_salutations
    return Vote.AGAINST if is_against else Vote.FOR if samples.kind == "text" else Vote.NOTHING


def _judge_code(samples: Samples) -> Vote:
    if samples.kind in ("email", "flag", "date") or any(" " in one for one in samples.values[1:]):
        return Vote.AGAINST
    return Vote.FOR if samples.are_codes and samples.are_unique else Vote.NOTHING


def _judge_contact(samples: Samples) -> Vote:
    return Vote.FOR if samples.kind == "email" or samples.are_codes else Vote.NOTHING


_JUDGES: Mapping[str, Callable[[Samples], Vote]] = {
    "person": _judge_person,
    "label": _judge_label,
    "code": _judge_code,
    "contact": _judge_contact,
}
"""By what fields look like (`fields.txt`, section `values`)."""
