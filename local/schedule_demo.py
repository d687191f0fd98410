"""What `make run` shows of schedules: one that exports every minute fires once, before your eyes.

In go a way into the API and a resource. There is one such schedule, used again by every start. Since an export every
minute is of no use, it is paused as soon as it has fired, and whenever the run ends before; a run that was killed could
not, so the next one begins with that.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.text import Text

from local.api_json import Json
from local.export_demo import Since, changed_since
from sluice import ApiError, Sluice, SluiceError
from sluice.models.exports import ENDED

SCHEDULES = "/v1/export-schedules"
NAME = "From make run"
EVERY_MINUTE = "rate(1 minute)"
RUN_WITHIN_S = 180
"""A minute until it is due, and another until the next round; the rest is for slow machines."""
LOOK_EVERY_S = 2.0
PAUSE_S = 2.0
"""How long an end waits for the pause. The next start begins with it in any case, and between them nothing fires."""
PAGE = 100
"""As many schedules as a tenant may have."""

Wait = Callable[[float], None]


def pause_schedules(client: Sluice) -> Json | None:
    """Pauses the schedule of an earlier run and returns it, or None if there is none. Should there be several, the
    others are removed.
    """
    found: list[Json] = client.ask("GET", f"{SCHEDULES}?limit={PAGE}")
    ours = [schedule for schedule in found if schedule["name"] == NAME]
    for schedule in ours[1:]:
        client.ask("DELETE", f"{SCHEDULES}/{schedule['id']}")
    if not ours:
        return None
    _pause(client, ours[0])
    return ours[0]


@contextmanager
def running_schedule(console: Console, client: Sluice, resource: str, since: Since) -> Iterator[Json | None]:
    """Gives a schedule that exports every minute what of the resource has changed since, and pauses it at the end of
    the block. Gives None, and says why, where the API refuses one, for instance because the tenant has as many as it
    may.
    """
    try:
        schedule = _begin(client, resource, since)
    except ApiError as answer:
        console.print(Text(f"No schedule is shown; the API answered {answer.status}: {answer}"))
        yield None
        return
    try:
        yield schedule
    finally:
        _pause_at_the_end(client, schedule)


def show_schedule(console: Console, client: Sluice, schedule: Json, wait: Wait = time.sleep) -> None:
    """Waits until the schedule has fired once, pauses it, and says so."""
    runs = f"{SCHEDULES}/{schedule['id']}/runs"
    for _ in range(int(RUN_WITHIN_S / LOOK_EVERY_S)):
        run = _find_run(client, runs, after=schedule["last_due_at"] or 0)
        if run:
            _pause(client, schedule)
            became = run["reason"] or run["export"]["status"]
            told = f"The schedule {EVERY_MINUTE} has fired: {became}. It is paused now:\n  GET {runs}"
            console.print(told, highlight=False, soft_wrap=True)
            return
        wait(LOOK_EVERY_S)
    _pause(client, schedule)
    told = f"The schedule has not fired within {RUN_WITHIN_S} s and is paused; GET {runs}"
    console.print(told, highlight=False, soft_wrap=True)


def _begin(client: Sluice, resource: str, since: Since) -> Json:
    export = {"resource": resource, "formats": ["ndjson"], "options": changed_since(since)}
    wanted = {"schedule": EVERY_MINUTE, "export": export, "destination": "demo"}
    before = pause_schedules(client)
    path = f"{SCHEDULES}/{before['id']}" if before else SCHEDULES
    schedule: Json = client.ask("POST", path, wanted | ({"paused": False} if before else {"name": NAME}))
    return schedule


def _pause(client: Sluice, schedule: Json) -> None:
    client.ask("POST", f"{SCHEDULES}/{schedule['id']}", {"paused": True})


def _pause_at_the_end(client: Sluice, schedule: Json) -> None:
    """Within `PAUSE_S`: the end waits no longer for a busy machine, and not at all for an emulator that has died."""

    def pause() -> None:
        with suppress(SluiceError):
            _pause(client, schedule)

    pausing = threading.Thread(target=pause, daemon=True)
    pausing.start()
    pausing.join(PAUSE_S)


def _find_run(client: Sluice, path: str, after: int) -> Json | None:
    """The latest run that was due after this moment, and whose export has ended, or that could not begin one."""
    runs: list[Json] = client.ask("GET", path)
    new = [run for run in runs if run["due_at"] > after]
    return next((run for run in new if run["reason"] or (run["export"] and run["export"]["status"] in ENDED)), None)
