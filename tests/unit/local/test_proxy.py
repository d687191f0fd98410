"""The proxy hands requests and answers through unchanged, and answers itself where it must."""

import http.client
import json
from collections.abc import Iterator

import pytest

from local.proxy import BODY_BYTES, Proxy
from tests.loopback_server import Connection, LoopbackServer


class Echo(Connection):
    """Answers with what it was asked; without a length where the path says so."""

    protocol_version = "HTTP/1.1"

    def respond(self) -> None:
        asked = [self.command, self.path, self.headers.get("X-Api-Key"), self.read_body().decode()]
        said = json.dumps(asked).encode()
        self.send_response(207)
        self.send_header("X-Told", "yes")
        self.send_header("WWW-Authenticate", "Bearer")
        if not self.path.endswith("/endless"):
            self.send_header("Content-Length", str(len(said)))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(said)


@pytest.fixture
def proxy() -> Iterator[http.client.HTTPConnection]:
    with LoopbackServer(Echo) as backend, Proxy(0) as proxy:
        proxy.forward_to(f"{backend.url}/deep/stage")
        yield http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=10)


def test_a_request_arrives_under_the_longer_path_as_it_was_sent(proxy: http.client.HTTPConnection) -> None:
    proxy.request("POST", "/v1/a%2Fb?q=1&q=%202", b"body", {"X-Api-Key": "k"})

    answer = proxy.getresponse()

    assert (answer.status, answer.headers["X-Told"]) == (207, "yes")
    assert json.load(answer) == ["POST", "/deep/stage/v1/a%2Fb?q=1&q=%202", "k", "body"]


def test_a_challenge_is_renamed_as_api_gateway_renames_it(proxy: http.client.HTTPConnection) -> None:
    proxy.request("GET", "/one")

    headers = proxy.getresponse().headers

    assert headers["x-amzn-Remapped-WWW-Authenticate"] == "Bearer"
    assert headers["WWW-Authenticate"] is None


def test_a_connection_serves_many_requests(proxy: http.client.HTTPConnection) -> None:
    paths = []
    for path in ("/one", "/two"):
        proxy.request("GET", path)
        paths.append(json.load(proxy.getresponse())[1])

    assert paths == ["/deep/stage/one", "/deep/stage/two"]


def test_an_answer_without_a_length_arrives_whole(proxy: http.client.HTTPConnection) -> None:
    proxy.request("GET", "/endless")

    assert json.load(proxy.getresponse())[1] == "/deep/stage/endless"


def test_a_body_too_large_for_api_gateway_is_refused_here(proxy: http.client.HTTPConnection) -> None:
    proxy.putrequest("POST", "/v1/imports")
    proxy.putheader("Content-Length", str(BODY_BYTES + 1))
    proxy.endheaders()

    answer = proxy.getresponse()

    assert (answer.status, json.load(answer)["error"]["code"]) == (413, "REQUEST_TOO_LARGE")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_backend_that_is_gone_is_a_bad_gateway() -> None:
    with Proxy(0) as proxy:
        proxy.forward_to("http://127.0.0.1:1")
        connection = http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=10)
        connection.request("GET", "/")

        answer = connection.getresponse()

    assert (answer.status, json.load(answer)["error"]["code"]) == (502, "BAD_GATEWAY")
