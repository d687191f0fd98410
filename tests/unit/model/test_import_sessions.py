"""Import sessions: exact origins, and secrets that name their session."""

import pytest

from chalicelib.model.ids import derived_id
from chalicelib.model.import_sessions import (
    CREDENTIAL_PREFIX,
    TOKEN_PREFIX,
    ImportSessionId,
    find_origin,
    is_below,
    is_session_id,
    secret_of,
    session_id_in,
)

SESSION = ImportSessionId(derived_id("ims", "one"))


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://app.example.com", "https://app.example.com"),
        ("https://app.example.com:8443", "https://app.example.com:8443"),
        ("HTTPS://App.Example.com", "https://app.example.com"),
        ("https://app.example.com:443", "https://app.example.com"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://localhost:80", "http://localhost"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_origin_is_written_as_browsers_do(text: str, origin: str) -> None:
    assert find_origin(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "*", "https://*", "https://*.example.com", "https:", "app.example.com"),
        *("https://app.example.com/", "https://app.example.com/path", "https://app.example.com?a", "https://a.b#c"),
        *("https://user@app.example.com", "https://app.example.com:", "https://app.example.com:0", "https://a:123456"),
        *("http://app.example.com", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://[::1]"),
        *("https://app.example.com https://evil.example", "https://app.example.com;script-src", "https://a\n.b"),
        *("https://-a.example", "https://a..example", "https://bücher.example", "ftp://app.example.com", "data:text"),
    ],
)
def test_what_is_no_exact_origin_is_none(text: str) -> None:
    assert find_origin(text) is None


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://app.example.com", True),
        ("https://app.example.com/people?page=2#top", True),
        ("https://app.example.com?done", True),
        ("https://app.example.com:443/", True),
        ("https://evil.example/https://app.example.com", False),
        ("https://app.example.com.evil.example/", False),
        ("https://app.example.com@evil.example/", False),
        ("http://app.example.com/", False),
        ("//app.example.com/", False),
        ("javascript:alert(1)", False),
        ('https://app.example.com/"><script>', False),
        ("https://app.example.com/\\evil.example", False),
        ("https://app.example.com/a b", False),
    ],
)
def test_a_url_belongs_to_an_origin_or_not(url: str, is_one: bool) -> None:
    assert is_below(url, "https://app.example.com") is is_one


@pytest.mark.parametrize("prefix", [TOKEN_PREFIX, CREDENTIAL_PREFIX])
def test_a_secret_names_its_session(prefix: str) -> None:
    secret = secret_of(prefix, SESSION, lambda given: derived_id(given, "random"))

    assert secret.startswith(f"{prefix}_")
    assert session_id_in(secret) == SESSION


@pytest.mark.parametrize(
    "secret", ["px_secret", "imt_", "imt_a", "imt_a_", "imx_a_b", "imc_a_b_c", "imc_a_b ", "imc_ä_b"]
)
def test_another_secret_names_none(secret: str) -> None:
    assert session_id_in(secret) is None


@pytest.mark.parametrize(("text", "can_be"), [(SESSION, True), ("ims_", False), ("imp_a", False), ("ims_a/b", False)])
def test_an_id_is_known_by_its_look(text: str, can_be: bool) -> None:
    assert is_session_id(text) is can_be
