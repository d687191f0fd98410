import pytest

from chalicelib.model.ids import RecordId
from chalicelib.model.records import shard_of


@pytest.mark.parametrize(("record_id", "shard"), [("con_1", 14), ("con_2", 4), ("ünï", 10)])
def test_a_record_never_changes_its_shard(record_id: str, shard: int) -> None:
    assert shard_of(RecordId(record_id), 16) == shard
