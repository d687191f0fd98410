"""Formulas are disarmed, and armed again exactly."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.formats.formulas import disarm, is_formula, keep_raw, may_need_disarming, rearm, safe_cells
from chalicelib.model.write_options import Formulas
from tests.reading import given as given_cells
from tests.reading import opened_bytewise, rows_of

marks = st.text(st.sampled_from("'\t=-@+＝5 a\n\0;,\""), max_size=9)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("=1+1", "'=1+1\t", id="equals sign"),
        pytest.param("+A1", "'+A1\t", id="plus"),
        pytest.param("-A1", "'-A1\t", id="minus"),
        pytest.param("@SUM(A1)", "'@SUM(A1)\t", id="at sign"),
        pytest.param("＝1", "'＝1\t", id="full-width equals sign"),
        pytest.param("＋1", "'＋1\t", id="full-width plus"),
        pytest.param("－1", "'－1\t", id="full-width minus"),
        pytest.param("＠a", "'＠a\t", id="full-width at sign"),
        pytest.param("\ta", "'\ta\t", id="tab"),
        pytest.param("\ra", "'\ra\t", id="carriage return"),
        pytest.param("\na", "'\na\t", id="line feed"),
        pytest.param("\0a", "'\0a\t", id="NUL"),
        pytest.param("  =1", "'  =1\t", id="behind spaces"),
        pytest.param("\ufeff=1", "'\ufeff=1\t", id="behind a byte order mark"),
        pytest.param("-1+1", "'-1+1\t", id="a sum"),
        pytest.param("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0\t", id="a call behind a number"),
        pytest.param("+15551234567;ext=9", "'+15551234567;ext=9\t", id="a phone number with an extension"),
        pytest.param("'=1\t", "''=1\t\t", id="what looks disarmed"),
        pytest.param("''=1\t\t", "'''=1\t\t\t", id="what looks disarmed twice"),
        pytest.param("'=1", "'=1", id="an apostrophe of somebody else's"),
        pytest.param("-5", "-5", id="number"),
        pytest.param("-5.25", "-5.25", id="fraction"),
        pytest.param("+1e-5", "+1e-5", id="exponent"),
        pytest.param("+4915123456789", "+4915123456789", id="phone number"),
        pytest.param("+1 (555) 123-4567", "+1 (555) 123-4567", id="phone number with punctuation"),
        pytest.param("a=1", "a=1", id="equals sign further behind"),
        pytest.param("a;=1", "'a;'=1\t", id="behind a semicolon"),
        pytest.param("a; @b;+c;d", "'a;' @b;'+c;d\t", id="behind several semicolons"),
        pytest.param('a;"=1"', "'a;'\"=1\"\t", id="behind a semicolon and a quote"),
        pytest.param("=1;=2", "'=1;'=2\t", id="in front of a semicolon and behind it"),
        pytest.param("'a;'=1\t", "''a;''=1\t\t", id="what looks disarmed behind a semicolon"),
        pytest.param("1; -5; +4915123456789", "1; -5; +4915123456789", id="numbers behind semicolons"),
        pytest.param("Hi, @ann", "Hi, @ann", id="behind a comma"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_text_is_disarmed_and_armed_again(text: str, written: str) -> None:
    assert disarm(text) == written
    assert rearm(written) == text


@given(marks | st.text(max_size=6))
@settings(max_examples=500, deadline=None)
def test_reading_undoes_exactly_what_writing_did(text: str) -> None:
    assert rearm(disarm(text)) == rearm(keep_raw(text)) == text
    assert not is_formula(disarm(text))


@given(marks, st.sampled_from([";", ";,", ""]))
@settings(max_examples=500, deadline=None)
def test_no_part_of_a_written_text_is_a_formula_wherever_a_separator_ends_it(text: str, separators: str) -> None:
    written = disarm(text, separators)
    first, *others = re.split(f"[{separators}]", written) if separators else [written]

    assert rearm(written) == text
    assert not is_formula(first)
    assert [part for part in others if part.strip('"\t\n\0 ')[:1] in {"=", "@", "\uff1d"}] == []


@given(marks)
@settings(max_examples=300, deadline=None)
def test_what_both_marks_do_not_hold_is_never_changed_by_reading(text: str) -> None:
    if not (text.startswith("'") and text.endswith("\t")):
        assert rearm(text) == text


@given(st.lists(marks | st.text(max_size=6)))
@settings(max_examples=200, deadline=None)
def test_cells_are_written_as_each_alone(cells: list[str]) -> None:
    assert safe_cells(cells, Formulas.DISARM) == [*map(disarm, cells)]
    assert safe_cells(cells, Formulas.RAW) == [*map(keep_raw, cells)]


@given(st.lists(marks | st.sampled_from(["", "a", "+49151", "-5", "+5\x01=1", "\x01=1", "a\x01"])))
@settings(max_examples=500, deadline=None)
def test_no_text_that_needs_marks_hides_among_others(cells: list[str]) -> None:
    if not may_need_disarming(cells):
        assert safe_cells(cells, Formulas.DISARM) == safe_cells(cells, Formulas.RAW) == cells


def test_texts_as_nearly_all_are_need_no_marks() -> None:
    assert not may_need_disarming(["", "Ann", "ü", "+4915123456789", "-5.25", "2025-07-01", '"a"', "(x)", "[1]", "_"])
    assert not may_need_disarming([])


@pytest.mark.parametrize(
    "text",
    ["=1", "  =1", "\ta", "'=1\t", "＝1", " " * 16 + "=1", "a;=1", 'a;"=1"', "a; \"' =1", 'a;"' + " " * 40 + "=1"],
)
@pytest.mark.parametrize("most", [1, 2, 5, 1000])
def test_disarmed_cells_are_armed_however_the_stream_is_cut(text: str, most: int) -> None:
    quoted = disarm(text).replace('"', '""')
    source = f'name,note\r\nA,x\r\nB,"{quoted}"\r\n'.encode()

    assert given_cells(opened_bytewise(source, most=most).rows) == [["A", "x"], ["B", text]]


@pytest.mark.parametrize("text", ["'=1+1", "'-' is a dash", "'+49 151", "=1+1", "=1+1\t", "'a\t", "'-5\t"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_what_others_wrote_is_read_as_it_is(text: str, delimiter: str) -> None:
    source = f'name{delimiter}note\nA{delimiter}"{text}"\n'

    assert given_cells(rows_of(source)) == [["A", text]]


def test_rows_with_flaws_are_armed_too() -> None:
    source = 'name,note\n"\'=1\t",a "stray" quote\n\'=2\t,"never closed\n'

    assert given_cells(rows_of(source)) == [["=1", 'a "stray" quote'], ["=2", "never closed"]]
