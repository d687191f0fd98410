"""The demo waits for its schedule to fire once, says so, and pauses it."""

from io import StringIO
from typing import Any, cast

from rich.console import Console

from local.client import Client, Json
from local.export_demo import LOOK_FOR_RUN_EVERY_S, RUN_WITHIN_S, show_schedule

SCHEDULE = {"id": "sch_1"}


class ScheduleClient:
    """A client that answers the history of a schedule, look by look."""

    def __init__(self, *histories: list[Json]) -> None:
        self._histories = list(histories)
        self.changes: list[object] = []

    def ask(self, method: str, path: str, body: object = None) -> Any:
        if method == "POST":
            self.changes.append((path, body))
            return {}
        return self._histories.pop(0) if len(self._histories) > 1 else self._histories[0]


def a_run(status: str) -> Json:
    return {"reason": None, "export": {"status": status}}


def run_demo(client: ScheduleClient) -> tuple[str, list[float]]:
    console = Console(file=StringIO(), width=200, force_terminal=False)
    waits: list[float] = []
    show_schedule(console, cast(Client, client), SCHEDULE, waits.append)
    return cast(StringIO, console.file).getvalue(), waits


def test_a_schedule_that_has_fired_is_reported_and_paused() -> None:
    client = ScheduleClient([], [a_run("processing")], [a_run("completed")])

    text, waits = run_demo(client)

    assert "has fired: completed" in text
    assert waits == [LOOK_FOR_RUN_EVERY_S] * 2
    assert client.changes == [("/v1/export-schedules/sch_1", {"paused": True})]


def test_a_schedule_that_does_not_fire_is_not_waited_for_without_end() -> None:
    client = ScheduleClient([])

    text, waits = run_demo(client)

    assert f"has not fired within {RUN_WITHIN_S} s" in text
    assert sum(waits) == RUN_WITHIN_S
    assert client.changes == []
