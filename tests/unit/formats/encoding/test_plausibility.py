"""What no word looks like, and whose letters a word has."""

import pytest

from chalicelib.formats.encoding.plausibility import (
    are_of_some_language,
    home_alphabets,
    is_odd,
    share_at_home,
    share_in_alphabets,
    share_of_odd,
    share_of_typography,
)

SOUND = [
    "Müller",
    "KÖLN",
    "STRAßE",
    "don’t",
    "l’été",
    "O’Brien",
    "Sant’Antonio",
    "foto’s",
    "€50",
    "50€",
    "°C",
    "µm",
    "1ª",
    "№5",
    "“so”",
    "¿Cuándo",
    "é",
    "plain",
    "Иван",
    "ІВАН",
    "Αθήνα",
    "שלום",
    "أحمد",
    "ชื่อ",
    "東京",
    "Aさん",
    "カタカナ",
    "김민수",
    "北京。",
    "(株)東京",
]
ODD = [
    "Jцrg",
    "Müльler",
    "J÷rg",
    "K”ln",
    "Mˆller",
    "mÜller",
    "хБЮМ",
    "MŸhlen",
    "Hero’smo",
    "a¿b",
    "Pedro§",
    "2ªa",
    "…rebro",
    "\x81a",
    "�",
    "╔╗",
    "a¹b",
    "漢a",
    "10。x",
    "’ννα",
    "́a",
]


@pytest.mark.parametrize("word", [*SOUND, ""])
def test_words_that_people_write(word: str) -> None:
    assert not is_odd(word)


@pytest.mark.parametrize("word", ODD)
def test_words_that_no_language_writes(word: str) -> None:
    assert is_odd(word)


def test_a_letter_by_itself_is_a_word_only_among_words() -> None:
    assert share_of_odd(["А"]) == 1.0
    assert share_of_odd(["à", "città"]) == 0.0
    assert share_of_odd(["男", "女"]) == 0.0
    assert share_of_odd([]) == 0.0


def test_the_language_of_a_text_can_write_most_of_its_words() -> None:
    assert home_alphabets(["Dvořák", "Jiří", "Müller"]) == {"Czech"}
    assert "German" in home_alphabets(["Müller", "Größe"])
    assert home_alphabets(["東京"]) == frozenset()


def test_names_from_everywhere_are_words_of_some_language() -> None:
    names = ["Müller", "Muñoz", "Søren", "Łukasz"]  # two of them may be Spanish

    assert are_of_some_language(names)
    assert share_at_home(names, frozenset({"German"})) == 0.25
    assert share_in_alphabets(names, frozenset({"German"})) == pytest.approx((1 + 0.5 + 0.25) / 3)


def test_letters_of_several_alphabets_are_no_word_of_any() -> None:
    assert not are_of_some_language(["Dvoøák"])
    assert share_in_alphabets(["Dvoøák"], frozenset({"Czech"})) == 0.0


def test_scripts_without_an_alphabet_here_are_not_judged_by_it() -> None:
    assert share_in_alphabets(["東京", "กรุงเทพ"], frozenset()) == 1.0


@pytest.mark.parametrize("word", ["don’t", "it’s", "l’été", "qu’il", "“so", "–", "€", "€5", "5€"])
def test_typography_is_known_by_where_it_stands(word: str) -> None:
    assert share_of_typography([word]) == 1.0


@pytest.mark.parametrize("word", ["Garc’a", "Müller", "a–b", "", "’"])
def test_signs_outside_of_words_are_no_typography(word: str) -> None:
    assert share_of_typography([word]) == 0.0
