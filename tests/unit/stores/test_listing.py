import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import Refused
from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.records import shard_of
from chalicelib.stores.listing import Position, from_cursor, to_cursor

TENANT = TenantId("tenant")


@given(shard=st.integers(0, 255), after=st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
@settings(deadline=None, max_examples=100)
def test_a_cursor_leads_back_to_its_position(shard: int, after: str) -> None:
    position = Position(shard, after)

    assert from_cursor(TENANT, "contacts", to_cursor(TENANT, "contacts", position)) == position


@given(cursor=st.text(max_size=60))
@settings(deadline=None, max_examples=200)
def test_any_other_text_is_refused(cursor: str) -> None:
    with pytest.raises(Refused):
        from_cursor(TENANT, "contacts", cursor)


@pytest.mark.parametrize("position", [Position(256), Position(-1), Position(True), Position(0, 5)])  # type: ignore[arg-type]  # that is the point
def test_a_position_that_cannot_be_is_refused(position: Position) -> None:
    with pytest.raises(Refused):
        from_cursor(TENANT, "contacts", to_cursor(TENANT, "contacts", position))


@pytest.mark.parametrize(("record_id", "shard"), [("con_1", 14), ("con_2", 4), ("ünï", 10)])
def test_a_record_never_changes_its_shard(record_id: str, shard: int) -> None:
    assert shard_of(RecordId(record_id), 16) == shard
