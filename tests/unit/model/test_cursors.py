"""A cursor leads back to its place in its own listing, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Refused
from chalicelib.model.cursors import CURSOR_CHARACTERS, from_cursor, to_cursor

places = st.lists(st.integers(0, 1 << 40) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=3)


@given(places)
def test_a_cursor_leads_back_to_its_place(place: list[int | str]) -> None:
    assert from_cursor(["rows", "imp_1"], to_cursor(["rows", "imp_1"], place)) == place


@pytest.mark.parametrize("listing", [["rows"], ["rows", "imp_2"], ["rowsimp_1"], []])
def test_a_cursor_of_another_listing_is_refused(listing: list[str]) -> None:
    with pytest.raises(Refused, match="invalid_cursor"):
        from_cursor(listing, to_cursor(["rows", "imp_1"], [7]))


@given(st.text(max_size=60))
def test_any_other_text_is_refused(cursor: str) -> None:
    with pytest.raises(Refused, match="invalid_cursor"):
        from_cursor(["rows"], cursor)


def test_a_cursor_longer_than_any_of_ours_is_refused_unread() -> None:
    with pytest.raises(Refused, match="invalid_cursor"):
        from_cursor(["rows"], to_cursor(["rows"], ["a" * CURSOR_CHARACTERS]))
