"""Phone numbers: E.164 where the country is known (`+` or `00` in front), otherwise as given.

The length is checked per country, not the number plan: plans change monthly, and a number out of a directory of last
year is still the customer's number. An extension follows as RFC 3966 has it: `+15551234567;ext=9`.
"""

import re
from functools import lru_cache

from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader, as_visible

_LONGEST = 64
_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_PUNCTUATION = re.compile(r"[ ().\-/\xa0\u2007\u2009\u2010-\u2015\u202f]+")
_NATIONAL = re.compile(
    r"[0-9 ().\-/\xa0\u2007\u2009\u2010-\u2015\u202f]+(?:(?:ext\.?|x|#) ?\d{1,8})?", re.ASCII | re.IGNORECASE
)
_EXTENSION = re.compile(r"(?:ext|x|#).*", re.IGNORECASE)


def phone_reader(field: Field, limits: Limits) -> ValueReader:
    """Returns the reader of a field of phone numbers."""

    def read(value: object) -> str:
        text = as_visible(value, "a phone number")
        if is_certain_phone(text):
            return text
        found = _find_number(text) if len(text) <= _LONGEST else None
        if found is None:
            raise InvalidValue(ProblemCode.INVALID_PHONE)
        return found

    return read


def is_certain_phone(text: str) -> bool:
    """Returns whether the text is E.164 as it stands."""
    return _E164.fullmatch(text) is not None and len(text) - 1 in _digit_counts(text[1:4])


def _find_number(text: str) -> str | None:
    if text.startswith(("+", "\uff0b")):
        return _find_international(text)
    if text.startswith("00"):
        return _find_international("+" + text[2:])
    if not _NATIONAL.fullmatch(text):
        return None
    digits = sum(map(str.isdigit, _EXTENSION.sub("", text)))
    return " ".join(text.split()) if 5 <= digits <= 15 else None


def _find_international(text: str) -> str | None:
    compact = _PUNCTUATION.sub("", text)
    if "(0)" not in text and _E164.fullmatch(compact) and len(compact) - 1 in _digit_counts(compact[1:4]):
        return compact
    return _find_parsed(text)


def _find_parsed(text: str) -> str | None:
    import phonenumbers  # noqa: PLC0415 -- a tenth of a cold start, and most sources bring E.164 or no phones

    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{e164};ext={number.extension}" if number.extension else e164


@lru_cache(maxsize=1024)
def _digit_counts(first_three: str) -> frozenset[int]:
    """How many digits a number that starts so may have, none where the calling code does not exist.

    Calling codes are prefix-free, so three digits decide.
    """
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata  # noqa: PLC0415 -- as above

    code = next((code for end in (1, 2, 3) if (code := int(first_three[:end])) in COUNTRY_CODE_TO_REGION_CODE), 0)
    if not code:
        return frozenset()
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, COUNTRY_CODE_TO_REGION_CODE[code][0])
    plan = metadata.general_desc if metadata else None
    lengths = (*plan.possible_length, *plan.possible_length_local_only) if plan else ()
    return frozenset(len(str(code)) + length for length in lengths)
