"""Forms: what is one, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.talkdesk.forms import FormFile, read_multipart, read_urlencoded
from chalicelib.errors import Refused

TYPE = 'multipart/form-data; boundary="B"'


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    file = "" if filename is None else f'; filename="{filename}"'
    head = f'--B\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + content + b"\r\n"


@given(content=st.binary(max_size=300).filter(lambda content: b"\r\n--B" not in content))
def test_a_file_arrives_as_it_was_sent(content: bytes) -> None:
    body = part("type", "ümlaut".encode()) + part("file", content, "ü.csv") + b"--B--\r\n"

    assert read_multipart(body, TYPE) == ({"type": "ümlaut"}, {"file": FormFile("ü.csv", content)})


def test_a_file_of_some_megabytes_arrives_whole() -> None:
    content = bytes(range(256)) * 10_000

    files = read_multipart(part("file", content, "a.csv") + b"--B--\r\n", TYPE)[1]

    assert files["file"].content == content


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"", "multipart/form-data", id="no boundary"),
        pytest.param(part("a", b"1"), "multipart/form-data; boundary=another", id="another boundary"),
        pytest.param(b"name,email\nAnn,ann@example.com\n", TYPE, id="a bare file"),
        pytest.param(part("a", b"\xff") + b"--B--\r\n", TYPE, id="a field that is not UTF-8"),
    ],
)
def test_what_is_no_form_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_multipart(body, content_type)

    assert refusal.value.code == "malformed_form"


def test_a_file_that_breaks_off_is_no_file() -> None:
    whole = part("file", b"Full Name,Email\nAnn,ann@example.com\n", "a.csv")

    assert read_multipart(whole[:-10], TYPE) == ({}, {})


def test_a_name_stands_once_in_a_form() -> None:
    with pytest.raises(Refused) as refusal:
        read_multipart(part("a", b"1") + part("a", b"2", "a.csv") + b"--B--\r\n", TYPE)

    assert (refusal.value.code, refusal.value.param) == ("invalid_parameter", "a")


def test_an_urlencoded_form_is_decoded() -> None:
    assert read_urlencoded("scope=bulk-imports%3Aread+bulk-imports%3Awrite&empty=") == {
        "scope": "bulk-imports:read bulk-imports:write",
        "empty": "",
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("a=%ff", "malformed_form", id="not UTF-8"),
        pytest.param("&".join(f"n{n}=1" for n in range(50)), "malformed_form", id="too many"),
        pytest.param("a=1&a=2", "invalid_parameter", id="twice"),
    ],
)
def test_a_bad_urlencoded_form_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_urlencoded(text)

    assert refusal.value.code == code
