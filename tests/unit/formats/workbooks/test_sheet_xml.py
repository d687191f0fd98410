"""Rows of a worksheet from its XML: cells stand where they say, and show what they hold."""

import pytest

from tests.reading import codes, found, given, refusal_of, rows_of
from tests.workbooks import packed, parts, styled


def cell(place: str, value: int = 0, kind: str = "s") -> str:
    return f'<c r="{place}" t="{kind}"><v>{value}</v></c>'


def test_cells_by_order_behind_thousands_with_places_are_followed() -> None:
    usual = "".join(f'<row r="{row}">{cell(f"A{row}")}</row>' for row in range(1, 9_000))
    far = '<row r="1048576"><c r="XFC1048576" s="1"/>' + '<c t="s"><v>0</v></c></row>'

    last = rows_of(packed(parts(usual + far, ["x"]).items()))[-1]

    assert (last.line, len(last.given), codes(last.problems)) == (1_048_576, 16_384, ["row_too_long"])


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


def test_cells_without_content_take_no_space() -> None:
    rows = f'<row r="1">{cell("A1")}</row><row r="2">{cell("A2")}</row><row r="1048576"><c r="XFD1048576" s="1"/></row>'

    assert given(rows_of(packed(parts(rows, ["x"]).items()))) == [["x"]]


HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'


@pytest.mark.parametrize(
    "row",
    [
        pytest.param('<c r="A2"><f>1+1</f></c>', id="no value"),
        pytest.param('<c r="A2"><f>1+1</f><v></v></c>', id="an empty value"),
        pytest.param('<c r="A2"><f>1+1</f><v/></c>', id="an empty tag"),
        pytest.param('<c r="A2"><f/></c>', id="an empty formula"),
        pytest.param('<c r="A2" t="str"><f>"x"</f></c>', id="a text"),
        pytest.param('<c r="A2" t="b"><f>1=1</f><v></v></c>', id="a boolean"),
        pytest.param('<c r="A2" t="e"><f>1/0</f></c>', id="an error"),
        pytest.param('<c r="A2"><f t="shared" si="0"/></c>', id="shared"),
        pytest.param('<c r="A2"><f t="array" ref="A2:A3">B2:B3</f></c>', id="an array"),
        pytest.param('<c r="A2" s="1"><f>TODAY()</f><v/></c>', id="a date"),
    ],
)
def test_a_formula_without_its_result_fails_its_row(row: str) -> None:
    rows = rows_of(styled(HEADER + f'<row r="2">{row}<c r="B2"><v>5</v></c></row>', ["yyyy-mm-dd"]))

    assert found(rows) == [(1, 2, ["formula_not_computed"])]
    assert (rows[0].problems[0].field, given(rows)) == ("a", [["", "5"]])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param('<c r="A2"><f>1+1</f><v>2</v></c>', "2", id="a number"),
        pytest.param('<c r="A2"><f>1-1</f><v>0</v></c>', "0", id="nought"),
        pytest.param('<c r="A2" t="str"><f>""</f><v></v></c>', "", id="an empty text"),
        pytest.param('<c r="A2" t="str"><f>"x"</f><v>x</v></c>', "x", id="a text"),
        pytest.param('<c r="A2" t="b"><f>1=1</f><v>1</v></c>', "true", id="a boolean"),
        pytest.param('<c r="A2"><v>0</v></c>', "0", id="no formula"),
    ],
)
def test_a_formula_gives_the_result_it_had(cell: str, text: str) -> None:
    rows = rows_of(packed(parts(HEADER + f'<row r="2">{cell}<c r="B2"><v>5</v></c></row>').items()))

    assert (given(rows), found(rows)) == ([[text, "5"]], [(1, 2, [])])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param('<c r="A2" t="inlineStr"><is><t>x</t></is></c>', "x", id="inline"),
        pytest.param('<c r="A2" t="inlineStr"><is><r><t>x</t></r><r><rPr/><t>y</t></r></is></c>', "xy", id="rich"),
        pytest.param('<c r="A2" t="inlineStr"><is><t> x </t></is></c>', " x ", id="spaces"),
        pytest.param('<c r="A2" t="inlineStr"><is><t><![CDATA[<x>]]></t></is></c>', "<x>", id="cdata"),
        pytest.param('<c r="A2" t="inlineStr"><v>x</v></c>', "x", id="inline as value"),
        pytest.param('<c r="A2" t="str"><v>x_x000D_y</v></c>', "x\ry", id="escape"),
        pytest.param('<c r="A2" t="str"><v>_x005F_x000D_</v></c>', "_x000D_", id="escaped escape"),
        pytest.param('<c r="A2" t="str"><v>_xD83D__xDE00_</v></c>', "\U0001f600", id="pair of surrogates"),
        pytest.param('<c r="A2" t="str"><v>a_xb</v></c>', "a_xb", id="no escape"),
        pytest.param('<c r="A2" t="s"><v>0</v></c>', "shared", id="shared"),
        pytest.param('<c r="A2" t="s"><v>1</v></c>', "東京", id="shared with pronunciation"),
        pytest.param(
            '<c r="A2" t="inlineStr"><is><t>東</t><rPh sb="0" eb="1"><t>とう</t></rPh></is></c>',
            "東",
            id="pronunciation",
        ),
        pytest.param('<c r="A2" t="b"><v>1</v></c>', "true", id="true"),
        pytest.param('<c r="A2" t="b"><v>0</v></c>', "false", id="false"),
        pytest.param('<c r="A2" t="d"><v>2024-02-29T00:00:00.000Z</v></c>', "2024-02-29", id="date in words"),
        pytest.param('<c r="A2" t="d"><v>2024-02-29T13:05:00</v></c>', "2024-02-29T13:05:00", id="time in words"),
        pytest.param('<x:c xmlns:x="urn:x" r="A2" t="str"><x:v>p</x:v></x:c>', "p", id="prefixed"),
        pytest.param('<c t="str"><v>by order</v></c>', "by order", id="without a place"),
        pytest.param('<c r="A2"><v>1234567890123456781</v></c>', "1234567890123456781", id="nineteen digits"),
    ],
)
def test_cells_are_read_in_all_ways_they_are_written(cell: str, text: str) -> None:
    texts = ["shared", '東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><t>']
    entries = parts(HEADER + f'<row r="2">{cell}<c r="B2"><v>5</v></c></row>', texts)

    assert given(rows_of(packed(entries.items()))) == [[text, "5"]]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param('<row r="2"><c r="B2"><v>2</v></c><c r="A2"><v>1</v></c></row>', [["1", "2"]], id="out of order"),
        pytest.param(
            '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>',
            [["1", "2"]],
            id="in two tags",
        ),
        pytest.param(
            "<row><c><v>1</v></c><c/></row><row><c/><c><v>2</v></c></row>", [["1", ""], ["", "2"]], id="by order"
        ),
        pytest.param('<row><c r="A7"><v>1</v></c><c r="B7"><v>2</v></c></row>', [["1", "2"]], id="place of the cell"),
        pytest.param('<row r="2"><c r="a2"><v>1</v></c><c r="b2"><v>2</v></c></row>', [["1", "2"]], id="small letters"),
    ],
)
def test_cells_stand_where_they_say(data: str, expected: list[list[str]]) -> None:
    assert given(rows_of(packed(parts(HEADER + data).items()))) == expected


@pytest.mark.parametrize(
    "data",
    [
        pytest.param('<row r="9"><c r="A9"><v>1</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>', id="rows"),
        pytest.param('<row r="2"><c r="XFE2"><v>1</v></c></row>', id="behind the last column"),
        pytest.param('<row r="2"><c r="2"><v>1</v></c></row>', id="no column"),
        pytest.param('<row r="2"><c r="A2" t="s"><v>5</v></c></row>', id="a text that is not there"),
        pytest.param('<row r="2"><c r="A2"><v>1</c></row>', id="not well-formed"),
    ],
)
def test_what_spreadsheet_programs_would_not_open_is_damaged(data: str) -> None:
    assert refusal_of(packed(parts(HEADER + data).items())).code == "damaged_workbook"
