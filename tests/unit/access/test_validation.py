"""Names and texts of callers: how long they may be, and what cannot be shown in them."""

import pytest

from chalicelib.access.validation import NAME_CHARACTERS, TEXT_CHARACTERS, check_storable, checked_name, checked_text
from chalicelib.errors import Refused

SHORTEST, LONGEST = NAME_CHARACTERS


@pytest.mark.parametrize("name", [None, "x" * SHORTEST, "x" * LONGEST, "Größe 10 – März 🎉"])
def test_a_name_may_be_left_out_and_have_any_letters(name: str | None) -> None:
    checked_name(name)


@pytest.mark.parametrize("name", ["", "x" * (SHORTEST - 1), " " * LONGEST, "x" * (LONGEST + 1), "a\nb"])
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked_name(name)

    assert (refusal.value.code, refusal.value.param) == ("invalid_parameter", "name")


@pytest.mark.parametrize("text", ["", " ", "x" * TEXT_CHARACTERS, "\u202e"])
def test_a_text_is_returned_as_it_is(text: str) -> None:
    assert checked_text(text, param="filename") == text


@pytest.mark.parametrize("text", ["x" * (TEXT_CHARACTERS + 1), "\t", "\x7f", "\x00", "\ud800"])
def test_a_text_that_cannot_be_stored_or_shown_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked_text(text, param="filename")

    assert (refusal.value.code, refusal.value.param) == ("invalid_parameter", "filename")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"n": 2**64}, "Cannot be stored: Integer exceeds 64-bit range.", id="a-large-integer"),
        pytest.param({"text": "x" * 20}, "May have at most 20 bytes.", id="too-long"),
    ],
)
def test_options_that_cannot_be_stored_are_refused_by_name(options: dict[str, object], message: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_storable(options, 20, param="options")

    assert (refusal.value.code, refusal.value.param, refusal.value.message) == ("invalid_parameter", "options", message)
