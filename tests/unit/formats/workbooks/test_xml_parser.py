"""XML that is made to do harm is refused, in bounded memory."""

import io
import zipfile

import pytest

from chalicelib.formats.workbooks.xml_parser import LONGEST_TAG_BYTES
from chalicelib.model.limits import DEFAULT_LIMITS
from tests.reading import refusal_of
from tests.workbooks import packed, parts

SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def cell(place: str, value: int = 0, kind: str = "s") -> str:
    return f'<c r="{place}" t="{kind}"><v>{value}</v></c>'


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


def test_markup_made_to_stall_a_search_is_no_burden() -> None:
    rows = '<row r="1">' + "<c " * 2_000_000 + "</row>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts(rows).items():
            archive.writestr(name, content)

    assert refusal_of(buffer.getvalue(), limits=DEFAULT_LIMITS).code == "damaged_workbook"
