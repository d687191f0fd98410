"""Names of files are harmless in the header that saves them."""

import pytest

from chalicelib.stores.s3_answers import content_disposition


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        pytest.param("errors.csv", "errors.csv", id="plain"),
        pytest.param("a b.csv", "a%20b.csv", id="space"),
        pytest.param("März €.csv", "M%C3%A4rz%20%E2%82%AC.csv", id="umlaut and euro"),
        pytest.param("x\r\nSet-Cookie: a=b", "xSet-Cookie%3A%20a%3Db", id="line ends"),
        pytest.param('a"; filename="b.exe', "a%20%3B%20filename%3D%20b.exe", id="quotes"),
        pytest.param("../../etc/passwd", "etc%20passwd", id="folders"),
        pytest.param("..\\a", "a", id="backslash"),
        pytest.param("photo\u202egnp.exe", "photognp.exe", id="text turned around"),
        pytest.param("a\x00b\x7f", "ab", id="control characters"),
        pytest.param("", "download", id="empty"),
        pytest.param(" ... ", "download", id="dots and spaces"),
        pytest.param("x" * 200 + ".csv", "x" * 146 + ".csv", id="long"),
        pytest.param("a'b%41*.csv", "a%27b%2541%2A.csv", id="characters the header gives a meaning"),
    ],
)
def test_a_file_name_is_made_harmless(filename: str, name: str) -> None:
    assert content_disposition(filename) == f"attachment; filename*=UTF-8''{name}"
