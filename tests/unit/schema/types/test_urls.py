"""Web addresses as their reader returns them."""

import pytest

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue

URL = reader_of(Field(name="website", type=FieldType.URL), DEFAULT_LIMITS)
LONGEST = ".".join(["a" * 61, "b" * 63, "c" * 63, "d" * 63])
"""A name of 253 characters, more than which no host has."""


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
        pytest.param(f"https://{LONGEST}/", f"https://{LONGEST}/", id="longest-host"),
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
        f"https://a{LONGEST}/",
        "https://" + "a." * 50_000,
        "https://example.com/" + "a" * 2_048,
        "https://example.com/\ud800",
    ],
)
def test_refuses_other_web_addresses(given: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        URL(given)

    assert refusal.value.code is ProblemCode.INVALID_URL
