"""A table may refuse records until the time of the function is over: claims that came to nothing are free again."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from chalicelib.errors import Throttled
from chalicelib.model.ids import TenantId
from chalicelib.model.records import Write
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.client_http import HttpResponse, NoResponse, Transport
from chalicelib.stores.dynamodb.records import DynamoDBRecords
from tests.contract.stores.builders import CONTACTS, NOW_MS, a_write
from tests.contract.stores.conftest import Aws
from tests.contract.stores.test_crashes import WRITTEN, claims, crash, read, records, write
from tests.fake_time import FakeTime

LASTS_S = 60
REFUSED = {"Error": {"Code": "ThrottlingError"}}


class RefusingTransport:
    """Refuses to write some records, statement by statement; all else is performed."""

    def __init__(self, transport: Transport, *record_ids: str) -> None:
        self._transport = transport
        self._refused = [{"S": one} for one in record_ids]
        self.after_refusal: Callable[[], None] = lambda: None

    def send(self, operation: str, content: bytes) -> HttpResponse:
        if operation != "BatchExecuteStatement":
            return self._transport.send(operation, content)
        statements = orjson.loads(content)["Statements"]
        left = [one for one in statements if not self._is_refused(one)]
        answers = iter(self._perform(left))
        merged = [REFUSED if self._is_refused(one) else next(answers) for one in statements]
        if len(left) < len(statements):
            self.after_refusal()
        return HttpResponse(200, orjson.dumps({"Responses": merged}))

    def _is_refused(self, statement: dict[str, Any]) -> bool:
        parameters = statement["Parameters"]
        return "doc" in statement["Statement"] and any(one in parameters for one in self._refused)

    def _perform(self, statements: list[Any]) -> list[Any]:
        if not statements:
            return []
        answer = self._transport.send("BatchExecuteStatement", orjson.dumps({"Statements": statements}))
        responses: list[Any] = orjson.loads(answer.content)["Responses"]
        return responses


def write_refused(aws: Aws, tenant: TenantId, transport: Transport, *writes: Write) -> None:
    """Writes until the time of the function is over."""
    time = FakeTime()
    client = DynamoDBClient(transport, time.invocation(LASTS_S), timing=time.timing)
    store = DynamoDBRecords(client, aws.resources.records_table, wait=time.wait)
    with pytest.raises(Throttled):
        store.write_many(tenant, CONTACTS, writes, now_ms=NOW_MS)


def test_claims_of_records_that_were_not_written_are_free(aws: Aws, tenant: TenantId) -> None:
    writes = [a_write(f"con_{row}", row=row, claims=(f"e:{row}",)) for row in (1, 2)]

    write_refused(aws, tenant, RefusingTransport(aws.transport, "con_2"), *writes)

    assert claims(aws, tenant, "e:1", "e:2") == {"e:1": "con_1"}
    assert (read(aws, tenant, "con_1") is None, read(aws, tenant, "con_2") is None) == (False, True)


def test_of_a_record_that_was_not_changed_the_new_claims_are_free(aws: Aws, tenant: TenantId) -> None:
    assert write(records(aws), tenant, a_write("con_1", claims=("e:1",))) == WRITTEN
    change = a_write("con_1", before=read(aws, tenant, "con_1"), by="imp_two", claims=("e:1", "e:2"))

    write_refused(aws, tenant, RefusingTransport(aws.transport, "con_1"), change)

    assert claims(aws, tenant, "e:1", "e:2") == {"e:1": "con_1"}


def test_a_claim_that_another_task_of_the_same_row_may_rely_on_stays(aws: Aws, tenant: TenantId) -> None:
    wanted = a_write("con_1", claims=("e:1", "x:1"))
    assert crash(aws, tenant, a_write("con_1", claims=("e:1",)), at=1)

    write_refused(aws, tenant, RefusingTransport(aws.transport, "con_1"), wanted)

    assert claims(aws, tenant, "e:1", "x:1") == {"e:1": "con_1"}


def test_where_an_answer_was_lost_claims_stay_since_the_record_may_be_written_yet(aws: Aws, tenant: TenantId) -> None:
    refusing = RefusingTransport(aws.transport, "con_1")

    def lose_one_answer() -> None:
        refusing.after_refusal = lambda: None
        raise NoResponse

    refusing.after_refusal = lose_one_answer
    write_refused(aws, tenant, refusing, a_write("con_1", claims=("e:1",)))

    assert claims(aws, tenant, "e:1") == {"e:1": "con_1"}
