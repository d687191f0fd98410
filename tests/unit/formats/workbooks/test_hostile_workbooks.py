"""Workbooks that were made to exhaust memory or time are refused, each by what it does.

Those that once took the most are read in a process of their own, within the memory of the API function. Everything that
is kept counts, so a small limit shows the rest in no time.
"""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.model.limits import Limits
from tests.other_workbooks import ods, ods_parts, ods_table, ods_text, record, xlsb_parts
from tests.reading import refusal_of
from tests.reading_apart import read_apart
from tests.workbooks import packed, parts

API_MB, MOST_S = 400, 20
SMALL = Limits(workbook_expanded_bytes=1_000_000, workbook_text_characters=20_000)
SHEET, TEXTS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
BINARY_RELATIONS = (
    b'<Relationships><Relationship Id="r1" Type="/worksheet" Target="worksheets/sheet1.bin"/>'
    b'<Relationship Id="t" Type="/sharedStrings" Target="sst.bin"/>'
    b'<Relationship Id="s" Type="/styles" Target="styles.bin"/></Relationships>'
)
ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><x y="&c;&c;"/>'
)


def xlsx(sheet_data: str = ROW, **replaced: str) -> bytes:
    """Makes a workbook of which some parts are replaced, by the upper-case names of their constants."""
    names = {"texts": TEXTS, "styles": STYLES, "relations": RELATIONS, "main": "xl/workbook.xml"}
    return packed({**parts(sheet_data), **{names[key]: text.encode() for key, text in replaced.items()}}.items())


def binary(rows: bytes = b"", texts: bytes = b"", styles: bytes = b"") -> bytes:
    listed = dict(xlsb_parts({"S": record(0, bytes(17)) + record(5, bytes(16)) + rows}))
    listed |= {"xl/_rels/workbook.bin.rels": BINARY_RELATIONS, "xl/sst.bin": texts}
    return packed((listed | ({"xl/styles.bin": styles} if styles else {})).items())


def repeated(text: str, times: int) -> str:
    cell = f'<table:table-cell table:number-columns-repeated="{times}"><text:p>{text}</text:p></table:table-cell>'
    return f'<table:table table:name="S"><table:table-row>{cell}</table:table-row></table:table>'


KEPT: dict[str, Callable[[], bytes]] = {
    "empty_shared_texts": lambda: xlsx(texts="<sst>" + "<si/>" * 20_000 + "</sst>"),
    "one_long_shared_text": lambda: xlsx(texts="<sst><si><t>" + "x" * 50_000 + "</t></si></sst>"),
    "shared_text_in_pieces": lambda: xlsx(texts="<sst><si><t>" + "中<b/>" * 30_000 + "</t></si></sst>"),
    "empty_cells": lambda: xlsx("<row>" + "<c/>" * 40_000 + "</row>"),
    "one_long_cell": lambda: xlsx('<row><c t="inlineStr"><is><t>' + "x" * 50_000 + "</t></is></c></row>"),
    "a_cell_in_pieces": lambda: xlsx('<row><c t="inlineStr"><is>' + "<t>中</t>" * 30_000 + "</is></c></row>"),
    "a_row_of_long_cells": lambda: xlsx(
        "<row>" + '<c t="str"><v>' + ("x" * 9_000 + '</v></c><c t="str"><v>') * 3 + "</v></c></row>"
    ),
    "styles": lambda: xlsx(styles="<styleSheet><cellXfs>" + '<xf numFmtId="14"/>' * 2_000 + "</cellXfs></styleSheet>"),
    "number_formats": lambda: xlsx(
        styles="<styleSheet><numFmts>" + '<numFmt numFmtId="9" formatCode="0"/>' * 4_000 + "</numFmts></styleSheet>"
    ),
    "relations": lambda: xlsx(
        relations="<Relationships>" + '<Relationship Id="r" Type="t" Target="x"/>' * 3_000 + "</Relationships>"
    ),
    "binary_texts": lambda: binary(texts=record(19, bytes(5)) * 20_000),
    "binary_styles": lambda: binary(styles=record(617, b"") + record(47, b"\0\0\x0e\0") * 2_000),
    "a_binary_row_of_long_cells": lambda: binary(
        b"".join(record(6, struct.pack("<III", column, 0, 9_000) + b"a\0" * 9_000) for column in range(4))
    ),
    "spaces": lambda: ods(ods_table([[ods_text('<text:s text:c="1000"/>' * 2_000)]])),
    "paragraphs": lambda: ods(ods_table([[ods_text("</text:p>" + "<text:p/>" * 40_000 + "<text:p>")]])),
    "a_text_repeated": lambda: ods(repeated("x" * 100, 1_000)),
    "sheets": lambda: ods("".join(f'<table:table table:name="S{number}"/>' for number in range(4_000))),
    "hidden_styles": lambda: packed(
        ods_parts(
            ods_table([[ods_text("a")]]),
            styles='<style:style style:name="s"/><style:table-properties table:display="false"/>' * 3_000,
        )
    ),
}


@pytest.mark.parametrize("attack", KEPT)
def test_what_would_be_kept_is_charged(attack: str) -> None:
    assert refusal_of(KEPT[attack](), limits=SMALL).code == "expansion_refused"


@pytest.mark.parametrize("part", [SHEET, TEXTS, STYLES, RELATIONS, "xl/workbook.xml", "_rels/.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_behind_instructions_are_refused_before_they_expand(part: str, encoding: str) -> None:
    entries = parts(ROW, ["x"])
    entries[part] = ("<?xml version='1.0'?>" + "<?p   ?>" * 50_000 + ENTITIES).encode(encoding)

    assert refusal_of(packed(entries.items())).code == "damaged_workbook"


@pytest.mark.parametrize("part", ["content.xml", "META-INF/manifest.xml"])
def test_entities_in_parts_of_ods_are_refused(part: str) -> None:
    entries = dict(ods_parts(ods_table([[ods_text("a")]])))
    entries[part] = ("<?p   ?>" * 50_000 + ENTITIES).encode()

    assert refusal_of(packed(entries.items())).code == "damaged_workbook"


def sheets_of_wide_rows() -> bytes:
    entries = parts(ROW)
    numbers = range(40)
    listed = "".join(f'<sheet name="S{number}" id="r{number}"/>' for number in numbers)
    related = "".join(f'<Relationship Id="r{number}" Type="/worksheet" Target="s{number}.xml"/>' for number in numbers)
    entries["xl/workbook.xml"] = f"<workbook><sheets>{listed}</sheets></workbook>".encode()
    entries[RELATIONS] = f"<Relationships>{related}</Relationships>".encode()
    rows = b"<worksheet>" + b'<row><c r="XFD"><v>1</v></c></row>' * 100 + b"</worksheet>"
    return packed([*entries.items(), *((f"xl/s{number}.xml", rows) for number in numbers)])


WORST: dict[str, Callable[[], bytes]] = {
    "sheets_of_wide_rows": sheets_of_wide_rows,
    "a_text_of_60_mb": lambda: xlsx(
        '<row><c t="inlineStr"><is><t>' + "x" * 60_000_000 + "\U0001f600</t></is></c></row>"
    ),
    "three_million_styles": lambda: xlsx(
        styles="<styleSheet><cellXfs>" + '<xf numFmtId="14"/>' * 3_000_000 + "</cellXfs></styleSheet>"
    ),
}
"""With ever more of the same, they took gigabytes, and half a minute each."""


def test_the_worst_are_held_within_the_memory_of_the_api_function(tmp_path: Path) -> None:
    files = [tmp_path / name for name in WORST]
    for file in files:
        file.write_bytes(WORST[file.name]())

    done = read_apart(files, most_mb=API_MB, most_s=MOST_S)

    assert done.outcomes == ["99", "expansion_refused", "expansion_refused"], done.errors
    assert done.peak_mb < API_MB
