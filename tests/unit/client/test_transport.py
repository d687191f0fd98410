import io
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event
from typing import Any, cast

import anyio
import httpx
import pytest

from sluice.transport import CHUNK_BYTES, AsyncDriver, Driver, FileRange, Flow, Outgoing, Pause, Save, Send, Together

URL = "http://sluice.test/"
CHUNKS = 10_000
Run = Callable[[Flow[Any]], Any]


def echo(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/lost":
        raise httpx.ReadError("lost", request=request)
    status = 404 if request.url.path == "/absent" else 200
    return httpx.Response(status, content=request.content or request.url.path.encode())


async def awaited(flow: Flow[Any]) -> Any:
    async with httpx.AsyncClient(transport=httpx.MockTransport(echo)) as http:
        return await AsyncDriver(http, _no_pause).run(flow)


async def _no_pause(_: float) -> None:
    return None


def blocking(flow: Flow[Any]) -> Any:
    with httpx.Client(transport=httpx.MockTransport(echo)) as http:
        return Driver(http, lambda _: None).run(flow)


@pytest.fixture(params=["blocking", "awaiting"])
def run(request: pytest.FixtureRequest) -> Run:
    return blocking if request.param == "blocking" else lambda flow: anyio.run(awaited, flow)


def test_a_request_is_sent_and_its_response_comes_back(run: Run) -> None:
    def flow() -> Flow[bytes]:
        response: httpx.Response = yield Send(Outgoing("POST", URL, content=b"body"))
        yield Pause(1)
        return response.content

    assert run(flow()) == b"body"


def test_a_lost_connection_is_raised_in_the_flow(run: Run) -> None:
    def flow() -> Flow[str]:
        try:
            yield Send(Outgoing("GET", f"{URL}lost"))
        except httpx.TransportError:
            return "mended"
        return "never"

    assert run(flow()) == "mended"


def test_a_part_of_a_file_is_sent(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    told: list[int] = []

    def flow() -> Flow[bytes]:
        body = FileRange(path, 2, 5, told.append)
        response: httpx.Response = yield Send(Outgoing("PUT", URL, {"Content-Length": "5"}, body))
        return response.content

    assert (run(flow()), told) == (b"23456", [5])


@pytest.mark.parametrize(("path", "written"), [("whole", b"/whole"), ("absent", b"")])
def test_a_success_is_saved_and_nothing_else(run: Run, path: str, written: bytes) -> None:
    file = io.BytesIO()

    def flow() -> Flow[int]:
        response: httpx.Response = yield Save(Outgoing("GET", URL + path), file)
        return response.status_code

    assert run(flow()) == (200 if written else 404)
    assert file.getvalue() == written


def test_flows_run_together_and_their_results_keep_their_order(run: Run) -> None:
    def one(number: int) -> Flow[bytes]:
        response: httpx.Response = yield Send(Outgoing("GET", f"{URL}{number}"))
        return response.content

    def flow() -> Flow[list[bytes]]:
        results: list[bytes] = yield Together([one(number) for number in range(9)], 3)
        return results

    assert run(flow()) == [f"/{number}".encode() for number in range(9)]


def test_the_first_error_of_flows_that_run_together_ends_them(run: Run) -> None:
    def failing() -> Iterator[Any]:
        yield Send(Outgoing("GET", URL))
        raise LookupError("of the third")

    def flow() -> Flow[None]:
        yield Together([failing()], 2)  # type: ignore[list-item]

    with pytest.raises(LookupError, match="of the third"):
        run(flow())


def test_what_is_on_its_way_stops_where_another_flow_has_failed(tmp_path: Path) -> None:
    """The file would take ten seconds and more; it is the first of the flows, which are not waited for in order."""
    path, has_begun, sent = tmp_path / "file", Event(), list[int]()
    with path.open("wb") as file:
        file.truncate(CHUNKS * CHUNK_BYTES)

    class Swallowing(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            for chunk in cast(Iterable[bytes], request.stream):
                has_begun.set()
                sent.append(len(chunk))
                time.sleep(0.001)
            return httpx.Response(200)

    def sending() -> Flow[None]:
        yield Send(
            Outgoing("PUT", URL, {"Content-Length": str(CHUNKS * CHUNK_BYTES)}, FileRange(path, 0, path.stat().st_size))
        )

    def failing() -> Flow[None]:
        yield Pause(0)
        has_begun.wait()
        raise LookupError("of the second")

    def flow() -> Flow[None]:
        yield Together([sending(), failing()], 2)

    with pytest.raises(LookupError), httpx.Client(transport=Swallowing()) as http:
        Driver(http).run(flow())
    assert 0 < len(sent) < CHUNKS


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("no space left")])
def test_a_flow_cleans_up_whatever_ends_it(error: BaseException) -> None:
    done: list[str] = []

    def flow() -> Flow[None]:
        try:
            yield Pause(1)
        finally:
            done.append("cleaned")

    def fail(_: float) -> None:
        raise error

    with pytest.raises(type(error)), httpx.Client() as http:
        Driver(http, fail).run(flow())
    assert done == ["cleaned"]


def test_what_is_no_step_is_an_error_of_the_flow(run: Run) -> None:
    def flow() -> Flow[None]:
        yield "nonsense"

    with pytest.raises(TypeError):
        run(flow())


def test_an_interrupt_while_flows_are_begun_ends_those_that_run() -> None:
    """A person who ends an upload in its first moment is not kept waiting until its first parts are sent."""
    size, sent, has_begun = CHUNKS * CHUNK_BYTES, 0, Event()

    def count(chunk: int) -> None:
        nonlocal sent
        sent += chunk
        has_begun.set()
        time.sleep(0.001)

    def sending() -> Flow[Any]:
        yield Send(Outgoing("PUT", URL, {}, FileRange(Path("/dev/zero"), 0, size, count)))

    class Interrupted(list[Any]):
        def __iter__(self) -> Iterator[Any]:
            yield sending()
            has_begun.wait()
            raise KeyboardInterrupt

    def flow() -> Flow[Any]:
        yield Together(Interrupted(), 2)

    with pytest.raises(KeyboardInterrupt):
        blocking(flow())

    assert 0 < sent < size
