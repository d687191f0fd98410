"""What the first rows of a source show of its words and dates."""

from collections.abc import Mapping

import pytest

from chalicelib.imports.source_values import SeenDates, UnknownWord, dates_of, each_unknown_word, words_of
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.notations import DateOrder, Notation
from chalicelib.model.resources import Field, FieldType

STATUS = Field(name="status", type=FieldType.CHOICE, choices=("active", "inactive"), choice_aliases={"live": "active"})
FLAG = Field(name="is_primary", type=FieldType.BOOLEAN)


def unknown(field: Field, words: Mapping[str, int], notation: Notation) -> list[UnknownWord]:
    return [*each_unknown_word(field, words, notation, DEFAULT_LIMITS)]


def test_words_are_counted_the_most_frequent_first_and_blank_cells_are_none() -> None:
    assert [*words_of(["b", " a", "", "a ", "  "], DEFAULT_LIMITS).items()] == [("a", 2), ("b", 1)]


def test_a_column_of_many_values_has_no_words() -> None:
    assert words_of(["a", "b", "c"], Limits(described_words=2)) == {}


@pytest.mark.parametrize(
    ("field", "notation", "words"),
    [
        pytest.param(STATUS, Notation(), ["paused", "weg"], id="neither a choice nor another name of one"),
        pytest.param(STATUS, Notation(words={"PAUSED": "inactive"}), ["weg"], id="stated, in whatever spelling"),
        pytest.param(FLAG, Notation(), ["Active", "live", "paused", "weg"], id="neither true nor false"),
        pytest.param(FLAG, Notation(true_words=("live",)), ["Active", "paused", "weg"], id="true is stated"),
        pytest.param(Field(name="notes", type=FieldType.TEXT), Notation(), [], id="any text is a text"),
    ],
)
def test_words_that_a_field_cannot_take(field: Field, notation: Notation, words: list[str]) -> None:
    found = unknown(field, {"Active": 7, "live": 5, "paused": 3, "weg": 1, "yes": 1}, notation)

    assert [one.word for one in found if one.word != "yes"] == words


def test_an_unknown_word_tells_its_field_and_in_how_many_rows_it_stands() -> None:
    assert unknown(STATUS, {"paused": 3}, Notation()) == [UnknownWord("status", "paused", 3)]


def test_a_word_in_two_spellings_is_one() -> None:
    assert unknown(STATUS, {"paused": 3, "PAUSED": 2}, Notation()) == [UnknownWord("status", "paused", 5)]


@pytest.mark.parametrize(
    ("values", "seen"),
    [
        pytest.param(["Ann", "2024-04-03", ""], None, id="no dates whose year stands last"),
        pytest.param(["03.04.2024"], None, id="points: the day stands first by custom"),
        pytest.param(["03/04/2024"], SeenDates(None, None, "03/04/2024"), id="two dates, and nothing to tell"),
        pytest.param(
            ["03/04/2024", "31/03/2024"],
            SeenDates(DateOrder.DAY_FIRST, "31/03/2024", "03/04/2024"),
            id="another value tells",
        ),
        pytest.param(["03/31/2024"], SeenDates(DateOrder.MONTH_FIRST, "03/31/2024", None), id="nothing unclear"),
        pytest.param(
            ["31/03/2024", "03/31/2024", "03/04/2024"], SeenDates(None, None, "03/04/2024"), id="a contradiction"
        ),
    ],
)
def test_dates_show_their_order(values: list[str], seen: SeenDates | None) -> None:
    assert dates_of(values) == seen
