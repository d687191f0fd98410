"""A writer may die between any two of its requests: whoever comes next finds or makes the right state.

Each crash is a transport that breaks at the nth request and stays broken; the sweep breaks at every one in turn.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from uuid import uuid4

import pytest

from chalicelib.errors import Retryable
from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.records import Record, Write, WriteStatus, Written
from chalicelib.model.rows import Outcome
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.client_http import HttpResponse, Transport
from chalicelib.stores.dynamodb.pace import Timing
from chalicelib.stores.dynamodb.records import DynamoDBRecords
from tests.contract.stores.builders import CONTACTS, NOW_MS, a_deletion, a_write
from tests.contract.stores.conftest import Aws

WRITTEN = [Written(WriteStatus.WRITTEN)]
TWENTY_MINUTES_MS = 20 * 60 * 1000


class Dying(Exception):
    pass


class DyingTransport:
    """Dies at a request: before it is sent, or after it was performed."""

    def __init__(self, transport: Transport, at: int, *, after_sending: bool) -> None:
        self._transport = transport
        self._left = at
        self._after_sending = after_sending

    def send(self, operation: str, content: bytes) -> HttpResponse:
        if self._left < 0 or (self._left == 0 and not self._after_sending):
            raise Dying
        self._left -= 1
        answer = self._transport.send(operation, content)
        if self._left < 0:
            raise Dying
        return answer


def records(aws: Aws, transport: Transport | None = None, *, waits: list[float] | None = None) -> DynamoDBRecords:
    wait: Callable[[float], None] = (waits if waits is not None else []).append
    return DynamoDBRecords(
        DynamoDBClient(transport or aws.transport, timing=Timing(wait=wait)), aws.resources.records_table, wait=wait
    )


def write(store: DynamoDBRecords, tenant: TenantId, *writes: Write, now_ms: int = NOW_MS) -> list[Written]:
    return store.write_many(tenant, CONTACTS, writes, now_ms=now_ms)


def read(aws: Aws, tenant: TenantId, record_id: str) -> Record | None:
    return records(aws).get_many(tenant, CONTACTS, [RecordId(record_id)]).get(RecordId(record_id))


def claims(aws: Aws, tenant: TenantId, *keys: str) -> dict[str, RecordId]:
    return records(aws).find_claims(tenant, CONTACTS, keys)


def start(aws: Aws, tenant: TenantId) -> Record:
    """A record whose first write is over."""
    write(records(aws), tenant, a_write("con_1", by="imp_first", claims=("e:1", "x:1"), match_keys=("m:1",)))
    before = read(aws, tenant, "con_1")
    assert before is not None
    return before


def crash(
    aws: Aws, tenant: TenantId, wanted: Write, *, at: int, after_sending: bool = False, now_ms: int = NOW_MS
) -> bool:
    """Whether the write got as far as request `at`, counted from 0 after the one for the shard count."""
    records(aws).prepare(tenant, CONTACTS, expected_rows=0)
    dying = DyingTransport(aws.transport, at + 1, after_sending=after_sending)
    try:
        write(records(aws, dying), tenant, wanted, now_ms=now_ms)
    except Dying:
        return True
    return False


def a_change(before: Record) -> Write:
    return a_write("con_1", before=before, by="imp_two", claims=("x:1", "e:2"), match_keys=("m:2",))


def a_creation(before: Record) -> Write:
    return a_write("con_9", by="imp_two", claims=("e:9", "x:9"), match_keys=("m:9",), outcome=Outcome.CREATED)


SWEPT = [
    pytest.param(a_change, id="update"),
    pytest.param(a_deletion, id="delete"),
    pytest.param(a_creation, id="create"),
]


@pytest.mark.parametrize("is_read_again", [False, True], ids=["as decided", "decided again"])
@pytest.mark.parametrize("after_sending", [False, True], ids=["before sending", "answer lost"])
@pytest.mark.parametrize("making", SWEPT)
def test_a_repeat_after_any_crash_ends_in_the_same_state(
    aws: Aws, making: Callable[[Record], Write], after_sending: bool, is_read_again: bool
) -> None:
    def state(tenant: TenantId) -> object:
        store = records(aws)
        ids = [RecordId("con_1"), RecordId("con_9")]
        keys = [f"{kind}:{number}" for kind in "exm" for number in (1, 2, 9)]
        found = store.find_claims(tenant, CONTACTS, keys), store.find_matches(tenant, CONTACTS, keys)
        return store.get_many(tenant, CONTACTS, ids), *found

    undisturbed = TenantId(str(uuid4()))
    write(records(aws), undisturbed, making(start(aws, undisturbed)))

    for at in count():
        tenant = TenantId(str(uuid4()))
        wanted = making(start(aws, tenant))
        has_crashed = crash(aws, tenant, wanted, at=at, after_sending=after_sending)

        if is_read_again:
            wanted = replace(wanted, before=read(aws, tenant, wanted.record_id))
        assert write(records(aws), tenant, wanted) == WRITTEN
        assert state(tenant) == state(undisturbed), f"crash at request {at}"
        if not has_crashed:
            assert at >= 2
            return


def test_a_claim_whose_record_may_be_about_to_be_written_is_waited_for(aws: Aws, tenant: TenantId) -> None:
    assert crash(aws, tenant, a_write("con_1", claims=("e:1",)), at=1)
    waits: list[float] = []

    with pytest.raises(Retryable):
        write(records(aws, waits=waits), tenant, a_write("con_2", by="imp_two", claims=("e:1", "x:2")))

    assert waits == [0.2] * 4
    assert claims(aws, tenant, "e:1", "x:2") == {"e:1": "con_1", "x:2": "con_2"}
    assert read(aws, tenant, "con_2") is None


def test_a_claim_is_waited_for_until_its_record_is_there(aws: Aws, tenant: TenantId) -> None:
    late = a_write("con_1", claims=("e:1",))
    assert crash(aws, tenant, late, at=1)

    def finish(_: float) -> None:
        write(records(aws), tenant, late)

    waiting = DynamoDBRecords(DynamoDBClient(aws.transport), aws.resources.records_table, wait=finish)
    written = write(waiting, tenant, a_write("con_2", by="imp_two", claims=("e:1",)))

    assert written == [Written(WriteStatus.TAKEN, "e:1", RecordId("con_1"))]


def test_other_writes_are_done_though_one_must_wait(aws: Aws, tenant: TenantId) -> None:
    assert crash(aws, tenant, a_write("con_1", claims=("e:1",)), at=1)

    with pytest.raises(Retryable):
        write(
            records(aws),
            tenant,
            a_write("con_2", row=2, by="imp_two", claims=("e:1",)),
            a_write("con_3", row=3, by="imp_two", claims=("e:3",)),
        )

    assert read(aws, tenant, "con_3") is not None


def test_a_claim_that_never_got_its_record_is_taken_over_once_no_task_can_live(aws: Aws, tenant: TenantId) -> None:
    stray = a_write("con_1", claims=("e:1",))
    assert crash(aws, tenant, stray, at=1)
    wanted = a_write("con_2", by="imp_two", claims=("e:1",))

    with pytest.raises(Retryable):
        write(records(aws), tenant, wanted, now_ms=NOW_MS + TWENTY_MINUTES_MS)
    written = write(records(aws), tenant, wanted, now_ms=NOW_MS + TWENTY_MINUTES_MS + 1)

    assert written == WRITTEN
    assert claims(aws, tenant, "e:1") == {"e:1": "con_2"}
    late = write(records(aws), tenant, stray, now_ms=NOW_MS + TWENTY_MINUTES_MS + 2)
    assert late == [Written(WriteStatus.TAKEN, "e:1", RecordId("con_2"))]


def test_a_claim_that_was_taken_over_is_free_where_another_one_is_taken(aws: Aws, tenant: TenantId) -> None:
    long_ago = NOW_MS - TWENTY_MINUTES_MS - 1
    assert crash(aws, tenant, a_write("con_1", claims=("e:1",)), at=1, now_ms=long_ago)
    rival = a_write("con_2", by="imp_rival", claims=("e:2",))
    assert crash(aws, tenant, rival, at=1)

    def finish_rival(_: float) -> None:
        write(records(aws), tenant, rival)

    waiting = DynamoDBRecords(DynamoDBClient(aws.transport), aws.resources.records_table, wait=finish_rival)
    written = write(waiting, tenant, a_write("con_3", by="imp_two", claims=("e:1", "e:2")))

    assert written == [Written(WriteStatus.TAKEN, "e:2", RecordId("con_2"))]
    assert claims(aws, tenant, "e:1", "e:2") == {"e:2": "con_2"}


def test_a_retry_makes_its_claim_young_again(aws: Aws, tenant: TenantId) -> None:
    stray = a_write("con_1", claims=("e:1",))
    assert crash(aws, tenant, stray, at=1)
    dying = DyingTransport(aws.transport, 5, after_sending=False)
    with pytest.raises(Dying):
        write(records(aws, dying), tenant, stray, now_ms=NOW_MS + TWENTY_MINUTES_MS)

    with pytest.raises(Retryable):
        write(
            records(aws),
            tenant,
            a_write("con_2", by="imp_two", claims=("e:1",)),
            now_ms=NOW_MS + TWENTY_MINUTES_MS + 1,
        )


def test_a_claim_that_its_record_let_go_of_is_taken_over_at_once(aws: Aws, tenant: TenantId) -> None:
    change = a_change(start(aws, tenant))
    assert crash(aws, tenant, change, at=2)

    written = write(records(aws), tenant, a_write("con_2", by="imp_three", claims=("e:1",)))

    assert written == WRITTEN
    assert write(records(aws), tenant, change) == WRITTEN
    assert claims(aws, tenant, "e:1", "e:2", "x:1") == {"e:1": "con_2", "e:2": "con_1", "x:1": "con_1"}


def test_claims_of_a_tombstone_are_taken_over_at_once(aws: Aws, tenant: TenantId) -> None:
    assert crash(aws, tenant, a_deletion(start(aws, tenant)), at=1)

    assert write(records(aws), tenant, a_write("con_2", by="imp_three", claims=("e:1",))) == WRITTEN


def test_a_match_key_astray_leads_nowhere(aws: Aws, tenant: TenantId) -> None:
    change = a_change(start(aws, tenant))
    assert crash(aws, tenant, change, at=1)

    assert records(aws).find_matches(tenant, CONTACTS, ["m:1", "m:2"]) == {"m:1": ("con_1",)}


def test_a_repeat_does_not_undo_what_another_task_for_the_same_row_holds(aws: Aws, tenant: TenantId) -> None:
    """Two tasks work on one row: the one that loses a claim leaves the claims that the other has."""
    assert crash(aws, tenant, a_write("con_2", by="imp_two", claims=("x:2",)), at=1)
    rival = a_write("con_1", claims=("e:1",))
    assert crash(aws, tenant, rival, at=1)

    def finish_rival(_: float) -> None:
        write(records(aws), tenant, rival)

    doubled = DynamoDBRecords(DynamoDBClient(aws.transport), aws.resources.records_table, wait=finish_rival)
    written = write(doubled, tenant, a_write("con_2", by="imp_two", claims=("x:2", "e:1")))

    assert written == [Written(WriteStatus.TAKEN, "e:1", RecordId("con_1"))]
    assert claims(aws, tenant, "x:2") == {"x:2": "con_2"}


def test_a_late_release_leaves_what_was_claimed_for_a_later_version(aws: Aws, tenant: TenantId) -> None:
    change = a_change(start(aws, tenant))
    assert crash(aws, tenant, change, at=2)
    changed = read(aws, tenant, "con_1")
    assert changed is not None
    taking_back = a_write("con_1", before=changed, by="imp_three", claims=("x:1", "e:2", "e:1"))
    assert crash(aws, tenant, taking_back, at=4)

    assert write(records(aws), tenant, change) == WRITTEN
    assert claims(aws, tenant, "e:1") == {"e:1": "con_1"}
    assert write(records(aws), tenant, taking_back) == WRITTEN
    assert claims(aws, tenant, "e:1") == {"e:1": "con_1"}


def test_a_lost_answer_is_not_mistaken_for_a_refusal(aws: Aws, tenant: TenantId) -> None:
    class Forgetful:
        """Performs everything and loses every other answer."""

        def __init__(self) -> None:
            self.sent = count()

        def send(self, operation: str, content: bytes) -> HttpResponse:
            answer = aws.transport.send(operation, content)
            return answer if next(self.sent) % 2 else HttpResponse(503, b"")

    before = start(aws, tenant)
    store = records(aws, Forgetful())

    assert write(store, tenant, a_write("con_2", row=2, by="imp_two", claims=("e:2",), match_keys=("m:2",))) == WRITTEN
    assert write(store, tenant, a_deletion(before)) == WRITTEN
    assert claims(aws, tenant, "e:1", "e:2", "x:1") == {"e:2": "con_2"}
