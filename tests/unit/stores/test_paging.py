import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import Refused
from chalicelib.model.ids import TenantId
from chalicelib.stores.paging import PagePosition, from_cursor, to_cursor

TENANT = TenantId("tenant")


@given(shard=st.integers(0, 255), after=st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
@settings(deadline=None, max_examples=100)
def test_a_cursor_leads_back_to_its_position(shard: int, after: str) -> None:
    position = PagePosition(shard, after)

    assert from_cursor(TENANT, "contacts", to_cursor(TENANT, "contacts", position)) == position


@given(cursor=st.text(max_size=60))
@settings(deadline=None, max_examples=200)
def test_any_other_text_is_refused(cursor: str) -> None:
    with pytest.raises(Refused):
        from_cursor(TENANT, "contacts", cursor)


@pytest.mark.parametrize("position", [PagePosition(256), PagePosition(-1), PagePosition(True), PagePosition(0, 5)])  # type: ignore[arg-type]  # that is the point
def test_a_position_that_cannot_be_is_refused(position: PagePosition) -> None:
    with pytest.raises(Refused):
        from_cursor(TENANT, "contacts", to_cursor(TENANT, "contacts", position))


def test_a_cursor_longer_than_any_of_ours_is_refused_unread() -> None:
    longest = to_cursor(TENANT, "contacts", PagePosition(0, "a" * 700))

    assert from_cursor(TENANT, "contacts", longest) == PagePosition(0, "a" * 700)
    with pytest.raises(Refused, match="invalid_cursor"):
        from_cursor(TENANT, "contacts", to_cursor(TENANT, "contacts", PagePosition(0, "a" * 800)))
