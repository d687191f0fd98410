"""How headers are taken apart."""

import pytest

from chalicelib.schema.suggestions.header_parser import as_in, language_of, parse


@pytest.mark.parametrize(
    ("header", "texts"),
    [
        ("E-Mail Address", ["emailaddress"]),
        ("MailingPostalCode", ["mailing", "postalcode"]),
        ("*ContactName", ["contact", "name"]),
        ("Kundennr.", ["kunde", "nr"]),
        ("会社電話", ["会社", "電話"]),
        ("Straße (privat) 2", ["strasse2", "privat"]),
        ("(optional)", ["optional"]),
        ("Ｔｅｌ", ["tel"]),
        ("İL", ["il"]),
        ("", []),
        ("—", []),
    ],
)
def test_the_longest_known_words_win(header: str, texts: list[str]) -> None:
    assert [one.text for one in parse(header)] == texts


def test_a_word_that_is_not_known_has_no_concepts() -> None:
    assert [len(one.concepts) for one in parse("xyzzy phone")] == [0, 1]


def test_what_stands_in_brackets_is_an_aside() -> None:
    assert [one.is_aside for one in parse("Telefon (privat)")] == [False, True]


def test_a_header_of_any_length_is_taken_apart_quickly() -> None:
    assert len(parse("e mail " * 10_000)) < 200
    assert len(parse("mail" * 10_000)) < 200


def test_the_language_is_that_of_most_headers() -> None:
    assert language_of([parse(one) for one in ("Voornaam", "Achternaam", "Status")]) == "nl"
    assert language_of([parse("Email")]) == ""
    assert language_of([]) == ""


def test_in_a_language_a_word_means_what_it_means_there() -> None:
    [word] = parse("Categorie")

    assert as_in("it", [word])[0].concepts == {"categories"}
    assert as_in("nl", [word])[0].concepts == {"category"}
    assert as_in("ja", [word])[0].concepts == word.concepts
