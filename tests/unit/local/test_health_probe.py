"""A server that does not answer is noticed once, and that it does again."""

import threading
from collections.abc import Iterator
from queue import Empty, Queue

import pytest

from local.health_probe import HealthProbe
from tests.loopback_server import Connection, LoopbackServer

LONG_S = 20
HANGS = threading.Event()


class Hanging(Connection):
    """Answers, unless it is to hang; then it waits until it no longer is."""

    def respond(self) -> None:
        while HANGS.is_set():
            threading.Event().wait(0.01)
        self.answer(200)


@pytest.fixture
def url() -> Iterator[str]:
    HANGS.clear()
    with LoopbackServer(Hanging) as server:
        yield server.url
        HANGS.clear()


@pytest.fixture
def reports() -> Queue[object]:
    return Queue()


@pytest.fixture
def probe(url: str, reports: Queue[object]) -> Iterator[HealthProbe]:
    probe = HealthProbe(
        find_url=lambda: url,
        silent=reports.put,
        answers=lambda: reports.put("answers"),
        ask_every_s=0.02,
        answer_s=0.3,
    )
    yield probe
    probe.stop()


def test_a_server_that_hangs_is_reported_once_and_that_it_answers_again(
    probe: HealthProbe, reports: Queue[object]
) -> None:
    probe.start()
    HANGS.set()
    silent_s = reports.get(timeout=LONG_S)
    assert isinstance(silent_s, float)
    assert silent_s >= 0.3

    with pytest.raises(Empty):
        reports.get(timeout=1)
    HANGS.clear()

    assert reports.get(timeout=LONG_S) == "answers"


def test_nothing_is_reported_of_a_server_that_answers_or_after_a_stop(
    probe: HealthProbe, reports: Queue[object]
) -> None:
    probe.start()
    with pytest.raises(Empty):
        reports.get(timeout=0.2)
    HANGS.set()
    probe.stop()

    with pytest.raises(Empty):
        reports.get(timeout=0.8)


def test_nobody_there_is_no_answer(probe: HealthProbe) -> None:
    assert probe.is_answered(within_s=1)
    assert not HealthProbe(find_url=lambda: "http://127.0.0.1:1", silent=print, answers=print).is_answered(within_s=1)
