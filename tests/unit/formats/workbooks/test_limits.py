"""Workbooks made to do harm are refused before anything unpacks them, and in bounded memory."""

import io
import zipfile

import pytest

from chalicelib.formats.workbooks.xml_parser import LONGEST_TAG_BYTES
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from tests.reading import codes, given, opened, refusal_of, rows_of
from tests.workbooks import packed, parts, workbook

SMALL = Limits(workbook_expanded_bytes=1_000_000)
SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def cell(place: str, value: int = 0, kind: str = "s") -> str:
    return f'<c r="{place}" t="{kind}"><v>{value}</v></c>'


def test_shared_texts_that_expand_beyond_the_limit_are_refused() -> None:
    rows = "".join(f'<row r="{row}">{cell(f"A{row}")}</row>' for row in range(1, 3_001))
    content = packed(parts(rows, ["x" * 1_000]).items())

    assert len(content) < 20_000
    assert refusal_of(content, limits=SMALL).code == "expansion_refused"


def test_cells_by_order_behind_thousands_with_places_are_followed() -> None:
    usual = "".join(f'<row r="{row}">{cell(f"A{row}")}</row>' for row in range(1, 9_000))
    far = '<row r="1048576"><c r="XFC1048576" s="1"/>' + '<c t="s"><v>0</v></c></row>'

    last = rows_of(packed(parts(usual + far, ["x"]).items()))[-1]

    assert (last.line, len(last.given), codes(last.problems)) == (1_048_576, 16_384, ["row_too_long"])


def test_texts_of_cells_without_a_place_are_measured_too() -> None:
    rows = "<row>" + "<c t = 's'><v>0</v></c>" * 3_000 + "</row>"

    assert refusal_of(packed(parts(rows, ["x" * 1_000]).items()), limits=SMALL).code == "expansion_refused"


def test_many_short_texts_beside_a_long_one_are_read() -> None:
    rows = "".join(f'<row r="{row}">{cell(f"A{row}", 1)}</row>' for row in range(1, 3_001))

    assert len(rows_of(packed(parts(rows, ["x" * 1_000, "y"]).items()), limits=SMALL)) == 2_999


@pytest.mark.parametrize(
    "far",
    [
        pytest.param('<c r="XFD1048576" t="s"><v>0</v></c>', id="plain"),
        pytest.param("<c r = 'XFD1048576' t='s'><v>0</v></c>", id="spaces_and_apostrophes"),
        pytest.param('<c r="xfd1048576" t="s"><v>0</v></c>', id="small_letters"),
        pytest.param('<c x=">" t="s" r="XFD1048576"><v>0</v></c>', id="bracket_in_attribute"),
        pytest.param('<c t="s"><v>0</v></c>' * 16_384, id="by_order"),
        pytest.param("<c/>" * 16_383 + '<c t="s"><v>0</v></c>', id="behind_empty_ones"),
    ],
)
def test_two_cells_far_apart_are_two_rows(far: str) -> None:
    rows = f'<row r="1">{cell("A1")}</row><row r="1048576">{far}</row>'

    found_rows = rows_of(packed(parts(rows, ["x"]).items()))

    assert [(row.line, codes(row.problems)) for row in found_rows] == [(1_048_576, ["row_too_long"])]


def test_many_rows_with_a_cell_far_away_are_refused() -> None:
    rows = f'<row r="1">{cell("A1")}</row>' + "".join(
        f'<row r="{row}">{cell(f"XFD{row}")}</row>' for row in range(2, 99)
    )

    assert refusal_of(packed(parts(rows, ["x"]).items()), limits=SMALL).code == "expansion_refused"


def test_cells_without_content_span_nothing() -> None:
    rows = f'<row r="1">{cell("A1")}</row><row r="2">{cell("A2")}</row><row r="1048576"><c r="XFD1048576" s="1"/></row>'

    assert given(rows_of(packed(parts(rows, ["x"]).items()))) == [["x"]]


@pytest.mark.parametrize("rows", [50, 51])
def test_rows_are_limited(rows: int) -> None:
    content = workbook({"S": [["a"], *([number] for number in range(rows - 1))]})

    if rows == 50:
        assert len(rows_of(content, limits=Limits(sheet_rows=50))) == 49
    else:
        assert refusal_of(content, limits=Limits(sheet_rows=50)).code == "too_many_rows"


def test_the_size_of_the_file_is_limited() -> None:
    assert refusal_of(workbook({"S": [["a"]]}), limits=Limits(workbook_bytes=1_000)).code == "too_large"


def test_the_number_of_entries_is_limited() -> None:
    entries = {**parts(""), **{f"xl/media/{number}.png": b"" for number in range(50)}}

    assert refusal_of(packed(entries.items()), limits=Limits(workbook_entries=20)).code == "expansion_refused"


def test_a_part_that_inflates_enormously_is_refused() -> None:
    entries = {**parts(""), "xl/media/image.bin": bytes(70 << 20)}

    assert refusal_of(packed(entries.items())).code == "expansion_refused"


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(packed({**parts(""), "xl/styles.xml": b"<styleSheet>" + bytes(100_000)}.items()))
    for position in (content.rfind(b"PK\x01\x02", 0, content.rfind(b"xl/styles.xml")) + 24,):
        content[position : position + 4] = (500).to_bytes(4, "little")

    assert refusal_of(bytes(content)).code == "damaged_workbook"


@pytest.mark.parametrize("part", [SHEET, TEXTS, "xl/workbook.xml", "_rels/.rels"])
@pytest.mark.parametrize(
    "declaration",
    [
        pytest.param(b'<!DOCTYPE x [<!ENTITY a "b">]>', id="entity"),
        pytest.param(b'<!DOCTYPE x SYSTEM "file:///etc/passwd">', id="external"),
        pytest.param(b"<!-- " + b"x" * 200_000 + b" --><!DOCTYPE x>", id="behind_a_comment"),
    ],
)
def test_declarations_in_parts_are_refused(part: str, declaration: bytes) -> None:
    entries = parts(f'<row r="1">{cell("A1")}</row>', ["x"])
    entries[part] = declaration + entries[part]

    assert refusal_of(packed(entries.items())).code == "damaged_workbook"


@pytest.mark.parametrize("encoding", ["cp037", "utf-7", "shift_jis", "no-such-encoding"])
def test_parts_in_other_encodings_are_refused(encoding: str) -> None:
    entries = parts(f'<row r="1">{cell("A1")}</row>', ["x"])
    entries[SHEET] = f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + entries[SHEET]

    assert refusal_of(packed(entries.items())).code == "damaged_workbook"


def test_a_tag_that_never_ends_is_refused() -> None:
    rows = f'<row r="1">{cell("A1")}</row><row x="' + "y" * (LONGEST_TAG_BYTES + (1 << 18)) + '"/>'

    assert refusal_of(packed(parts(rows, ["x"]).items())).code == "expansion_refused"


@pytest.mark.parametrize("part", [SHEET, TEXTS, "xl/workbook.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("tag", ["a", "c", "row", "t", "x:c"])
def test_elements_within_elements_are_limited(part: str, tag: str) -> None:
    entries = parts(f'<row r="1">{cell("A1")}</row>', ["x"])
    begin, _, end = entries[part].rpartition(b"</")
    entries[part] = begin + f"<{tag}>".encode() * 300 + f"</{tag}>".encode() * 300 + b"</" + end

    assert refusal_of(packed(entries.items())).code == "expansion_refused"


def test_shared_texts_are_counted() -> None:
    assert refusal_of(packed(parts("<row/>", ["x"] * 40_000).items()), limits=SMALL).code == "expansion_refused"


def test_sheets_of_the_same_part_are_refused() -> None:
    entries = parts(f'<row r="1">{cell("A1")}</row>', ["x"])
    name = "xl/_rels/workbook.xml.rels"
    relation = entries[name].partition(b"<Relationship ")[2].partition(b"/>")[0].replace(b"r1", b"r9")
    entries[name] = entries[name].replace(b"</Relationships>", b"<Relationship " + relation + b"/></Relationships>")

    assert refusal_of(packed(entries.items())).code == "damaged_workbook"


def test_only_so_many_sheets_are_looked_at() -> None:
    content = workbook({"One": [["cover"]], "Two": [["cover"]], "Three": [["a", "b"], [1, 2]]})

    assert opened(content, limits=Limits(workbook_sheets=2)).sheet == "One"
    assert opened(content, limits=Limits(workbook_sheets=3)).sheet == "Three"
    assert opened(content, limits=Limits(workbook_sheets=2), sheet="Three").headers == ("a", "b")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused() -> None:
    entries = [*parts(f'<row r="1">{cell("A1")}</row>', ["x"]).items()]

    assert refusal_of(packed([*entries, (SHEET, b"<worksheet/>")])).code == "damaged_workbook"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_workbook_cut_short_is_damaged(share: float) -> None:
    content = workbook({"S": [["a", "b"], [1, 2]]})

    assert refusal_of(content[: int(len(content) * share)]).code == "damaged_workbook"


@pytest.mark.parametrize("missing", [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_a_workbook_without_one_of_its_parts_is_damaged(missing: str) -> None:
    entries = parts(f'<row r="1">{cell("A1")}</row>', ["x"])
    del entries[missing]

    assert refusal_of(packed(entries.items())).code == "damaged_workbook"


def test_encrypted_entries_are_refused() -> None:
    content = bytearray(packed(parts("").items()))
    content[content.find(b"PK\x01\x02") + 8] |= 1

    assert refusal_of(bytes(content)).code == "encrypted_workbook"


def test_a_workbook_under_a_password_is_refused() -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(100)

    assert refusal_of(content).code == "encrypted_workbook"


def test_markup_made_to_stall_a_search_is_no_burden() -> None:
    rows = '<row r="1">' + "<c " * 2_000_000 + "</row>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts(rows).items():
            archive.writestr(name, content)

    assert refusal_of(buffer.getvalue(), limits=DEFAULT_LIMITS).code == "damaged_workbook"
