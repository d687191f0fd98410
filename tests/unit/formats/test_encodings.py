"""Encodings: marks, patterns, guesses, and what cannot be decoded."""

import codecs

import pytest

from chalicelib.errors import Refused
from tests.reading import codes, given, opened, opened_bytewise

TEXT = "name,city\nJörg,Köln\nŻółć,Łódź\n"
WESTERN = "name,city\nJörg,Köln\nFrançois,“Paris”\n"


@pytest.mark.parametrize(
    ("content", "encoding", "findings"),
    [
        pytest.param(TEXT.encode(), "utf-8", [], id="utf8"),
        pytest.param(codecs.BOM_UTF8 + TEXT.encode(), "utf-8", [], id="utf8_marked"),
        pytest.param(codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le", [], id="utf16le_marked"),
        pytest.param(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be", [], id="utf16be_marked"),
        pytest.param(codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32-le", [], id="utf32le_marked"),
        pytest.param(codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32-be", [], id="utf32be_marked"),
        pytest.param(TEXT.encode("utf-16-le"), "utf-16-le", ["encoding_guessed"], id="utf16le"),
        pytest.param(TEXT.encode("utf-16-be"), "utf-16-be", ["encoding_guessed"], id="utf16be"),
        pytest.param(TEXT.encode("utf-32-le"), "utf-32-le", ["encoding_guessed"], id="utf32le"),
        pytest.param(TEXT.encode("utf-32-be"), "utf-32-be", ["encoding_guessed"], id="utf32be"),
        pytest.param(b"\xfe\xff" + TEXT.encode("utf-32-be"), "utf-32-be", ["encoding_guessed"], id="half_a_mark"),
    ],
)
def test_unicode_is_recognised(content: bytes, encoding: str, findings: list[str]) -> None:
    table = opened(content)

    assert table.encoding == encoding
    assert codes(table.findings) == findings
    assert table.headers == ("name", "city")
    assert given(table.rows) == [["Jörg", "Köln"], ["Żółć", "Łódź"]]


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_characters_may_be_cut_by_the_network(most: int) -> None:
    table = opened_bytewise(TEXT.encode("utf-16"), most=most)

    assert given(table.rows) == [["Jörg", "Köln"], ["Żółć", "Łódź"]]


def test_windows_text_is_guessed_and_said_to_be() -> None:
    table = opened(WESTERN.encode("cp1252"))

    assert table.encoding == "cp1252"
    assert [problem.message for problem in table.findings] == ["The encoding was guessed as cp1252."]
    assert given(table.rows) == [["Jörg", "Köln"], ["François", "“Paris”"]]


def test_bytes_that_windows_text_does_not_know_make_it_latin_1() -> None:
    table = opened(b"a,b\n\x81\xe9,1\n")

    assert table.encoding == "latin-1"
    assert given(table.rows) == [["\x81é", "1"]]


def test_an_encoding_that_shows_late_is_guessed_late_and_told_once() -> None:
    plain = "name,city\n" + "Ada,London\n" * 40_000

    rows = list(opened(plain.encode() + "Jörg,Köln\nZoë,Gent\n".encode("cp1252")).rows)

    assert given(rows[-2:]) == [["Jörg", "Köln"], ["Zoë", "Gent"]]
    assert [code for row in rows for code in codes(row.problems)] == ["encoding_guessed"]


def test_broken_bytes_late_in_utf8_fail_their_row_alone() -> None:
    plain = "name,city\nJörg,Köln\n" + "Ada,London\n" * 40_000

    rows = list(opened(plain.encode() + b"J\xf6rg,Bonn\nGrace,York\n").rows)

    assert [(row.number, codes(row.problems)) for row in rows if row.problems] == [(40_002, ["undecodable_bytes"])]
    assert rows[-1].given == ["Grace", "York"]


def test_a_named_encoding_is_obeyed() -> None:
    table = opened("имя,город\nАда,Лондон\n".encode("cp1251"), encoding="windows-1251")

    assert table.encoding == "cp1251"
    assert table.headers == ("имя", "город")
    assert table.findings == ()


@pytest.mark.parametrize("name", ["klingon", "rot13", "base64", "idna", "unicode_escape", "utf-7", "", "a\0b"])
def test_what_is_no_encoding_of_texts_is_refused(name: str) -> None:
    if not name:
        assert opened("a,b\n1,2\n", encoding=name).encoding == "utf-8"
        return
    with pytest.raises(Refused, match="unsupported_encoding"):
        opened("a,b\n1,2\n", encoding=name)
