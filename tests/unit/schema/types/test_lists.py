"""Lists as their reader returns them."""

import pytest

from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.notations import Notation
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue

LIST = reader_of(Field(name="tags", type=FieldType.LIST, max_length=20), Limits(values=5))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("a,b", ["a", "b"], id="commas"),
        pytest.param(" a , ,b,a", ["a", "b"], id="space-empty-repeated"),
        pytest.param("a;b", ["a", "b"], id="semicolons"),
        pytest.param("a;b,c", ["a;b", "c"], id="commas-before-semicolons"),
        pytest.param('["a,b", "c"]', ["a,b", "c"], id="json-in-a-cell"),
        pytest.param("[draft],urgent", ["[draft]", "urgent"], id="only-looks-like-json"),
        pytest.param(["a", " b ", "a", "", None], ["a", "b"], id="array"),
        pytest.param(["a,b", 7], ["a,b", "7"], id="array-entries-are-not-split"),
        pytest.param([], [], id="empty-array"),
        pytest.param("a,b,c,d,e", ["a", "b", "c", "d", "e"], id="as-many-as-may-be"),
        pytest.param(["b" * 20, "c"], ["b" * 20, "c"], id="longest-entry"),
    ],
)
def test_reads_lists(given: object, expected: list[str]) -> None:
    assert LIST(given) == expected


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param("a,b,c,d,e,f", ProblemCode.TOO_MANY_VALUES, id="too-many"),
        pytest.param("a," + "b" * 21, ProblemCode.TOO_LONG, id="long-entry"),
        pytest.param("a,b\0", ProblemCode.INVALID_TEXT, id="nul"),
        pytest.param(["a", ["b"]], ProblemCode.INVALID_TYPE, id="nested"),
        pytest.param({"add": ["a"]}, ProblemCode.INVALID_TYPE, id="object"),
        pytest.param("[" * 100_000, ProblemCode.TOO_LONG, id="very-deep"),
        pytest.param(",".join(map(str, range(20_000))), ProblemCode.TOO_MANY_VALUES, id="very-long"),
    ],
)
def test_refuses_other_lists(given: object, code: ProblemCode) -> None:
    with pytest.raises(InvalidValue) as refusal:
        LIST(given)

    assert refusal.value.code is code


@pytest.mark.parametrize(
    "given",
    [",", ",,", " , ; ", ";", "|", "||", "\n,\n", '""', '"", ""', ["", " "], [None], ["\u200b"], "\u200b,\u2060"],
)
def test_a_list_without_any_entry_is_not_given(given: object) -> None:
    with pytest.raises(InvalidValue) as refusal:
        LIST(given)

    assert refusal.value.code is ProblemCode.REQUIRED


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("a|b", ["a", "b"], id="pipes"),
        pytest.param("a | b |", ["a", "b"], id="pipe-behind"),
        pytest.param("a\nb", ["a", "b"], id="lines"),
        pytest.param("a\r\nb\rc", ["a", "b", "c"], id="line-ends-of-all-kinds"),
        pytest.param("a,\nb,\nc", ["a", "b", "c"], id="commas-at-line-ends"),
        pytest.param("Doe, J\nRoe, R", ["Doe, J", "Roe, R"], id="commas-within-lines"),
        pytest.param("a|;b", ["a|", "b"], id="signs-before-separators"),
        pytest.param("a;b|c", ["a", "b|c"], id="semicolons-before-pipes"),
        pytest.param('"Doe, J", "Roe, R"', ["Doe, J", "Roe, R"], id="quoted"),
        pytest.param('"Doe, J" ; x', ["Doe, J", "x"], id="separator-outside-quotes"),
        pytest.param('"a ""b"", c", d', ['a "b", c', "d"], id="doubled-quotes"),
        pytest.param('5" pipe, 3" pipe', ['5" pipe', '3" pipe'], id="inches"),
        pytest.param('"a, b', ['"a', "b"], id="unclosed"),
        pytest.param("\u200ba\u200b,b\ufeff", ["a", "b"], id="invisible-ends"),
        pytest.param("می\u200cخواهم, x", ["می\u200cخواهم", "x"], id="joiner-inside"),
        pytest.param("alone", ["alone"], id="one"),
    ],
)
def test_a_cell_is_split_by_what_it_uses(given: str, expected: list[str]) -> None:
    assert LIST(given) == expected


@pytest.mark.parametrize(
    ("separator", "given", "expected"),
    [
        ("|", "a, b|c", ["a, b", "c"]),
        (";", "Doe, J;Roe, R", ["Doe, J", "Roe, R"]),
        ("/", "a/b,c", ["a", "b,c"]),
        ("\n", "a, b,\nc", ["a, b,", "c"]),
        (" ", "a b", ["a", "b"]),
        ("|", '"a|b"|c', ["a|b", "c"]),
        ("|", '["a|b"]', ["a|b"]),
        ("^", "a^b", ["a", "b"]),
    ],
)
def test_a_stated_separator_is_the_only_one(separator: str, given: str, expected: list[str]) -> None:
    notation = Notation(list_separator=separator)

    assert reader_of(Field(name="tags", type=FieldType.LIST), DEFAULT_LIMITS, notation)(given) == expected
