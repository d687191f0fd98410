"""The words of headers."""

import pytest

from chalicelib.schema.suggestions.lexicon import FOLDER, lexicon, words_in

LANGUAGES = {"en", "de", "fr", "es", "it", "nl", "pt", "pl", "tr", "ja", "zh", "ko"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("E-Mail", ["e", "mail"]),
        ("postalCode2", ["postal", "code", "2"]),
        ("Prénom", ["prenom"]),
        ("Größe", ["grosse"]),
        ("Wartość", ["wartosc"]),
        ("ADI", ["adi"]),
        ("Adı", ["adi"]),
        ("がく", ["がく"]),
        ("이름", ["이름"]),
        ("Order #", ["order", "#"]),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert words_in(text) == words


def test_every_language_is_one_of_twelve() -> None:
    assert {one for word in lexicon().values() for languages in word.values() for one in languages} == LANGUAGES


def test_no_word_is_empty() -> None:
    assert "" not in lexicon()


def test_no_concept_stands_twice() -> None:
    texts = [path.read_text("utf-8") for path in FOLDER.glob("*.txt") if path.name != "fields.txt"]
    lines = [line for text in texts for line in text.splitlines()]
    concepts = [line for line in lines if line.strip() and not line.startswith(("#", " "))]

    assert len(concepts) == len(set(concepts))
