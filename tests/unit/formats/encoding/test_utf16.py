"""Unicode of two or four bytes without a mark, whatever its language; and everything that is something else."""

import pytest

from chalicelib.formats.encoding.utf16 import wide_encoding
from tests.unit.formats.encoding.test_eight_bit import (
    ARABIC,
    CHINESE,
    ENGLISH,
    GREEK,
    HEBREW,
    JAPANESE,
    KOREAN,
    RUSSIAN,
    THAI,
)

TEXTS = {
    "english": ENGLISH,
    "russian": RUSSIAN,
    "greek": GREEK,
    "hebrew": HEBREW,
    "arabic": ARABIC,
    "thai": THAI,
    "japanese": JAPANESE,
    "chinese": CHINESE,
    "korean": KOREAN,
    "one column": "名\n一\n丁\n上\n",
    "tabs": "имя\tгород\r\nАда\tЛондон\r\n",
    "one line": "имя,город",
    "emoji": "name,mood\nAda,😀\nБоб,😀😀\n",
}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("language", TEXTS)
def test_the_order_of_bytes_is_told_in_every_language(language: str, encoding: str) -> None:
    assert wide_encoding(TEXTS[language].encode(encoding)) == encoding


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_large_source_may_be_cut_anywhere(encoding: str) -> None:
    content = (CHINESE * 5_000).encode(encoding)

    assert {wide_encoding(content[:size]) for size in (90, 91, 8191, 8193, 100_001)} == {encoding}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\0", id="a NUL"),
        pytest.param(b"a,b\n1,2\n", id="ascii"),
        pytest.param(b"a,b\n1,x\0y\n" * 9, id="ascii with NULs"),
        pytest.param(b"name\0\0\0\0,b\0\0\0\n" * 9, id="columns padded with NULs"),
        pytest.param(RUSSIAN.encode("cp1251"), id="cp1251"),
        pytest.param(RUSSIAN.encode("cp1251").replace(b",", b"\0"), id="cp1251 with NULs"),
        pytest.param(JAPANESE.encode("cp932"), id="cp932"),
        pytest.param(bytes(range(256)) * 8, id="binary"),
        pytest.param(bytes(4096), id="NULs"),
        pytest.param(b"\x00\x01\x02\x03" * 500, id="small numbers"),
    ],
)
def test_what_is_no_such_text(content: bytes) -> None:
    assert wide_encoding(content) is None
