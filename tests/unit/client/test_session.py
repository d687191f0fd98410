import json

import httpx
import pytest

from sluice import ApiError, RetryPolicy
from sluice.session import Answer, Session
from sluice.transport import Driver, Flow


class Recorder:
    """Answers with what it is given and keeps what it was asked."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer, self.asked = answer, list[httpx.Request]()
        self.driver = Driver(httpx.Client(transport=httpx.MockTransport(self._answer)))
        self.session = Session("http://sluice.test", "px_1", self.driver, RetryPolicy(tries=1), new_key=lambda: "key_1")

    def run(self, flow: Flow[Answer]) -> Answer:
        return self.driver.run(flow)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.answer


def enveloped(data: object) -> Recorder:
    return Recorder(httpx.Response(200, json={"data": data, "pagination": {"cursor": "c"}}))


def test_the_envelope_is_taken_off() -> None:
    recorder = enveloped({"id": "imp_1"})

    answer = recorder.run(recorder.session.get("/v1/imports/imp_1"))

    assert (answer.data, answer.pagination) == ({"id": "imp_1"}, {"cursor": "c"})
    assert recorder.asked[0].headers["PX-API-KEY"] == "px_1"


def test_a_query_has_what_is_given() -> None:
    recorder = enveloped([])

    recorder.run(recorder.session.get("/v1/imports", limit=5, status=None, include_csv=True, name="a&b"))

    assert recorder.asked[0].url.query == b"limit=5&include_csv=true&name=a%26b"


def test_a_post_has_a_key_unless_its_route_keeps_none() -> None:
    recorder = enveloped({})

    recorder.run(recorder.session.post("/v1/imports", {"action": "merge"}))
    recorder.run(recorder.session.post("/v1/webhooks", {}, is_kept=False))

    assert [one.headers.get("Idempotency-Key") for one in recorder.asked] == ["key_1", None]
    assert json.loads(recorder.asked[0].content) == {"action": "merge"}


@pytest.mark.parametrize("answer", [httpx.Response(200, text="<html>"), httpx.Response(200, json=[1])])
def test_an_answer_of_something_else_is_no_success(answer: httpx.Response) -> None:
    recorder = Recorder(answer)

    with pytest.raises(ApiError, match=r"http://sluice\.test answers, but not as Sluice does: HTTP 200\."):
        recorder.run(recorder.session.get("/v1/imports"))
