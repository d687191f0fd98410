"""What nobody sees, and what only shapes the character before it."""

import unicodedata

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from chalicelib.model.invisible_characters import is_blank, trimmed, visible
from chalicelib.model.resources import squeezed

UNSEEN = {
    "zero width space": "\u200b",
    "non-joiner": "\u200c",
    "joiner": "\u200d",
    "left-to-right mark": "\u200e",
    "right-to-left mark": "\u200f",
    "embedding": "\u202a",
    "pop": "\u202c",
    "isolate": "\u2066",
    "word joiner": "\u2060",
    "soft hyphen": "\xad",
    "byte order mark": "\ufeff",
    "Mongolian vowel separator": "\u180e",
    "Arabic letter mark": "\u061c",
    "invisible times": "\u2062",
    "annotation anchor": "\ufff9",
    "Hangul filler": "\u3164",
    "language tag": "\U000e0001",
    "no-break space": "\xa0",
    "ideographic space": "\u3000",
    "narrow space": "\u202f",
}


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
def test_invisible_characters_are_taken_off_both_ends_and_stay_inside(unseen: str) -> None:
    assert trimmed(f"{unseen} {unseen}Zoë{unseen}Li{unseen} {unseen}") == f"Zoë{unseen}Li"
    assert trimmed(f"{unseen}Ann") == trimmed(f"Ann{unseen}") == "Ann"


@pytest.mark.parametrize("unseen", [*UNSEEN.values(), "\ufe0f", "\U000e007f", "\u200d\ufe0f", "\u115f"])
def test_nothing_but_that_is_blank(unseen: str) -> None:
    assert is_blank(unseen * 3)
    assert is_blank(f" {unseen}\n")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("❤\ufe0f", id="emoji-style"),
        pytest.param("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", id="flag-of-England"),
        pytest.param("👩\u200d🚀", id="joined-emoji"),
        pytest.param("می\u200cخواهم", id="non-joiner-in-Persian"),
        pytest.param("\u0d05\u0d35\u0d28\u0d4d\u200d", id="joiner-behind-a-virama"),
        pytest.param("葛\U000e0100城", id="variant-of-an-ideograph"),
        pytest.param("\u0600\u0661", id="Arabic-number-sign"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_shapes_a_character_stays_with_it(text: str) -> None:
    assert trimmed(text) == text
    assert trimmed(f"\u200b{text}\u200e ") == text


def test_all_format_characters_but_the_drawn_ones_are_invisible() -> None:
    formats = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Cf"]

    drawn = "".join(one for one in formats if visible(one))

    assert drawn == (
        "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
        + "".join(map(chr, range(0x13430, 0x13439)))
    )


def test_long_runs_take_no_longer_than_they_are_long() -> None:
    text = "a\u200b" + "\ufe0f" * 200_000 + "\u200d" * 200_000

    assert trimmed(text) == "a"
    assert trimmed("\u200b" * 200_000 + "a") == "a"


@for_all(st.text(st.sampled_from(["a", "é", " ", "\u0d4d", "\U0001f3f4", "\U000e0067", "\ufe0f", *UNSEEN.values()])))
def test_trimming_twice_is_trimming_once(text: str) -> None:
    once = trimmed(text)

    assert trimmed(once) == once
    assert visible(once).strip() == visible(text).strip()


@pytest.mark.parametrize("header", ["\u200bname", "name\ufeff", "na\xadme", "\u202aName\u202c", "NA\u200dME\xa0"])
def test_headers_are_compared_without_it(header: str) -> None:
    assert squeezed(header) == "name"
