import httpx
import pytest

from sluice import RetryPolicy, WaitedTooLong
from sluice.polling import POLLS_S, polled
from sluice.session import Session
from sluice.transport import Driver


def session(pauses: list[float], ends_after: int) -> Session:
    """One whose import ends after so many looks."""
    looks = iter(range(1, ends_after + 1))

    def look(_: httpx.Request) -> httpx.Response:
        status = "completed" if next(looks) == ends_after else "processing"
        return httpx.Response(200, json={"data": {"id": "imp_1", "status": status}})

    driver = Driver(httpx.Client(transport=httpx.MockTransport(look)), pauses.append)
    return Session("http://sluice.test", "px", driver, RetryPolicy())


def wait(of: Session, timeout_s: float | None = None) -> str:
    flow = polled(of, "/v1/imports/imp_1", lambda data: data["status"] == "completed", timeout_s)
    assert isinstance(of.driver, Driver)
    return str(of.driver.run(flow)["status"])


def test_what_has_ended_is_not_waited_for() -> None:
    pauses: list[float] = []

    assert (wait(session(pauses, 1)), pauses) == ("completed", [])


def test_looks_become_rarer_and_stay_so() -> None:
    pauses: list[float] = []

    wait(session(pauses, len(POLLS_S) + 3))

    assert pauses == [*POLLS_S, POLLS_S[-1], POLLS_S[-1]]
    assert pauses == sorted(pauses)


def test_patience_ends() -> None:
    with pytest.raises(WaitedTooLong, match="imp_1 is still processing"):
        wait(session([], 99), timeout_s=3)
