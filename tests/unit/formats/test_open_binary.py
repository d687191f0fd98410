"""Damaged workbooks and archives are read or refused; nothing else ever comes out, and nothing hangs."""

import gzip
import io
import random
import zipfile
from collections.abc import Callable

import pytest

from chalicelib.errors import Refused
from chalicelib.formats import find_layout
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.reading_options import ReadingOptions
from tests.other_workbooks import ods, ods_cell, ods_table, ods_text, xls, xlsb
from tests.reading import codes, given, opened, opened_bytewise, refusal_of, rows_of
from tests.workbooks import packed, workbook

MUTANTS = 300
LIMITS = Limits(workbook_expanded_bytes=32 << 20)
ROWS: list[list[object]] = [["a", "b", "c"], ["x", 1, 2.5], ["y", 45351, True], ["z", 4, None]] * 3
CELLS = [ods_cell("float", "123", "00123"), ods_cell("date", "2024-02-29", "29.02.2024"), ods_cell("time", "PT1H", "1")]
SOUND: dict[str, Callable[[], bytes]] = {
    "xls": lambda: xls({"Cover": [["x"]], "S": ROWS}, {(2, 1): "yyyy-mm-dd"}),
    "xlsb": lambda: xlsb({"Cover": [["x"]], "S": ROWS}),
    "xlsx": lambda: workbook({"Cover": [["x"]], "S": ROWS}),
    "ods": lambda: ods(ods_table([[ods_text("a"), ods_text("b"), ods_text("c")], CELLS, CELLS])),
    "zip": lambda: packed([("a.csv", b"a,b\n1,2\n" * 50)]),
}


@pytest.mark.parametrize("kind", SOUND)
def test_damage_is_refused_or_survived(kind: str) -> None:
    sound = SOUND[kind]()
    outcomes = {_outcome(_mutant(sound, random.Random(seed))) for seed in range(MUTANTS)}

    assert {"read", "damaged_workbook"} <= outcomes


def _outcome(content: bytes) -> str:
    try:
        rows_of(content, limits=LIMITS)
    except Refused as refusal:
        return refusal.code
    return "read"


def _mutant(sound: bytes, chance: random.Random) -> bytes:
    """Damaged as a whole, or in one of its parts, packed soundly."""
    if not zipfile.is_zipfile(io.BytesIO(sound)) or chance.random() < 0.3:
        return _damaged(sound, chance)
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        entries = {one.filename: archive.read(one) for one in archive.infolist()}
    name = chance.choice(list(entries))
    entries[name] = _damaged(entries[name], chance)
    return packed(entries.items())


def _damaged(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice([1, 2, 5, 20])):
        at = chance.randrange(len(data) + 1)
        end = at + chance.randrange(1, 100)
        replacement = chance.choice([b"", data[at:end] * 2, b"\xff\xff\xff\x7f", bytes(4), chance.randbytes(1)])
        data[at : end if len(replacement) != 1 else at + 1] = replacement
    return bytes(data)


CSV = b"a,b\n1,2\n"
FEW_ROWS: dict[str, list[list[object]]] = {"S": [["a", "b"], [1, 2]]}
ODS = ods(ods_table([[ods_text("a"), ods_text("b")], [ods_text("1"), ods_text("2")]]))


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        pytest.param("people.csv", CSV, "csv", id="csv"),
        pytest.param("people.tsv", b"a\tb\n1\t2\n", "tsv", id="tsv"),
        pytest.param("people.json", b'[{"a": "1", "b": "2"}]', "json", id="json"),
        pytest.param("people.ndjson", b'{"a": "1", "b": "2"}\n', "ndjson", id="ndjson"),
        pytest.param("people.xlsx", workbook(FEW_ROWS), "xlsx", id="xlsx"),
        pytest.param("people.xls", xls(FEW_ROWS), "xls", id="xls"),
        pytest.param("people.xlsb", xlsb(FEW_ROWS), "xlsb", id="xlsb"),
        pytest.param("people.ods", ODS, "ods", id="ods"),
        pytest.param("people.csv.gz", gzip.compress(CSV), "csv", id="gzipped"),
        pytest.param("a/b/people.csv", CSV, "csv", id="in folders"),
        pytest.param("people", CSV, "csv", id="without an extension"),
    ],
)
def test_what_is_inside_is_read(name: str, content: bytes, format_: str) -> None:
    table = opened(packed([(name, content)]), filename="people.zip")
    rows = list(table.rows)

    assert (table.format, table.findings, table.layout) == (format_, (), None)
    assert [[*row.given.values()] if isinstance(row.given, dict) else [*row.given] for row in rows] == [["1", "2"]]


@pytest.mark.parametrize(
    "beside",
    [
        "__MACOSX/._people.csv",
        "__MACOSX/",
        ".DS_Store",
        "data/.DS_Store",
        "Thumbs.db",
        "desktop.ini",
        "._people.csv",
        "~$people.xlsx",
        "data/",
        "data\\",
    ],
)
def test_what_systems_add_to_it_is_passed_over(beside: str) -> None:
    assert given(rows_of(packed([(beside, b""), ("data/people.csv", CSV)]))) == [["1", "2"]]


def test_of_several_files_none_is_taken() -> None:
    refusal = refusal_of(packed([("people.csv", CSV), ("x/companies.csv", CSV), (".DS_Store", b"")]))

    assert refusal.code == "unreadable_format"
    assert refusal.message == (
        "The ZIP archive holds 2 files: 'people.csv', 'x/companies.csv'. Send one of them, or each by itself."
    )


def test_of_very_many_files_some_are_named() -> None:
    assert "and 30 more" in refusal_of(packed((f"{number}.csv", CSV) for number in range(50))).message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(packed([(".DS_Store", b"")]), "unreadable_format", id="nothing but system files"),
        pytest.param(packed([("a.zip", packed([("b.csv", CSV)]))]), "unreadable_format", id="an archive in it"),
        pytest.param(packed([("a.pdf", b"%PDF-1.7")]), "unreadable_format", id="a stranger"),
        pytest.param(packed([("a.csv", b"")]), "empty_source", id="an empty file"),
        pytest.param(packed([("a.csv", bytes(70 << 20))]), "expansion_refused", id="a bomb"),
        pytest.param(packed([("a.csv", CSV)])[:60], "damaged_workbook", id="cut short"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, code: str) -> None:
    assert refusal_of(content).code == code


def test_a_file_under_a_password_is_refused() -> None:
    content = bytearray(packed([("a.csv", CSV)]))
    content[content.find(b"PK\x01\x02") + 8] |= 1

    assert refusal_of(bytes(content)).code == "encrypted_workbook"


def test_names_inside_tell_the_format() -> None:
    assert codes(opened(packed([("people.xlsx", CSV)])).findings) == ["extension_misleads"]
    assert opened(packed([("people.csv", CSV)]), filename="people.csv.zip").findings == ()


def test_reading_options_mean_what_is_inside() -> None:
    assert opened(packed([("a.csv", b"a|b\n1|2\n")]), delimiter="|").headers == ("a", "b")
    assert refusal_of(packed([("a.csv", CSV)]), ReadingOptions(format="xlsx")).code == "unreadable_format"


def test_archives_are_read_from_streams_and_never_split() -> None:
    content = packed([("a.csv", CSV * 1_000)])

    assert len(list(opened_bytewise(content, most=100).rows)) == 1_999
    assert find_layout(io.BytesIO(content), ReadingOptions(), DEFAULT_LIMITS) is None


def test_archives_are_limited() -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.csv", CSV * 1_000)

    assert refusal_of(stored.getvalue(), limits=Limits(workbook_bytes=5_000)).code == "too_large"
    assert refusal_of(stored.getvalue(), limits=Limits(expanded_bytes=5_000)).code == "expansion_refused"
    twice = packed([("a.csv.gz", gzip.compress(CSV * 10_000))])
    assert refusal_of(twice, limits=Limits(expansion_free_bytes=10_000, expansion_ratio=5)).code == "expansion_refused"
    many = packed((f"__MACOSX/{number}", b"") for number in range(30))
    assert refusal_of(many, limits=Limits(workbook_entries=20)).code == "expansion_refused"
