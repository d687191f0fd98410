from pathlib import Path

import httpx
import pytest

from sluice import ApiError, NotFound, RetryPolicy, Unreachable
from sluice.downloads import saved
from sluice.session import Session
from sluice.transport import Driver
from tests.service_in_memory import NO_PAUSES

URL = "http://files.test/errors.csv"


def save(path: Path, url: str | None, *answers: httpx.Response, retry: RetryPolicy = NO_PAUSES) -> Path:
    of = iter(answers)
    driver = Driver(httpx.Client(transport=httpx.MockTransport(lambda _: next(of))), lambda _: None)
    return driver.run(saved(Session("http://sluice.test", "px", driver, retry), url, path))


class BreaksOff(httpx.SyncByteStream):
    """A body that ends in the middle."""

    def __iter__(self) -> "BreaksOff":
        self.sent = False
        return self

    def __next__(self) -> bytes:
        if self.sent:
            raise httpx.ReadError("lost")
        self.sent = True
        return b"half of "


def test_what_broke_off_is_fetched_anew(tmp_path: Path) -> None:
    path = save(tmp_path / "a", URL, httpx.Response(200, stream=BreaksOff()), httpx.Response(200, content=b"whole"))

    assert path.read_bytes() == b"whole"


def test_a_file_that_stood_there_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    with pytest.raises(Unreachable):
        save(path, URL, *[httpx.Response(200, stream=BreaksOff()) for _ in range(4)])

    assert path.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [path]


def test_what_cannot_be_fetched_is_told(tmp_path: Path) -> None:
    with pytest.raises(ApiError, match="cannot be fetched"):
        save(tmp_path / "a", URL, httpx.Response(403, text="<Code>AccessDenied</Code>"))
    with pytest.raises(NotFound):
        save(tmp_path / "a", None)

    assert [*tmp_path.iterdir()] == []
