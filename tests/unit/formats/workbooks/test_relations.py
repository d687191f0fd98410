"""Which parts of a package belong to which."""

import pytest

from tests.reading import given, refusal_of, rows_of
from tests.workbooks import packed, parts

SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def cell(place: str, value: int = 0, kind: str = "s") -> str:
    return f'<c r="{place}" t="{kind}"><v>{value}</v></c>'


def test_sheets_of_the_same_part_are_refused() -> None:
    entries = parts(f'<row r="1">{cell("A1")}</row>', ["x"])
    name = "xl/_rels/workbook.xml.rels"
    relation = entries[name].partition(b"<Relationship ")[2].partition(b"/>")[0].replace(b"r1", b"r9")
    entries[name] = entries[name].replace(b"</Relationships>", b"<Relationship " + relation + b"/></Relationships>")

    assert refusal_of(packed(entries.items())).code == "damaged_workbook"


@pytest.mark.parametrize("missing", [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_a_workbook_without_one_of_its_parts_is_damaged(missing: str) -> None:
    entries = parts(f'<row r="1">{cell("A1")}</row>', ["x"])
    del entries[missing]

    assert refusal_of(packed(entries.items())).code == "damaged_workbook"


HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'


def test_sheets_of_macros_have_cells_too() -> None:
    entries = parts(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>')
    relations = "xl/_rels/workbook.xml.rels"
    kind = b"http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"
    old = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    entries[relations] = entries[relations].replace(old, kind)

    assert given(rows_of(packed(entries.items()))) == [["1", ""]]


def test_a_package_that_lost_its_relations_is_opened() -> None:
    entries = parts(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>')
    del entries["_rels/.rels"], entries["[Content_Types].xml"]

    assert given(rows_of(packed(entries.items()))) == [["1", ""]]
