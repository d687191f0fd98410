"""What readers of different types have in common."""

import pytest

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import INTEGER_BITS, InvalidValue, ValueReader, as_text, as_visible

EMAIL = reader_of(Field(name="email", type=FieldType.EMAIL), DEFAULT_LIMITS)

PHONE = reader_of(Field(name="phone", type=FieldType.PHONE), DEFAULT_LIMITS)

URL = reader_of(Field(name="website", type=FieldType.URL), DEFAULT_LIMITS)


@pytest.mark.parametrize("read", [EMAIL, PHONE, URL], ids=["email", "phone", "url"])
@pytest.mark.parametrize("given", [True, 1.5, [], {}], ids=["boolean", "float", "list", "object"])
def test_an_address_is_text(read: ValueReader, given: object) -> None:
    with pytest.raises(InvalidValue) as refusal:
        read(given)

    assert refusal.value.code is ProblemCode.INVALID_TYPE


UNSEEN = [
    "\u200b",
    "\u200c",
    "\u200d",
    "\u200e",
    "\u202a",
    "\u202c",
    "\u2060",
    "\u2066",
    "\xad",
    "\ufeff",
    "\u180e",
    "\ufe0f",
]


@pytest.mark.parametrize("unseen", UNSEEN)
@pytest.mark.parametrize(
    ("read", "begin", "end", "expected"),
    [
        pytest.param(EMAIL, "ann@exam", "ple.com", "ann@example.com", id="email"),
        pytest.param(PHONE, "+1555", "1234567", "+15551234567", id="phone"),
        pytest.param(PHONE, "(030) 12", "34567", "(030) 1234567", id="national-phone"),
        pytest.param(URL, "https://exam", "ple.com/a", "https://example.com/a", id="url"),
    ],
)
def test_invisible_characters_are_disregarded_in_addresses(
    read: ValueReader, begin: str, end: str, expected: str, unseen: str
) -> None:
    assert read(f"{unseen}{begin}{unseen}{end}{unseen}") == expected


@pytest.mark.parametrize("space", ["\xa0", "\u2007", "\u202f", "\u3000", "\t"])
def test_space_of_any_kind_around_addresses_is_taken_off(space: str) -> None:
    assert EMAIL(f"{space}ann@example.com{space}") == "ann@example.com"
    assert PHONE(f"{space}+15551234567{space}") == "+15551234567"
    assert URL(f"{space}https://example.com{space}") == "https://example.com"


@pytest.mark.parametrize("kind", FieldType)
def test_a_null_is_no_value_of_any_type(kind: FieldType) -> None:
    with pytest.raises(InvalidValue) as refusal:
        reader_of(Field(name="it", type=kind, choices=("open",)), DEFAULT_LIMITS)(None)

    assert refusal.value.code in (ProblemCode.REQUIRED, ProblemCode.INVALID_TYPE)


def test_whole_numbers_become_text_up_to_a_size() -> None:
    assert as_text(2**INTEGER_BITS - 1, "text") == str(2**INTEGER_BITS - 1)
    with pytest.raises(InvalidValue):
        as_text(2**INTEGER_BITS, "text")


def test_a_visible_text_has_no_space_at_its_ends() -> None:
    assert as_visible(" a\u200bb ", "text") == "ab"


def test_what_is_kept_of_an_invalid_value_equals_what_was_raised() -> None:
    with pytest.raises(InvalidValue) as refusal:
        as_text(1.5, "an id")

    kept = refusal.value.without_traceback()

    assert (kept.code, kept.facts, kept.__traceback__) == (ProblemCode.INVALID_TYPE, {"expected": "an id"}, None)
