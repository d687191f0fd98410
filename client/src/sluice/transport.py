"""Flows, and what drives them: one code for programs that block and for programs that await.

A flow is a generator that yields what is to be done (a request to send, a pause, a file to fetch or to read, flows to
run at the same time) and is given what came of it. `Driver` does it with `httpx.Client`, `AsyncDriver` with
`httpx.AsyncClient`; whatever is decided is decided in flows, so that neither of them knows more than how to do a thing.
"""

import hashlib
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, CancelledError, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any, BinaryIO, TypeVar

import anyio
import anyio.to_thread
import httpx

T = TypeVar("T")
Flow = Generator[Any, Any, T]
"""A flow that returns a T."""
Bytes = Callable[[int], None]
"""Is told how many more bytes have passed."""

CHUNK_BYTES = 256 << 10


def ignore_bytes(_: int) -> None:
    """Takes no notice."""


@dataclass(frozen=True, slots=True)
class FileRange:
    """A part of a file as the body of a request, read while it is sent, and again for each try."""

    path: Path
    start: int
    size_bytes: int
    on_bytes: Bytes = ignore_bytes

    def chunks(self) -> Iterator[bytes]:
        """Yields the bytes lazily; fewer than promised where the file has become shorter."""
        left = self.size_bytes
        with self.path.open("rb") as file:
            file.seek(self.start)
            while left and (chunk := file.read(min(CHUNK_BYTES, left))):
                left -= len(chunk)
                yield chunk
                self.on_bytes(len(chunk))

    def md5(self) -> str:
        """Returns the MD5 of the bytes in hexadecimal, as stores of objects know them by."""
        digest = hashlib.md5(usedforsecurity=False)
        for chunk in self.chunks():
            digest.update(chunk)
        return digest.hexdigest()

    async def chunks_async(self) -> AsyncIterator[bytes]:
        """Yields the same; a thread reads the file, so that nothing else waits for the disk."""
        chunks = self.chunks()
        while chunk := await anyio.to_thread.run_sync(next, chunks, b""):
            yield chunk


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as a flow states it."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | FileRange | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """Send the request; what comes back is its `httpx.Response`, read. A lost connection is thrown into the flow."""

    request: Outgoing


@dataclass(frozen=True, slots=True)
class Save:
    """Send the request and write the body of a success to a file; what comes back is the response without it."""

    request: Outgoing
    file: BinaryIO
    on_bytes: Bytes = ignore_bytes


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Compute:
    """Call something that takes its time and sends nothing; what comes back is what it returns."""

    call: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Together:
    """Run flows, so many at once; what comes back are their results in order. The first error ends it."""

    flows: Sequence[Flow[Any]]
    at_once: int


class Driver:
    """Carries flows out with a client that blocks."""

    def __init__(
        self, http: httpx.Client, sleep: Callable[[float], None] = time.sleep, is_over: Event | None = None
    ) -> None:
        """Takes what is set where nothing more is to be sent, since another flow or a person has ended it."""
        self.http = http
        self._sleep = sleep
        self._is_over = is_over or Event()

    def run(self, flow: Flow[T]) -> T:
        """Returns what the flow returns, and raises what it raises."""
        try:
            step = next(flow)
            while True:
                try:
                    came = self._do(step)
                except BaseException as error:  # the flow may know better, and cleans up
                    step = flow.throw(error)
                else:
                    step = flow.send(came)
        except StopIteration as end:
            result: T = end.value
            return result

    def _do(self, step: object) -> Any:
        match step:
            case Send(request):
                return self.http.send(self._built(request))
            case Save():
                return self._save(step)
            case Pause(seconds):
                return self._sleep(seconds)
            case Compute(call):
                return call()
            case Together(flows, at_once):
                return self._together(flows, at_once)
        raise TypeError(step)

    def _built(self, request: Outgoing) -> httpx.Request:
        content = self._each_chunk(request.content) if isinstance(request.content, FileRange) else request.content
        return self.http.build_request(request.method, request.url, headers=request.headers, content=content)

    def _save(self, step: Save) -> httpx.Response:
        response = self.http.send(self._built(step.request), stream=True)
        try:
            if not response.is_success:
                response.read()
                return response
            for chunk in response.iter_bytes(CHUNK_BYTES):
                step.file.write(chunk)
                step.on_bytes(len(chunk))
        finally:
            response.close()
        return response

    def _each_chunk(self, content: FileRange) -> Iterator[bytes]:
        for chunk in content.chunks():
            if self._is_over.is_set():
                raise CancelledError
            yield chunk

    def _together(self, flows: Sequence[Flow[Any]], at_once: int) -> list[Any]:
        is_over = Event()
        driver = Driver(self.http, self._sleep, is_over)
        with ThreadPoolExecutor(at_once) as pool:
            try:  # an interrupt may come as soon as the first flow runs
                futures = [pool.submit(driver.run, flow) for flow in flows]
                for ended in wait(futures, return_when=FIRST_EXCEPTION).done:
                    ended.result()
                return [future.result() for future in futures]
            except BaseException:
                is_over.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise


class AsyncDriver:
    """Carries flows out with a client that awaits."""

    def __init__(self, http: httpx.AsyncClient, sleep: Callable[[float], Any] = anyio.sleep) -> None:
        self.http = http
        self._sleep = sleep

    async def run(self, flow: Flow[T]) -> T:
        """Returns what the flow returns, and raises what it raises."""
        try:
            step = next(flow)
            while True:
                try:
                    came = await self._do(step)
                except BaseException as error:  # the flow may know better, and cleans up
                    step = flow.throw(error)
                else:
                    step = flow.send(came)
        except StopIteration as end:
            result: T = end.value
            return result

    async def _do(self, step: object) -> Any:
        match step:
            case Send(request):
                return await self.http.send(self._built(request))
            case Save():
                return await self._save(step)
            case Pause(seconds):
                return await self._sleep(seconds)
            case Compute(call):
                return await anyio.to_thread.run_sync(call)
            case Together(flows, at_once):
                return await self._together(flows, at_once)
        raise TypeError(step)

    def _built(self, request: Outgoing) -> httpx.Request:
        content = request.content.chunks_async() if isinstance(request.content, FileRange) else request.content
        return self.http.build_request(request.method, request.url, headers=request.headers, content=content)

    async def _save(self, step: Save) -> httpx.Response:
        response = await self.http.send(self._built(step.request), stream=True)
        try:
            if not response.is_success:
                await response.aread()
                return response
            async for chunk in response.aiter_bytes(CHUNK_BYTES):
                await anyio.to_thread.run_sync(step.file.write, chunk)
                step.on_bytes(len(chunk))
        finally:
            await response.aclose()
        return response

    async def _together(self, flows: Sequence[Flow[Any]], at_once: int) -> list[Any]:
        results: list[Any] = [None] * len(flows)
        limiter = anyio.CapacityLimiter(at_once)

        async def run_one(place: int, flow: Flow[Any]) -> None:
            async with limiter:
                results[place] = await self.run(flow)

        try:
            async with anyio.create_task_group() as group:
                for place, flow in enumerate(flows):
                    group.start_soon(run_one, place, flow)
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return results
