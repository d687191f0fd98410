"""E-mail addresses as their reader returns them."""

import pytest
from email_validator import validate_email
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue

EMAIL = reader_of(Field(name="email", type=FieldType.EMAIL), DEFAULT_LIMITS)


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
