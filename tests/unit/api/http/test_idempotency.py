"""From an answer to what is kept of it, and back; which answers are kept; how long a turn may last."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from chalice.app import Request, Response

from chalicelib.api.http.call import Call
from chalicelib.api.http.idempotency import fingerprint_of, with_idempotency
from chalicelib.api.http.response import Document, sized_response
from chalicelib.errors import Conflict, Fatal
from chalicelib.model.limits import DEFAULT_LIMITS, KB, Limits
from tests.world import OURS, World

GZIP = {"accept-encoding": "gzip", "accept": "application/octet-stream"}


class Lambda:
    """Says how long the function may still run."""

    def __init__(self, remaining_ms: int) -> None:
        self._remaining_ms = remaining_ms

    def get_remaining_time_in_millis(self) -> int:
        return self._remaining_ms


def a_request(context: object = None, **given: Any) -> Request:
    headers = {"idempotency-key": "one"} | given.pop("headers", {})
    event = {
        "multiValueQueryStringParameters": given.pop("query", None),
        "headers": headers,
        "pathParameters": {},
        "requestContext": {"httpMethod": given.pop("method", "POST"), "resourcePath": "/x", "path": "/api/x"},
        "stageVariables": None,
        "body": given.pop("body", '{"a": 1}'),
        "path": given.pop("path", "/x"),
    }
    return Request(event, context)


def a_call(world: World, request: Request | None = None) -> Call:
    return Call(context=world.context, caller=world.caller(), request=request or a_request(), path={})


def answers(status: int, *, has_started: bool) -> Callable[[Call], Response]:
    def respond(call: Call) -> Response:
        if has_started:
            call.context.begin_work()
        return Response({"id": call.context.new_id("imp")}, {"X-Request-Id": "1", "Allow": "GET"}, status)

    return respond


@pytest.mark.parametrize(
    ("status", "has_started", "is_kept"),
    [
        pytest.param(200, False, True, id="a success that only read"),
        pytest.param(201, True, True, id="a success"),
        pytest.param(303, False, True, id="a success that lies elsewhere"),
        pytest.param(400, False, False, id="a refusal before work began"),
        pytest.param(409, True, True, id="a conflict met at work"),
        pytest.param(500, True, False, id="a bug"),
        pytest.param(503, True, False, id="a passing failure"),
    ],
)
def test_what_is_kept_depends_on_status_and_on_whether_work_had_begun(
    status: int, has_started: bool, is_kept: bool
) -> None:
    world = World()
    call = a_call(world)

    with_idempotency(call, "POST /x", answers(status, has_started=has_started))
    again = with_idempotency(call, "POST /x", lambda _: Response("done again"))

    assert (again.body != "done again") is is_kept
    assert ("Idempotent-Replayed" in again.headers) is is_kept


def test_status_body_and_headers_come_back_but_those_about_the_request() -> None:
    world = World()
    first = with_idempotency(a_call(world), "POST /x", answers(201, has_started=True))

    again = with_idempotency(a_call(world), "POST /x", answers(500, has_started=True))

    assert (again.status_code, json.loads(again.body)) == (201, first.body)
    assert again.headers == {"Allow": "GET", "Content-Type": "application/json", "Idempotent-Replayed": "true"}


@pytest.mark.parametrize("size", [300 * KB, 300 * KB + 1], ids=["in the item", "in a file"])
def test_a_large_body_is_kept_in_a_file(size: int) -> None:
    world = World()
    text = "x" * size
    with_idempotency(a_call(world), "POST /x", lambda call: Response(text, {"Content-Type": "text/csv"}))

    again = with_idempotency(a_call(world), "POST /x", answers(500, has_started=True))

    assert again.body == text
    files = world.stores.files.delete_files(f"results/{OURS}/replays/")
    assert files == (0 if size == 300 * KB else 1)


def test_a_kept_file_that_is_gone_is_our_mistake() -> None:
    world = World()
    with_idempotency(a_call(world), "POST /x", lambda call: Response("x" * (301 * KB)))
    world.stores.files.delete_files("results/")

    with pytest.raises(Fatal):
        with_idempotency(a_call(world), "POST /x", answers(200, has_started=False))


def exports(content: bytes) -> Callable[[Call], Response]:
    document = Document(content=content, content_type="text/csv", filename="all.csv", headers={"X-Total": "2"})
    return lambda call: sized_response(document, call)


def test_a_gzipped_answer_is_given_again_to_who_cannot_take_gzip() -> None:
    world = World(replace(DEFAULT_LIMITS, response_bytes=20 * KB))
    content = b"x" * 12_400
    first = with_idempotency(a_call(world, a_request(headers=GZIP)), "POST /x", exports(content))
    assert gzip.decompress(first.body) == content

    zipped = with_idempotency(a_call(world, a_request(headers=GZIP)), "POST /x", exports(b""))
    world.context = replace(world.context, limits=DEFAULT_LIMITS)
    plain = with_idempotency(a_call(world), "POST /x", exports(b""))

    assert gzip.decompress(zipped.body) == content
    assert (zipped.headers["Content-Encoding"], zipped.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert (plain.body, plain.headers.get("Content-Encoding")) == (content.decode(), None)
    assert plain.headers["X-Total"] == "2"


def test_a_response_in_a_file_gets_a_new_redirect() -> None:
    world = World(Limits(response_bytes=10 * KB))
    first = with_idempotency(a_call(world), "POST /x", exports(b"x" * 9_000))
    world.now += 7200

    again = with_idempotency(a_call(world), "POST /x", exports(b""))

    assert (first.status_code, again.status_code) == (303, 303)
    before, after = str(first.headers["Location"]), str(again.headers["Location"])
    assert before.partition("?")[0] == after.partition("?")[0]
    assert f"expires_at={world.now + 3600}" in after


@pytest.mark.parametrize(
    ("remaining_ms", "after_s", "status"),
    [
        pytest.param(29_000, 30, 409, id="the process may live"),
        pytest.param(29_000, 31, 200, id="the process is dead"),
        pytest.param(500, 2, 409, id="begun in its last second: still alive"),
        pytest.param(500, 3, 200, id="begun in its last second: dead soon"),
        pytest.param(0, 2, 200, id="no time left at all"),
        pytest.param(None, 30, 409, id="nobody says: it may live as long as any"),
        pytest.param(None, 31, 200, id="nobody says: dead as any would be"),
    ],
)
def test_an_idempotency_record_expires_when_its_process_must_be_dead(
    remaining_ms: int | None, after_s: int, status: int
) -> None:
    world = World()
    call = a_call(world, a_request(None if remaining_ms is None else Lambda(remaining_ms)))
    with pytest.raises(KeyboardInterrupt):
        with_idempotency(call, "POST /x", _killed)
    world.now += after_s

    assert _status_of(call) == status


def _killed(_: Call) -> Response:
    raise KeyboardInterrupt


def _status_of(call: Call) -> int:
    try:
        return int(with_idempotency(call, "POST /x", lambda _: Response("")).status_code)
    except Conflict:
        return 409


def test_a_retry_after_a_process_that_died_makes_the_same_ids() -> None:
    world, ids = World(), []

    def die(call: Call) -> Response:
        ids.append([call.context.new_id("imp"), call.context.new_id("imp")])
        raise KeyboardInterrupt

    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            with_idempotency(a_call(world), "POST /x", die)
        world.now += 60

    assert ids[0] == ids[1] == ids[2]
    assert len({*ids[0]}) == 2


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"body": '{"a": 2}'}, id="another body"),
        pytest.param({"body": '{"a":1}'}, id="written otherwise"),
        pytest.param({"body": None}, id="no body"),
        pytest.param({"path": "/y"}, id="another path"),
        pytest.param({"method": "PATCH"}, id="another method"),
        pytest.param({"query": {"a": ["1"]}}, id="a parameter"),
    ],
)
def test_a_fingerprint_tells_requests_apart(other: dict[str, Any]) -> None:
    assert fingerprint_of(a_request(**other)) != fingerprint_of(a_request())


def test_a_fingerprint_cares_for_neither_headers_nor_the_order_of_parameters() -> None:
    one = a_request(query={"a": ["1"], "b": ["2"]}, headers={"user-agent": "x"})
    other = a_request(query={"b": ["2"], "a": ["1"]})

    assert fingerprint_of(one) == fingerprint_of(other)
