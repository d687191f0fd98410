"""Booleans and choices as their readers return them."""

import pytest

from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.notations import Notation
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue

BOOLEAN = reader_of(Field(name="active", type=FieldType.BOOLEAN), DEFAULT_LIMITS)

CHOICE = reader_of(
    Field(name="status", type=FieldType.CHOICE, choices=("open", "on_hold"), choice_aliases={"in progress": "open"}),
    DEFAULT_LIMITS,
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
        pytest.param("2 - Open", "open", id="numbered"),
        pytest.param("10. in progress", "open", id="numbered-other-word"),
    ],
)
def test_reads_choices(given: str, expected: str) -> None:
    assert CHOICE(given) == expected


@pytest.mark.parametrize(
    "given", ["shut", "opened", "2", "2 -", "2 Open", "2 - 3 - Open", "open" + " " * 300 + "x", "o" * 100_000]
)
def test_refuses_other_choices_and_names_the_right_ones(given: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        CHOICE(given)

    assert refusal.value.code is ProblemCode.NOT_A_CHOICE
    assert refusal.value.facts == {"choices": "open, on_hold"}


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


def test_stated_words_are_added_to_the_known_ones_and_win() -> None:
    notation = Notation(true_words=("X", "no"), false_words=("-", "Nicht"))
    read = reader_of(Field(name="active", type=FieldType.BOOLEAN), DEFAULT_LIMITS, notation)

    assert [read(word) for word in ("x", "No", "yes")] == [True, True, True]
    assert [read(word) for word in ("-", "NICHT", "nein")] == [False, False, False]
