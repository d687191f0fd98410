"""Base64 data URLs."""

import pytest

from chalicelib.api.packagex.imports.data_url import LARGER, read_data_url
from chalicelib.errors import Refused
from chalicelib.imports.create import InlineSource


@pytest.mark.parametrize(
    ("url", "content", "content_type"),
    [
        pytest.param("data:text/csv;base64,bmFtZQo=", b"name\n", "text/csv", id="plain"),
        pytest.param("data:text/csv;base64,bmFtZQo", b"name\n", "text/csv", id="without padding"),
        pytest.param("data:text/csv;base64,bmFt\nZQo=\n", b"name\n", "text/csv", id="broken into lines"),
        pytest.param("DATA:;BASE64,bmFtZQo=", b"name\n", "", id="no type"),
        pytest.param(
            "data:text/csv;charset=latin1;base64,6Q==", b"\xe9", "text/csv;charset=latin1", id="with a charset"
        ),
        pytest.param("data:text/csv;base64,", b"", "text/csv", id="empty"),
    ],
)
def test_a_data_url_holds_its_bytes(url: str, content: bytes, content_type: str) -> None:
    expected = InlineSource(content=content, content_type=content_type, advice=LARGER)
    assert read_data_url(url, limit_bytes=100) == expected


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("name,email", id="text"),
        pytest.param("", id="nothing"),
        pytest.param("data:text/csv,name", id="not base64"),
        pytest.param("data:text/csv;base64", id="no comma"),
        pytest.param("data:text/csv;base64,b*FtZQo=", id="a character of no alphabet"),
        pytest.param("data:text/csv;base64,bmFtZ", id="cut off"),
        pytest.param("data:text/csv;base64,bm=FtZQo", id="padding inside"),
        pytest.param("data:text/csv;base64,naïve", id="beyond ASCII"),
        pytest.param("data:" + "x" * 300 + ";base64,bmFtZQo=", id="endless type"),
    ],
)
def test_anything_else_is_refused_by_the_name_of_data(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_data_url(url, limit_bytes=100)

    assert (refusal.value.code, refusal.value.param) == ("invalid_parameter", "data")


def test_the_limit_is_one_of_decoded_bytes() -> None:
    assert read_data_url("data:;base64,bmFtZQo=", limit_bytes=5).content == b"name\n"
    with pytest.raises(Refused) as refusal:
        read_data_url("data:;base64,bmFtZQo=", limit_bytes=4)
    assert refusal.value.code == "too_large"
