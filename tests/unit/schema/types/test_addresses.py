"""E-mail addresses, phone numbers and web addresses as their readers return them."""

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, validate_email
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.emails import RESERVED
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader

EMAIL = reader_of(Field(name="email", type=FieldType.EMAIL), DEFAULT_LIMITS)
PHONE = reader_of(Field(name="phone", type=FieldType.PHONE), DEFAULT_LIMITS)
URL = reader_of(Field(name="website", type=FieldType.URL), DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("jane@example.com", "jane@example.com", id="plain"),
        pytest.param(" Jane.Doe+x@Example.COM ", "Jane.Doe+x@example.com", id="domain-in-small-letters"),
        pytest.param("Info@example.com", "Info@example.com", id="local-part-as-given"),
        pytest.param("jane@bücher.example", "jane@xn--bcher-kva.example", id="international-domain"),
        pytest.param("실례@실례.테스트", "실례@xn--9n2bp8q.xn--9t4b11yi5a", id="international"),
        pytest.param("o'neil@mail.example.test", "o'neil@mail.example.test", id="apostrophe-and-test-domain"),
        pytest.param('"jane doe"@example.com', '"jane doe"@example.com', id="quoted"),
        pytest.param("jane@[127.0.0.1]", "jane@[127.0.0.1]", id="literal"),
    ],
)
def test_reads_email_addresses(given: str, expected: str) -> None:
    assert EMAIL(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("wrong", id="word"),
        pytest.param("jane@gmail", id="no-dot"),
        pytest.param("jane@example.123", id="domain-ends-in-digits"),
        pytest.param("jane@example..com", id="two-dots"),
        pytest.param("jane@example.invalid", id="reserved"),
        pytest.param(".jane@example.com", id="dot-first"),
        pytest.param("jane@-example.com", id="hyphen-first"),
        pytest.param("jane doe@example.com", id="space"),
        pytest.param("jane@example.com\n", id="line-end"),
        pytest.param("jane@example.com\nBcc: all@example.com", id="second-line"),
        pytest.param("Jane <jane@example.com>", id="display-name"),
        pytest.param("a@b@example.com", id="two-ats"),
        pytest.param("x" * 65 + "@example.com", id="long-local-part"),
        pytest.param("jane@" + "x" * 64 + ".com", id="long-label"),
        pytest.param("a." * 50_000, id="very-long"),
        pytest.param("a@" + "b-" * 50_000, id="very-long-domain"),
        pytest.param("a@" + "b." * 30, id="many-labels"),
    ],
)
def test_refuses_other_email_addresses(given: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        EMAIL(given)

    assert refusal.value.code is ProblemCode.INVALID_EMAIL


def test_the_reserved_names_are_those_of_the_library_but_two() -> None:
    assert {f".{name}" for name in SPECIAL_USE_DOMAIN_NAMES} - {".test", ".local"} == set(RESERVED)


@settings(max_examples=300, deadline=None)
@for_all(
    st.from_regex(
        r"[a-zA-Z0-9_+.-]{1,10}@[a-z0-9-]{1,6}(\.[a-z0-9-]{1,6}){0,3}(\.(com|test|local|invalid|onion|arpa|localhost))?",
        fullmatch=True,
    )
)
def test_what_is_read_at_once_is_what_the_library_accepts_too(address: str) -> None:
    try:
        read = EMAIL(address)
    except InvalidValue:
        return

    validated = validate_email(address, check_deliverability=False, globally_deliverable=False, strict=True)
    assert read == address
    assert validated.ascii_domain == address.rpartition("@")[2]


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
        pytest.param(" (503)  555-9831 ", "(503) 555-9831", id="national-spaces"),
        pytest.param("020 7946 0000 x12", "020 7946 0000 x12", id="national-extension"),
        pytest.param(5551234567, "5551234567", id="number"),
    ],
)
def test_reads_phone_numbers(given: object, expected: str) -> None:
    assert PHONE(given) == expected


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


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("https://example.com", "https://example.com", id="plain"),
        pytest.param("HTTP://Example.COM/Path?Q=1#F", "http://example.com/Path?Q=1#F", id="case"),
        pytest.param("example.com/shop", "https://example.com/shop", id="bare-domain"),
        pytest.param("www.example.com:8443", "https://www.example.com:8443", id="bare-with-port"),
        pytest.param("http://intranet/wiki", "http://intranet/wiki", id="no-dot-with-scheme"),
        pytest.param("https://bücher.example/ä", "https://xn--bcher-kva.example/ä", id="international"),
        pytest.param("http://[::1]:8080/", "http://[::1]:8080/", id="ipv6"),
        pytest.param("https://example.com/a,b;c", "https://example.com/a,b;c", id="punctuation"),
    ],
)
def test_reads_web_addresses(given: str, expected: str) -> None:
    assert URL(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)",
        "ftp://example.com",
        "mailto:jane@example.com",
        "https://",
        "https://exa mple.com",
        "https://user:secret@example.com",
        "https://example.com:99999",
        "https://-example.com",
        "https://exa..mple.com",
        "http://[::1",
        "word",
        "n/a",
        "//example.com",
        'https://example.com/"onload',
        "https://" + "a." * 50_000,
    ],
)
def test_refuses_other_web_addresses(given: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        URL(given)

    assert refusal.value.code is ProblemCode.INVALID_URL


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
