import pytest

from chalicelib.model.ids import RecordId
from chalicelib.model.records import Record
from chalicelib.stores.dynamodb.claim_conflicts import ConflictDecision, decide_conflict
from chalicelib.stores.dynamodb.record_items import Claim, StoredRecord

NOW_MS = 1_800_000_000_000
MINUTES = 60_000
ME, OTHER = RecordId("con_me"), RecordId("con_other")
WANTED = Claim("e:1", ME, "imp_me#1", "mine", NOW_MS, for_version=1)


def found(**given: object) -> Claim:
    claim = Claim("e:1", OTHER, "imp_other#1", "theirs", NOW_MS - MINUTES, for_version=2)
    return claim._replace(**given)  # type: ignore[arg-type]  # any field of a claim


def holder(version: int, *claims: str, is_deleted: bool = False) -> dict[RecordId, StoredRecord]:
    record = Record(
        record_id=OTHER, fields={}, version=version, created_at=0, updated_at=0, claims=claims, is_deleted=is_deleted
    )
    return {OTHER: StoredRecord(record, ())}


@pytest.mark.parametrize(
    ("claim", "records", "verdict"),
    [
        pytest.param(None, {}, ConflictDecision.FREE, id="nobody's"),
        pytest.param(WANTED, {}, ConflictDecision.MINE, id="taken by this wave"),
        pytest.param(WANTED._replace(token="before"), {}, ConflictDecision.RENEW, id="taken for this row"),
        pytest.param(
            WANTED._replace(token="t", stamp="imp_2#1"), {}, ConflictDecision.WAIT, id="same record, other row"
        ),
        pytest.param(found(), holder(2, "e:1"), ConflictDecision.TAKEN, id="carried"),
        pytest.param(found(claimed_at_ms=0), holder(2, "e:1"), ConflictDecision.TAKEN, id="carried for long"),
        pytest.param(found(), {}, ConflictDecision.WAIT, id="young, no record yet"),
        pytest.param(found(), holder(1, "x:1"), ConflictDecision.WAIT, id="young, for the next version"),
        pytest.param(found(), holder(2, "x:1"), ConflictDecision.TAKE_OVER, id="its version came without it"),
        pytest.param(found(), holder(3), ConflictDecision.TAKE_OVER, id="its version is past"),
        pytest.param(found(), holder(2, is_deleted=True), ConflictDecision.TAKE_OVER, id="its record is deleted"),
        pytest.param(
            found(), holder(1, is_deleted=True), ConflictDecision.WAIT, id="about to be written over a tombstone"
        ),
        pytest.param(found(claimed_at_ms=NOW_MS - 20 * MINUTES), {}, ConflictDecision.WAIT, id="20 minutes old"),
        pytest.param(found(claimed_at_ms=NOW_MS - 20 * MINUTES - 1), {}, ConflictDecision.TAKE_OVER, id="older"),
        pytest.param(
            found(claimed_at_ms=0), holder(1), ConflictDecision.TAKE_OVER, id="old, for a version that never came"
        ),
    ],
)
def test_a_contested_claim_is_judged(
    claim: Claim | None, records: dict[RecordId, StoredRecord], verdict: ConflictDecision
) -> None:
    assert decide_conflict(WANTED, claim, records) is verdict
