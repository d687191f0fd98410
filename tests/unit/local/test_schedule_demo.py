"""There is one schedule of `make run`: it is used again, fires once, and is paused whatever happens."""

import threading
import time
from collections.abc import Callable
from io import StringIO
from typing import Any, cast

import pytest
from rich.console import Console

from local.api_json import Json
from local.schedule_demo import (
    LOOK_EVERY_S,
    NAME,
    RUN_WITHIN_S,
    SCHEDULES,
    pause_schedules,
    running_schedule,
    show_schedule,
)
from sluice import Conflict, Sluice
from sluice.errors import Refusal

SINCE = 1_700_000_000
SCHEDULE = {"id": "sch_1", "name": NAME, "last_due_at": 100}
OTHERS = [{"id": f"sch_{n}", "name": "Nightly", "last_due_at": None} for n in range(10, 110)]


class ScheduleClient:
    """A client of an API that has these schedules, and answers the history of each look by look."""

    def __init__(self, *histories: list[Json], schedules: list[Json] | None = None) -> None:
        self._histories = list(histories)
        self._schedules = schedules or []
        self.changes: list[tuple[str, str, object]] = []
        self.wait_before_changes: Callable[[], object] = lambda: None

    def ask(self, method: str, path: str, body: object = None) -> Any:
        if method == "GET" and path.endswith("/runs"):
            return self._histories.pop(0) if len(self._histories) > 1 else self._histories[0]
        if method == "GET":
            return self._schedules
        self.wait_before_changes()
        self.changes.append((method, path, body))
        if path == SCHEDULES and len(self._schedules) >= 100:
            raise Conflict(Refusal(409, message="too_many_schedules"))
        return SCHEDULE

    @property
    def paused(self) -> list[str]:
        """Paths of the schedules that were paused, in order."""
        return [path for method, path, body in self.changes if method == "POST" and body == {"paused": True}]


@pytest.fixture
def console() -> Console:
    return Console(file=StringIO(), width=200, force_terminal=False)


def a_run(status: str, due_at: int = 160) -> Json:
    return {"reason": None, "export": {"status": status}, "due_at": due_at}


def as_client(client: ScheduleClient) -> Sluice:
    return cast(Sluice, client)


def text_of(console: Console) -> str:
    return cast(StringIO, console.file).getvalue()


def test_a_schedule_that_has_fired_is_reported_and_paused(console: Console) -> None:
    client, waits = ScheduleClient([], [a_run("processing")], [a_run("completed")]), list[float]()

    show_schedule(console, as_client(client), SCHEDULE, waits.append)

    assert "has fired: completed" in text_of(console)
    assert waits == [LOOK_EVERY_S] * 2
    assert client.paused == [f"{SCHEDULES}/sch_1"]


def test_runs_of_earlier_starts_are_none_of_this_one(console: Console) -> None:
    client, waits = ScheduleClient([a_run("failed", 100)], [a_run("completed"), a_run("failed", 100)]), list[float]()

    show_schedule(console, as_client(client), SCHEDULE, waits.append)

    assert "has fired: completed" in text_of(console)
    assert len(waits) == 1


def test_a_schedule_that_does_not_fire_is_not_waited_for_without_end_and_paused(console: Console) -> None:
    client, waits = ScheduleClient([]), list[float]()

    show_schedule(console, as_client(client), SCHEDULE, waits.append)

    assert f"has not fired within {RUN_WITHIN_S} s" in text_of(console)
    assert sum(waits) == RUN_WITHIN_S
    assert client.paused == [f"{SCHEDULES}/sch_1"]


def test_the_first_start_makes_one(console: Console) -> None:
    client = ScheduleClient(schedules=OTHERS[:3])

    with running_schedule(console, as_client(client), "customers", SINCE) as schedule:
        assert schedule == SCHEDULE

    (method, path, body), _ = client.changes
    assert (method, path) == ("POST", SCHEDULES)
    assert isinstance(body, dict)
    assert (body["name"], body["export"]["resource"]) == (NAME, "customers")
    assert body["export"]["options"] == {"updated_at": "gte:2023-11-14T22:13:20+00:00"}


def test_later_starts_use_it_again_for_their_resource(console: Console) -> None:
    client = ScheduleClient(schedules=[*OTHERS[:99], SCHEDULE])

    with running_schedule(console, as_client(client), "contacts", SINCE):
        method, path, body = client.changes[-1]

    assert (method, path) == ("POST", f"{SCHEDULES}/sch_1")
    assert isinstance(body, dict)
    assert (body["paused"], body["export"]["resource"]) == (False, "contacts")


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, RuntimeError])
def test_it_is_paused_however_the_run_ends(console: Console, error: type[BaseException]) -> None:
    client = ScheduleClient(schedules=[SCHEDULE])

    with pytest.raises(error), running_schedule(console, as_client(client), "customers", SINCE):
        raise error

    assert client.changes[-1] == ("POST", f"{SCHEDULES}/sch_1", {"paused": True})


def test_the_end_does_not_wait_for_an_api_that_does_not_answer(console: Console) -> None:
    client, answers = ScheduleClient(schedules=[SCHEDULE]), threading.Event()

    with running_schedule(console, as_client(client), "customers", SINCE):
        resumed = len(client.changes)
        client.wait_before_changes = lambda: answers.wait(60)

    assert len(client.changes) == resumed
    answers.set()


def test_the_end_waits_for_an_api_that_answers_slowly(console: Console) -> None:
    client = ScheduleClient(schedules=[SCHEDULE])

    with running_schedule(console, as_client(client), "customers", SINCE):
        client.wait_before_changes = lambda: time.sleep(0.2)

    assert client.changes[-1] == ("POST", f"{SCHEDULES}/sch_1", {"paused": True})


def test_a_start_begins_with_pausing_it_since_a_killed_run_could_not() -> None:
    client = ScheduleClient(schedules=[*OTHERS[:1], SCHEDULE])

    assert pause_schedules(as_client(client)) == SCHEDULE
    assert client.paused == [f"{SCHEDULES}/sch_1"]


def test_those_that_were_made_by_each_start_before_are_removed() -> None:
    older = [{**SCHEDULE, "id": f"sch_{n}"} for n in (2, 3)]
    client = ScheduleClient(schedules=[SCHEDULE, *older])

    pause_schedules(as_client(client))

    assert [path for method, path, _ in client.changes if method == "DELETE"] == [
        f"{SCHEDULES}/sch_2",
        f"{SCHEDULES}/sch_3",
    ]


def test_a_tenant_that_has_as_many_as_it_may_is_shown_why_there_is_none(console: Console) -> None:
    client = ScheduleClient(schedules=OTHERS)

    with running_schedule(console, as_client(client), "customers", SINCE) as schedule:
        assert schedule is None

    assert "No schedule is shown; the API answered 409: too_many_schedules" in text_of(console)
