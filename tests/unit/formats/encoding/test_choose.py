"""Encodings: marks, patterns, guesses, and what cannot be decoded."""

import codecs
import gzip

import pytest

from chalicelib.errors import Refused
from chalicelib.formats.encoding.choose import EVIDENCE_BYTES, detect_wide_encoding
from tests.reading import codes, given, opened, opened_bytewise, refusal_of, rows_of
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


def test_bytes_that_windows_text_does_not_know_fail_their_row() -> None:
    text = WESTERN + WESTERN.partition("\n")[2] * 8
    rows = list(opened(text.encode("cp1252") + b"J\x81rg,Bonn\n").rows)

    assert codes(rows[-1].problems) == ["undecodable_bytes"]
    assert not any(row.problems for row in rows[:-1])


def test_a_cyrillic_list_of_two_rows_is_read_as_it_was_written() -> None:
    text = "email,name,city\na@x.org,Иван Петров,Москва\nb@x.org,Ольга Симонова,Новосибирск\n"

    table = opened(text.encode("cp1251"))

    assert table.encoding == "cp1251"
    assert given(table.rows) == [["a@x.org", "Иван Петров", "Москва"], ["b@x.org", "Ольга Симонова", "Новосибирск"]]


@pytest.mark.parametrize("encoding", ["cp1250", "cp1252", "windows-1250", "latin2", "mac_latin2"])
def test_an_encoding_that_is_stated_is_never_uncertain(encoding: str) -> None:
    content = "id,name\n2,Tomljanović\n".encode("cp1250")

    table = opened(content, encoding=encoding)

    assert given(table.rows) == [["2", content.decode(encoding)[10:-1]]]
    assert table.findings == ()


def test_of_an_encoding_that_is_stated_wrongly_rows_fail() -> None:
    rows = list(opened("id,name\n1,Ada\n2,Jörg\n".encode("cp1252"), encoding="ascii").rows)

    assert [codes(row.problems) for row in rows] == [[], ["undecodable_bytes"]]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param("Jörg Müller,Köln\nZoë Größe,Gent\n", "cp1252", id="western"),
        pytest.param("Иван Петров,Москва\nОльга,Казань\n", "cp1251", id="cyrillic"),
        pytest.param("鈴木太郎です,横浜市\nさくら,東京\n", "cp932", id="japanese"),
    ],
)
@pytest.mark.parametrize("is_gzipped", [False, True])
def test_an_encoding_that_shows_late_is_looked_for(text: str, encoding: str, *, is_gzipped: bool) -> None:
    content = b"name,city\n" + b"Ada,London\n" * 40_000 + text.encode(encoding)

    table = opened(gzip.compress(content) if is_gzipped else content)

    assert table.encoding == encoding
    assert codes(table.findings) == ["encoding_guessed"]
    assert given(list(table.rows)[-2:]) == [line.split(",") for line in text.splitlines()]


@pytest.mark.parametrize("is_gzipped", [False, True])
def test_an_encoding_that_shows_late_and_uncertainly_is_refused(*, is_gzipped: bool) -> None:
    content = b"id,name\n" + b"1,Ada\n" * 80_000 + "2,Tomljanović\n".encode("cp1250")

    refusal = refusal_of(gzip.compress(content) if is_gzipped else content)

    assert refusal.code == "encoding_uncertain"


def test_what_the_sample_leaves_uncertain_more_of_the_source_may_say() -> None:
    doubtful = "2,Tomljanović\n".encode("cp1250")
    polish = "4,Łukasz Święty\n5,Małgorzata Wójcik\n".encode("cp1250")

    table = opened(b"id,name\n" + doubtful + b"1,Ada\n" * 80_000 + polish)

    assert table.encoding == "cp1250"


def test_bytes_behind_what_is_looked_at_fail_their_rows() -> None:
    content = b"id,name\n" + (b"1," + b"A plain name that says nothing of its encoding " * 80 + b"\n") * 4_500
    assert len(content) > EVIDENCE_BYTES

    rows = [row for row in opened(content + "2,Jörg\n3,Ada\n".encode("cp1252")).rows if row.problems]

    assert [(row.number, codes(row.problems)) for row in rows] == [(4_501, ["undecodable_bytes"])]


def test_rows_in_utf8_and_in_another_encoding_are_never_read_as_one() -> None:
    content = "name,city\nJörg,Köln\n".encode() + "Zoë,Gent\n".encode("cp1252")

    rows = list(opened(content).rows)

    assert [codes(row.problems) for row in rows] == [[], ["undecodable_bytes"]]
    assert rows[0].given == ["Jörg", "Köln"]


@pytest.mark.parametrize("encoding", ["iso2022_jp", "iso2022_kr"])
def test_seven_bits_with_escapes_are_no_ascii(encoding: str) -> None:
    text = {"iso2022_jp": "名前,市\n鈴木,横浜\n", "iso2022_kr": "이름,도시\n김민수,서울\n"}[encoding]

    table = opened(text.encode(encoding))

    assert (table.encoding, codes(table.findings)) == (encoding, ["encoding_guessed"])
    assert ",".join(table.headers) == text.splitlines()[0]
    assert given(table.rows) == [text.splitlines()[1].split(",")]


@pytest.mark.parametrize("text", ["имя,город\nАда,Лондон\n", "姓名,城市\n张伟,北京\n", "Όνομα,Πόλη\nΆννα,Αθήνα\n"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_no_binary_data(text: str, encoding: str) -> None:
    table = opened(text.encode(encoding))

    assert table.encoding == encoding
    assert given(table.rows) == [text.splitlines()[1].split(",")]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "iso8859-5", "cp866", "mac-cyrillic"])
def test_cyrillic_is_no_binary_data(encoding: str) -> None:
    text = "имя,город\nАлександр Пушкин,Санкт-Петербург\nОльга Смирнова,Екатеринбург\n"

    assert opened(text.encode(encoding)).headers == ("имя", "город")


def test_json_is_utf8_and_never_uncertain() -> None:
    content = '{"name": "Ada"}\n{"name": "Tomljanović"}\n'.encode("cp1250")

    assert [codes(row.problems) for row in opened(content).rows] == [[], ["undecodable_bytes"]]


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


@pytest.mark.parametrize(
    ("names", "encoding"),
    [(["王小明", "李芳", "张伟", "陈静"], "gbk"), (["王小明", "李芳"], "gb18030"), (["ﾀﾅｶ ﾀﾛｳ", "ﾔﾏﾀﾞ ﾊﾅｺ"], "euc_jp")],
)
def test_names_that_are_half_valid_utf8_by_chance_are_not_utf8(names: list[str], encoding: str) -> None:
    rows = rows_of(("name,x\n" + "".join(f"{name},1\n" for name in names)).encode(encoding))

    assert [one[0] for one in given(rows)] == names  # type: ignore[index]


@pytest.mark.parametrize("stated", ["utf-16", "UTF16", "U16", "utf_16", "utf-32", "U32"])
@pytest.mark.parametrize("order", ["", "-le", "-be"])
@pytest.mark.parametrize("text", ["name,city\nJörg,Köln\n", "имя,город\nАда,Лондон\n"])
def test_wide_characters_are_stated_without_their_order(text: str, order: str, stated: str) -> None:
    width = "utf-32" if "32" in stated else "utf-16"

    assert given(rows_of(text.encode(width + order), encoding=stated)) == [text.splitlines()[1].split(",")]


@pytest.mark.parametrize("stated", ["utf-16", "U32"])
@pytest.mark.parametrize("order", ["-le", "-be"])
@pytest.mark.parametrize("text", ['[{"name": "Jörg"}]', '{"name": "Jörg"}\n{"name": "Jörg"}\n'])
def test_json_of_wide_characters_is_stated_without_their_order(text: str, order: str, stated: str) -> None:
    width = "utf-32" if "32" in stated else "utf-16"

    assert given(rows_of(text.encode(width + order), encoding=stated))[0] == {"name": "Jörg"}


@pytest.mark.parametrize("stated", ["utf-16", "utf-32"])
@pytest.mark.parametrize("content", [b"\xff\xfe", b"\xff", b"name\nAnn\n", "name\nJörg\n".encode("cp1252")])
def test_wide_characters_that_are_stated_wrongly_are_refused_or_fail(content: bytes, stated: str) -> None:
    try:
        rows = rows_of(content, encoding=stated)
    except Refused:
        return

    assert all(row.problems for row in rows)


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
    assert detect_wide_encoding(TEXTS[language].encode(encoding)) == encoding


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_large_source_may_be_cut_anywhere(encoding: str) -> None:
    content = (CHINESE * 5_000).encode(encoding)

    assert {detect_wide_encoding(content[:size]) for size in (90, 91, 8191, 8193, 100_001)} == {encoding}


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
    assert detect_wide_encoding(content) is None
