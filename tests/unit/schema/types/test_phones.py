"""Phone numbers as their reader returns them."""

import pytest

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.phones import is_certain_phone
from chalicelib.schema.types.value_reader import InvalidValue

PHONE = reader_of(Field(name="phone", type=FieldType.PHONE), DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("+15551234567", "+15551234567", id="e164"),
        pytest.param("+1 (555) 123-4567", "+15551234567", id="punctuation"),
        pytest.param("001 555 123 4567", "+15551234567", id="double-zero"),
        pytest.param("+44 (0)20 7946 0000", "+442079460000", id="national-zero-in-brackets"),
        pytest.param("+1 555 123 4567 ext. 89", "+15551234567;ext=89", id="extension"),
        pytest.param("+1-555-0100", "+15550100", id="local-length"),
        pytest.param("555-0100", "555-0100", id="national"),
        pytest.param("55-501", "55-501", id="shortest-national"),
        pytest.param("123456789012345", "123456789012345", id="longest-national"),
        pytest.param(" (503)  555-9831 ", "(503) 555-9831", id="national-spaces"),
        pytest.param("020 7946 0000 x12", "020 7946 0000 x12", id="national-extension"),
        pytest.param(5551234567, "5551234567", id="number"),
    ],
)
def test_reads_phone_numbers(given: object, expected: str) -> None:
    assert PHONE(given) == expected


@pytest.mark.parametrize(
    ("given", "is_certain"),
    [
        ("+15551234567", True),
        ("+15550100", True),
        ("+1555123456789", False),
        ("+9991234567", False),
        ("555-0100", False),
    ],
)
def test_a_number_with_its_calling_code_and_as_many_digits_as_it_may_have_is_certain(
    given: str, is_certain: bool
) -> None:
    assert is_certain_phone(given) is is_certain


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("+1", id="code-alone"),
        pytest.param("+999 1234567", id="no-such-code"),
        pytest.param("+49 1", id="too-short-for-country"),
        pytest.param("+1555123456789", id="too-long-for-country"),
        pytest.param("1234", id="too-few-digits"),
        pytest.param("1234567890123456", id="too-many-digits"),
        pytest.param("call me", id="words"),
        pytest.param("555-CALL-NOW", id="letters"),
        pytest.param("+" + "1" * 100_000, id="very-long"),
        pytest.param("1-" * 50_000, id="very-long-national"),
    ],
)
def test_refuses_other_phone_numbers(given: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        PHONE(given)

    assert refusal.value.code is ProblemCode.INVALID_PHONE
