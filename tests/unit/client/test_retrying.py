from collections.abc import Callable

import httpx
import pytest

from sluice import RateLimited, RetryPolicy, ServiceFailed, Unreachable
from sluice.retrying import KEY_HEADER, sent
from sluice.transport import Flow, Outgoing, Pause, Send
from tests.service_in_memory import Fault, ServiceInMemory, passed, refused, unanswered, unconnected

ROWS = [{"name": "Ann", "email": "ann@example.com"}]
HALF = RetryPolicy(draw=lambda: 0.5)
GET = Outgoing("GET", "http://sluice.test/v1/imports")
POST = Outgoing("POST", "http://sluice.test/v1/webhooks")
KEPT = Outgoing("POST", "http://sluice.test/v1/imports", {KEY_HEADER: "one"})


def drive(flow: Flow[httpx.Response], *came: httpx.Response | Exception) -> tuple[httpx.Response | None, list[float]]:
    """The response that the flow ends with, and its pauses; each try gets the next of what comes."""
    pauses, results = [], iter(came)
    try:
        step = next(flow)
        while True:
            if isinstance(step, Pause):
                pauses.append(step.seconds)
                step = flow.send(None)
                continue
            result = next(results)
            step = flow.throw(result) if isinstance(result, Exception) else flow.send(result)
    except StopIteration as end:
        return end.value, pauses


def answer(status: int, text: str = "", **headers: str) -> httpx.Response:
    return httpx.Response(status, headers={one.replace("_", "-"): value for one, value in headers.items()}, text=text)


LOST = httpx.ReadError("lost")


def test_pauses_double_until_the_longest_and_are_drawn_below_it() -> None:
    policy = RetryPolicy(tries=9, first_pause_s=1, longest_pause_s=10, draw=lambda: 0.5)

    _, pauses = drive(sent(Send(GET), policy), *[answer(503)] * 9)

    assert pauses == [0.5, 1, 2, 4, 5, 5, 5, 5]


def test_what_the_service_asks_for_wins() -> None:
    response, pauses = drive(sent(Send(GET), HALF), answer(429, retry_after="7"), answer(200))

    assert (response and response.status_code, pauses) == (200, [7])


def test_more_patience_than_is_reasonable_is_not_had() -> None:
    response, pauses = drive(sent(Send(GET), HALF), answer(429, retry_after="3000"))

    assert (response and response.status_code, pauses) == (429, [])


@pytest.mark.parametrize("request_", [GET, KEPT], ids=["GET", "POST with a key"])
@pytest.mark.parametrize("came", [answer(503), answer(429), LOST, httpx.ConnectError("")], ids=repr)
def test_what_may_be_repeated_is_sent_again(request_: Outgoing, came: httpx.Response | Exception) -> None:
    response, _ = drive(sent(Send(request_), HALF), came, answer(200))

    assert response is not None
    assert response.status_code == 200


@pytest.mark.parametrize("came", [answer(429), httpx.ConnectError("")], ids=repr)
def test_what_never_began_is_sent_again_without_a_key(came: httpx.Response | Exception) -> None:
    response, _ = drive(sent(Send(POST), HALF), came, answer(200))

    assert response is not None
    assert response.status_code == 200


def test_what_may_have_been_done_is_not_done_again_without_a_key() -> None:
    with pytest.raises(Unreachable, match="is not reachable: lost"):
        drive(sent(Send(POST), HALF), LOST)

    assert drive(sent(Send(POST), HALF), answer(503))[0] is not None


def test_a_request_whose_first_try_is_still_at_work_is_asked_for_again() -> None:
    at_work = answer(409, '{"code": "idempotency_key_in_use"}', retry_after="1")

    response, pauses = drive(sent(Send(KEPT), HALF), LOST, at_work, answer(201))

    assert (response and response.status_code, pauses) == (201, [0.25, 1])


DELETE = Outgoing("DELETE", "http://sluice.test/v1/import-profiles/weekly")


@pytest.mark.parametrize("first", [LOST, answer(503), answer(504)])
def test_what_a_repeated_deletion_does_not_find_was_deleted(first: httpx.Response | Exception) -> None:
    response, _ = drive(sent(Send(DELETE), HALF), first, answer(404))

    assert response
    assert response.is_success


@pytest.mark.parametrize("first", [[], [httpx.ConnectError("no")], [answer(429)]], ids=str)
def test_what_was_never_asked_to_go_was_not_deleted(first: list[httpx.Response | Exception]) -> None:
    response, _ = drive(sent(Send(DELETE), HALF), *first, answer(404))

    assert response
    assert response.status_code == 404


def test_a_body_of_another_length_than_was_said_is_not_sent_again() -> None:
    with pytest.raises(httpx.LocalProtocolError):
        drive(sent(Send(KEPT), HALF), httpx.LocalProtocolError("Too little data"), answer(200))


@pytest.mark.parametrize("status", [400, 401, 404, 409, 500])
def test_a_refusal_is_one(status: int) -> None:
    response, pauses = drive(sent(Send(GET), HALF), answer(status))

    assert (response and response.status_code, pauses) == (status, [])


@pytest.mark.parametrize("lost", [unanswered, lambda _: unconnected, lambda _: refused(503), lambda _: refused(429)])
def test_an_import_whose_requests_are_lost_is_made_once(lost: Callable[[ServiceInMemory], Fault]) -> None:
    service = ServiceInMemory()
    fault = lost(service)

    done = service.client(fault, fault, passed, fault, fault, passed, fault).imports.run(ROWS, resource="contacts")

    assert (done.stats.created, len(list(service.client().imports.each()))) == (1, 1)
    keys = {one.headers[KEY_HEADER] for one in service.sent("POST", "/v1/imports")}
    assert len(keys) == 1


def test_each_call_has_a_key_of_its_own() -> None:
    service = ServiceInMemory()
    imports = service.client().imports

    imports.run(ROWS, resource="contacts")
    imports.run(ROWS, resource="contacts")

    assert len({one.headers[KEY_HEADER] for one in service.sent("POST", "/v1/imports")}) == 2


def test_after_four_tries_the_last_refusal_is_raised() -> None:
    service = ServiceInMemory()

    with pytest.raises(RateLimited):
        service.client(*[refused(429)] * 4).imports.get("imp_1")
    with pytest.raises(ServiceFailed):
        service.client(*[refused(503)] * 4).imports.get("imp_1")
    with pytest.raises(Unreachable):
        service.client(*[unconnected] * 4).imports.get("imp_1")

    assert service.requests == []
