import gzip
from collections.abc import Callable
from threading import Event
from time import sleep
from typing import Any

import orjson
import pytest

from chalicelib.errors import Fatal, Retryable, Throttled
from chalicelib.stores.dynamodb.answers import FULL_ANSWER_BYTES, ConditionFailed, TransactionCanceled
from chalicelib.stores.dynamodb.client import REQUEST_BYTES, DynamoDBClient
from chalicelib.stores.dynamodb.client_http import HttpResponse, NoResponse
from chalicelib.stores.dynamodb.statements import Statement, StatementText, text_value
from chalicelib.stores.invocation import LAST_REQUEST_S, READING_RESERVE_S, RESERVE_S
from tests.fake_time import FakeTime

Request = dict[str, Any]


class FakeTransport:
    """Answers by a script, one entry a request; remembers what was asked."""

    def __init__(self, *script: HttpResponse | type[NoResponse] | Callable[[Request], Request]) -> None:
        self._script = list(script)
        self.requests: list[tuple[str, Request]] = []

    def send(self, operation: str, content: bytes) -> HttpResponse:
        request = orjson.loads(content)
        self.requests.append((operation, request))
        step = self._script.pop(0)
        if isinstance(step, HttpResponse):
            return step
        if isinstance(step, type):
            raise step
        return ok(step(request))


def ok(content: Request) -> HttpResponse:
    return HttpResponse(200, orjson.dumps(content))


def refused(code: str, status: int = 400) -> HttpResponse:
    return HttpResponse(status, orjson.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "why"}))


def signature(message: str) -> HttpResponse:
    return HttpResponse(400, orjson.dumps({"__type": "com.amazon.coral#InvalidSignatureException", "message": message}))


def a_client(transport: FakeTransport, time: FakeTime | None = None, *, lasts_s: float = 900) -> DynamoDBClient:
    time = time or FakeTime()
    return DynamoDBClient(transport, time.invocation(lasts_s), threads=2, timing=time.timing)


THROTTLED = refused("ProvisionedThroughputExceededException")


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(THROTTLED, id="throttled"),
        pytest.param(refused("ThrottlingException"), id="throttled as a whole"),
        pytest.param(refused("RequestLimitExceeded"), id="account throttled"),
        pytest.param(refused("InternalServerError", 500), id="server failed"),
        pytest.param(HttpResponse(503, b"<html>"), id="no JSON"),
        pytest.param(HttpResponse(429, b""), id="too many"),
        pytest.param(HttpResponse(200, b'{"Item": {'), id="half an answer"),
        pytest.param(HttpResponse(200, b"[]"), id="no object"),
        pytest.param(HttpResponse(200, gzip.compress(b"{}")), id="packed"),
        pytest.param(refused("ExpiredTokenException"), id="credentials replaced"),
        pytest.param(signature("Signature expired: 2026 is now earlier than 2027"), id="signed too early"),
        pytest.param(signature("Signature not yet current: 2027 is still later than 2026"), id="signed too late"),
        pytest.param(NoResponse, id="no answer"),
    ],
)
def test_what_repeating_may_mend_is_repeated(failure: HttpResponse | type[NoResponse]) -> None:
    transport = FakeTransport(failure, failure, ok({"Item": {}}))

    answer = a_client(transport).call("GetItem", {"Key": 1})

    assert answer == {"Item": {}}
    assert transport.requests == [("GetItem", {"Key": 1})] * 3


@pytest.mark.parametrize("item", [{"pk": {"S": "a"}}, None])
def test_a_condition_that_does_not_hold_brings_what_stands_there(item: Request | None) -> None:
    refusal = {"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "no"}
    answer = HttpResponse(400, orjson.dumps(refusal | ({"Item": item} if item else {})))

    with pytest.raises(ConditionFailed) as unmet:
        a_client(FakeTransport(answer)).call("PutItem", {})

    assert unmet.value.item == item


def canceled(*reasons: Request) -> HttpResponse:
    error = {"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "Message": "why"}
    return HttpResponse(400, orjson.dumps(error | {"CancellationReasons": list(reasons)}))


def test_a_transaction_tells_which_of_its_conditions_did_not_hold() -> None:
    failed = {"Code": "ConditionalCheckFailed", "Message": "no", "Item": {"pk": {"S": "a"}}}
    transport = FakeTransport(canceled({"Code": "None"}, failed, {"Code": "TransactionConflict"}))

    with pytest.raises(TransactionCanceled) as unmet:
        a_client(transport).call("TransactWriteItems", {})

    first, second, third = unmet.value.failures
    assert (first, third) == (None, None)
    assert second is not None
    assert second.item == {"pk": {"S": "a"}}


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_transaction_that_met_another_one_is_sent_again(code: str) -> None:
    transport = FakeTransport(canceled({"Code": "None"}, {"Code": code}), ok({}))

    assert a_client(transport).call("TransactWriteItems", {"ClientRequestToken": "a"}) == {}
    assert transport.requests == [("TransactWriteItems", {"ClientRequestToken": "a"})] * 2


def test_a_transaction_that_dynamodb_cannot_perform_ends_at_once() -> None:
    transport = FakeTransport(canceled({"Code": "None"}, {"Code": "ItemCollectionSizeLimitExceeded"}))

    with pytest.raises(Fatal):
        a_client(transport).call("TransactWriteItems", {})


@pytest.mark.parametrize("failure", [HttpResponse(500, b""), NoResponse])
def test_a_lasting_failure_is_left_to_the_caller_s_retry(failure: HttpResponse | type[NoResponse]) -> None:
    transport = FakeTransport(*[failure] * 8)

    with pytest.raises(Retryable):
        a_client(transport).call("GetItem", {})

    assert len(transport.requests) == 8


def test_waits_grow_to_a_bound_and_are_scattered() -> None:
    time = FakeTime(jitter=0.5)

    with pytest.raises(Retryable):
        a_client(FakeTransport(*[NoResponse] * 8), time).call("GetItem", {})

    assert time.waits == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.5]


def test_throttling_is_no_try() -> None:
    transport = FakeTransport(*[THROTTLED] * 100, *[NoResponse] * 7, ok({"Item": {}}))

    assert a_client(transport).call("GetItem", {}) == {"Item": {}}


def test_throttling_is_waited_for_as_long_as_the_function_lasts() -> None:
    time = FakeTime()

    with pytest.raises(Throttled):
        a_client(FakeTransport(*[THROTTLED] * 1000), time, lasts_s=29).call("GetItem", {})

    assert 19 <= time.now_s <= 29 - READING_RESERVE_S


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(refused("ValidationException"), id="malformed"),
        pytest.param(refused("AccessDeniedException"), id="not allowed"),
        pytest.param(refused("ResourceNotFoundException"), id="no table"),
        pytest.param(HttpResponse(400, b"not JSON"), id="no JSON"),
        pytest.param(signature("The request signature we calculated does not match"), id="another secret"),
    ],
)
def test_what_no_repeating_mends_ends_at_once(failure: HttpResponse) -> None:
    transport = FakeTransport(failure)

    with pytest.raises(Fatal, match="DynamoDB refused GetItem"):
        a_client(transport).call("GetItem", {})

    assert len(transport.requests) == 1


def key(number: int) -> Request:
    return {"pk": {"S": f"p{number}"}}


def all_but(left: int) -> Callable[[Request], Request]:
    """A BatchGetItem that leaves its last keys unprocessed."""

    def answer(request: Request) -> Request:
        keys = request["RequestItems"]["t"]["Keys"]
        done, undone = keys[: len(keys) - left], keys[len(keys) - left :]
        return {"Responses": {"t": done}, "UnprocessedKeys": {"t": {"Keys": undone}} if undone else {}}

    return answer


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        pytest.param([all_but(0)], [4], id="all at once"),
        pytest.param([all_but(3), all_but(1), all_but(0)], [4, 3, 1], id="some in each round"),
        pytest.param([all_but(4), all_but(0)], [4, 4], id="none in the first"),
        pytest.param([all_but(1), THROTTLED, all_but(0)], [4, 1, 1], id="throttled in between"),
    ],
)
def test_unprocessed_keys_are_asked_again(script: list[Any], asked: list[int]) -> None:
    transport = FakeTransport(*script)

    items = a_client(transport).get_many("t", map(key, range(4)))

    assert items == [key(number) for number in range(4)]
    assert [len(one["RequestItems"]["t"]["Keys"]) for _, one in transport.requests] == asked


def test_keys_that_stay_unprocessed_are_asked_for_as_long_as_the_function_lasts() -> None:
    time = FakeTime()

    with pytest.raises(Throttled):
        a_client(FakeTransport(*[all_but(2)] * 9999), time).get_many("t", map(key, range(2)))

    assert time.now_s == pytest.approx(900 - READING_RESERVE_S, abs=2)


def test_keys_that_an_answer_has_no_room_for_are_asked_for_at_once() -> None:
    def full(request: Request) -> Request:
        return all_but(2)(request) | {"Padding": "x" * FULL_ANSWER_BYTES}

    time = FakeTime()

    items = a_client(FakeTransport(full, all_but(0)), time).get_many("t", map(key, range(4)))

    assert len(items) == 4
    assert time.waits == []


def test_many_keys_are_asked_by_the_hundred_and_strongly() -> None:
    transport = FakeTransport(*[all_but(0)] * 3)

    items = a_client(transport).get_many("t", map(key, range(250)), projection="sk")

    assert items == [key(number) for number in range(250)]
    shapes = [one["RequestItems"]["t"] for _, one in transport.requests]
    assert sorted(len(one["Keys"]) for one in shapes) == [50, 100, 100]
    assert {(one["ConsistentRead"], one["ProjectionExpression"]) for one in shapes} == {(True, "sk")}


def test_no_keys_are_no_request() -> None:
    assert a_client(FakeTransport()).get_many("t", []) == []


def error_codes(*codes: str) -> Callable[[Request], Request]:
    """Answers to statements: an error code each, or nothing where it was performed."""

    def answer(request: Request) -> Request:
        assert len(request["Statements"]) == len(codes)
        return {"Responses": [{"Error": {"Code": code}} if code else {"TableName": "t"} for code in codes]}

    return answer


def results(number: int) -> Callable[[Request], Request]:
    """Says of so many statements that they were performed, however many were sent."""
    return lambda _: {"Responses": [{}] * number}


def statements(number: int, text: str = "x") -> list[Statement]:
    return [StatementText(f"{one}: ?").with_values(text_value(text)) for one in range(number)]


@pytest.mark.parametrize("told", [results(0), results(2), results(4), lambda _: {}], ids=["none", "2", "4", "nothing"])
def test_statements_are_sent_again_unless_each_has_its_result(told: Callable[[Request], Request]) -> None:
    transport = FakeTransport(told, error_codes("", "DuplicateItem", ""))
    client = a_client(transport)

    assert client.execute(statements(3)) == [True, False, True]
    assert client.lost_writes == 1


def test_keys_are_asked_for_again_where_the_answer_is_none() -> None:
    transport = FakeTransport(lambda _: {}, all_but(0))

    assert a_client(transport).get_many("t", [key(1)]) == [key(1)]


def test_a_condition_that_does_not_hold_is_an_answer() -> None:
    transport = FakeTransport(error_codes("", "ConditionalCheckFailed", "DuplicateItem", ""))

    assert a_client(transport).execute(statements(4)) == [True, False, False, True]


@pytest.mark.parametrize(
    "code",
    [
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "InternalServerError",
        "TransactionConflict",
    ],
)
def test_only_the_throttled_statements_are_sent_again(code: str) -> None:
    transport = FakeTransport(error_codes("", code, "DuplicateItem", code), error_codes(code, ""), error_codes(""))

    did = a_client(transport).execute(statements(4))

    assert did == [True, True, False, True]
    sent = [[one["Statement"] for one in request["Statements"]] for _, request in transport.requests]
    assert sent == [["0: ?", "1: ?", "2: ?", "3: ?"], ["1: ?", "3: ?"], ["1: ?"]]


def test_throttled_statements_are_sent_again_for_as_long_as_the_function_lasts() -> None:
    time = FakeTime()
    transport = FakeTransport(error_codes("", "ThrottlingError"), *[error_codes("ThrottlingError")] * 9999)

    with pytest.raises(Throttled):
        a_client(transport, time).execute(statements(2))

    assert time.now_s == pytest.approx(900 - RESERVE_S, abs=3)


def test_statements_that_stay_undone_for_other_reasons_are_left_to_the_caller_s_retry() -> None:
    transport = FakeTransport(*[error_codes("InternalServerError"), error_codes("ThrottlingError")] * 8)

    with pytest.raises(Retryable, match="in 8 tries"):
        a_client(transport).execute(statements(1))

    assert len(transport.requests) == 15


def test_what_was_throttled_is_counted() -> None:
    time = FakeTime()
    invocation = time.invocation(900)
    transport = FakeTransport(
        THROTTLED,
        error_codes("", "ThrottlingError", "ThrottlingError"),
        error_codes("", ""),
        all_but(3),
        all_but(0),
        THROTTLED,
        ok({}),
    )
    client = DynamoDBClient(transport, invocation, threads=1, timing=time.timing)

    client.execute(statements(3))
    client.get_many("t", map(key, range(4)))
    client.call("PutItem", {})

    assert invocation.take_throttled() == 3 + 2 + 3 + 1


@pytest.mark.parametrize("code", ["ValidationError", "AccessDenied", "ResourceNotFound"])
def test_a_statement_that_no_repeating_mends_ends_at_once(code: str) -> None:
    with pytest.raises(Fatal, match=code):
        a_client(FakeTransport(error_codes("", code))).execute(statements(2))


@pytest.mark.parametrize(
    ("number", "text_bytes", "sizes"),
    [
        pytest.param(0, 1, [], id="none"),
        pytest.param(25, 1, [25], id="as many as a call takes"),
        pytest.param(26, 1, [1, 25], id="one more"),
        pytest.param(25, (1 << 20) - 100, [1, 4, 4, 4, 4, 4, 4], id="as many bytes as a call takes"),
        pytest.param(2, 5 << 20, [1, 1], id="each larger than a call"),
    ],
)
def test_statements_are_sent_in_batches(number: int, text_bytes: int, sizes: list[int]) -> None:
    def perform_all(request: Request) -> Request:
        return {"Responses": [{} for _ in request["Statements"]]}

    transport = FakeTransport(*[perform_all] * len(sizes))

    did = a_client(transport).execute(statements(number, "x" * text_bytes))

    assert did == [True] * number
    assert sorted(len(request["Statements"]) for _, request in transport.requests) == sizes


@pytest.mark.parametrize(("more_bytes", "sizes"), [(0, [2]), (1, [1, 1])], ids=["just fits", "one byte more"])
def test_statements_fill_a_call_to_its_last_byte(more_bytes: int, sizes: list[int]) -> None:
    half = REQUEST_BYTES // 2 - len(*statements(1, ""))
    first, second = *statements(1, "x" * half), *statements(1, "x" * (half + more_bytes))
    transport = FakeTransport(*[lambda request: {"Responses": [{} for _ in request["Statements"]]}] * len(sizes))

    assert a_client(transport).execute([first, second]) == [True, True]
    assert [len(request["Statements"]) for _, request in transport.requests] == sizes


def test_a_query_goes_on_from_page_to_page() -> None:
    transport = FakeTransport(
        ok({"Items": [key(1)], "LastEvaluatedKey": key(1)}),
        ok({"Items": [], "LastEvaluatedKey": key(2)}),
        ok({"Items": [key(3)]}),
    )

    pages = list(a_client(transport).each_page({"TableName": "t"}))

    assert pages == [[key(1)], [], [key(3)]]
    assert [request.get("ExclusiveStartKey") for _, request in transport.requests] == [None, key(1), key(2)]


def test_a_query_reads_no_page_before_it_is_wanted() -> None:
    transport = FakeTransport(ok({"Items": [key(1)], "LastEvaluatedKey": key(1)}))

    first = next(a_client(transport).each_page({"TableName": "t"}))

    assert first == [key(1)]
    assert len(transport.requests) == 1


def test_nothing_goes_on_behind_a_failure() -> None:
    """A function that has ended is frozen with whatever its threads do, and thawed at any time."""
    under_way, ended = Event(), Event()

    def work(number: int) -> None:
        if number == 0:
            under_way.wait()
            raise Retryable("the first fails while the second is at work")
        under_way.set()
        sleep(0.05)
        ended.set()

    with pytest.raises(Retryable):
        a_client(FakeTransport()).spread(work, [0, 1])

    assert ended.is_set()


def test_lost_answers_are_waited_for_as_long_as_the_function_lasts() -> None:
    time = FakeTime()

    with pytest.raises(Throttled):
        a_client(FakeTransport(*[NoResponse] * 9), time, lasts_s=READING_RESERVE_S + 1).call("GetItem", {})

    assert time.now_s <= 1


@pytest.mark.parametrize(
    ("left_s", "ask"),
    [
        pytest.param(RESERVE_S - 0.1, lambda client: client.execute(statements(1)), id="records are written"),
        pytest.param(READING_RESERVE_S - 0.1, lambda client: client.get_many("t", [key(1)]), id="records are read"),
        pytest.param(LAST_REQUEST_S - 0.1, lambda client: client.call("GetItem", {}), id="anything"),
    ],
)
def test_nothing_is_sent_when_too_little_time_is_left_for_what_follows(
    left_s: float, ask: Callable[[DynamoDBClient], object]
) -> None:
    transport = FakeTransport()

    with pytest.raises(Throttled):
        ask(a_client(transport, lasts_s=left_s))

    assert transport.requests == []
