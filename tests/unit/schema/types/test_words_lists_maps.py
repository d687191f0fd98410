"""Booleans, choices, lists and maps as their readers return them."""

from decimal import Decimal

import pytest

from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.notations import Notation
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader

BOOLEAN = reader_of(Field(name="active", type=FieldType.BOOLEAN), DEFAULT_LIMITS)
CHOICE = reader_of(
    Field(name="status", type=FieldType.CHOICE, choices=("open", "on_hold"), choice_aliases={"in progress": "open"}),
    DEFAULT_LIMITS,
)
LIST = reader_of(Field(name="tags", type=FieldType.LIST, max_length=20), Limits(values=5))
MAP = reader_of(
    Field(name="metadata", type=FieldType.MAP), Limits(values=5, json_depth=3, text_characters=100, record_bytes=9_000)
)


@pytest.mark.parametrize("given", ["true", "TRUE", " yes ", "Y", "on", "1", 1, True])
def test_reads_what_means_true(given: object) -> None:
    assert BOOLEAN(given) is True


@pytest.mark.parametrize("given", ["false", "False", "no", "N", "off", "0", 0, False])
def test_reads_what_means_false(given: object) -> None:
    assert BOOLEAN(given) is False


@pytest.mark.parametrize("given", ["maybe", "2", 2, "truely", "yes" * 33_000])
def test_refuses_other_booleans(given: object) -> None:
    with pytest.raises(InvalidValue) as refusal:
        BOOLEAN(given)

    assert refusal.value.code is ProblemCode.INVALID_BOOLEAN


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("open", "open", id="exact"),
        pytest.param(" OPEN ", "open", id="case-and-space"),
        pytest.param("On Hold", "on_hold", id="words"),
        pytest.param("In-Progress", "open", id="other-word"),
    ],
)
def test_reads_choices(given: str, expected: str) -> None:
    assert CHOICE(given) == expected


@pytest.mark.parametrize("given", ["shut", "opened", "open" + " " * 300 + "x", "o" * 100_000])
def test_refuses_other_choices_and_names_the_right_ones(given: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        CHOICE(given)

    assert refusal.value.code is ProblemCode.NOT_A_CHOICE
    assert refusal.value.facts == {"choices": "open, on_hold"}


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
    ("given", "expected"),
    [
        pytest.param('{"a": {"b": [1, null]}}', {"a": {"b": [1, None]}}, id="text"),
        pytest.param({"a": " x ", "b": True}, {"a": " x ", "b": True}, id="object-as-given"),
        pytest.param({"a": Decimal("1.5")}, {"a": 1.5}, id="streamed-number"),
        pytest.param({}, {}, id="empty"),
    ],
)
def test_reads_maps(given: object, expected: object) -> None:
    assert MAP(given) == expected


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param("[1]", ProblemCode.INVALID_TYPE, id="array"),
        pytest.param("{", ProblemCode.INVALID_TYPE, id="broken"),
        pytest.param("gold", ProblemCode.INVALID_TYPE, id="word"),
        pytest.param({"a": {"b": {"c": {}}}}, ProblemCode.INVALID_TYPE, id="too-deep"),
        pytest.param({str(n): n for n in range(6)}, ProblemCode.TOO_MANY_VALUES, id="too-many"),
        pytest.param({"a": [1, 2, 3], "b": [1]}, ProblemCode.TOO_MANY_VALUES, id="too-many-together"),
        pytest.param({"a": 2**63}, ProblemCode.OUT_OF_RANGE, id="large-number"),
        pytest.param({"a": float("nan")}, ProblemCode.INVALID_DECIMAL, id="nan"),
        pytest.param({"a": "x\0"}, ProblemCode.INVALID_TEXT, id="nul"),
        pytest.param({"a\ud800": 1}, ProblemCode.INVALID_TEXT, id="surrogate-in-key"),
        pytest.param({"a": "x" * 101}, ProblemCode.TOO_LONG, id="long-text"),
        pytest.param('{"a":' * 20_000, ProblemCode.TOO_LONG, id="very-deep-text"),
    ],
)
def test_refuses_other_maps(given: object, code: ProblemCode) -> None:
    with pytest.raises(InvalidValue) as refusal:
        MAP(given)

    assert refusal.value.code is code


def test_a_very_deep_object_ends_at_the_limit_of_depth() -> None:
    deep: object = {}
    for _ in range(100_000):
        deep = {"a": deep}

    with pytest.raises(InvalidValue) as refusal:
        MAP(deep)

    assert refusal.value.code is ProblemCode.INVALID_TYPE


@pytest.mark.parametrize("read", [BOOLEAN, CHOICE, LIST, MAP], ids=["boolean", "choice", "list", "map"])
def test_a_null_is_none_of_them(read: ValueReader) -> None:
    with pytest.raises(InvalidValue) as refusal:
        read(None)

    assert refusal.value.code is ProblemCode.REQUIRED


@pytest.mark.parametrize(
    "given", ["ja", "OUI", "sí", "SI", "sim", "Да", "はい", "是", "evet", "WAHR", "Vrai", "si\u0301"]
)
def test_reads_what_means_true_in_other_languages(given: str) -> None:
    assert BOOLEAN(given) is True


@pytest.mark.parametrize(
    "given", ["nein", "NON", "não", "na\u0303o", "Нет", "いいえ", "否", "HAYIR", "FALSCH", "Faux", "nej", "\u200bnee"]
)
def test_reads_what_means_false_in_other_languages(given: str) -> None:
    assert BOOLEAN(given) is False


@pytest.mark.parametrize("given", ["x", "o", "✓", "-", "s", "j", "d", "nai", "neutral", "?", "ok"])
def test_refuses_words_that_mean_different_things_to_different_people(given: str) -> None:
    with pytest.raises(InvalidValue):
        BOOLEAN(given)


def test_stated_words_come_beside_the_known_ones_and_win() -> None:
    notation = Notation(true_words=("X", "no"), false_words=("-", "Nicht"))
    read = reader_of(Field(name="active", type=FieldType.BOOLEAN), DEFAULT_LIMITS, notation)

    assert [read(word) for word in ("x", "No", "yes")] == [True, True, True]
    assert [read(word) for word in ("-", "NICHT", "nein")] == [False, False, False]


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
