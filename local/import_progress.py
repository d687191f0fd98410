"""Follows an import until it has ended: live in a terminal, line by line elsewhere.

In go a console, a way to look at the import and a way to wait; out comes the import as it ended.
"""

import time
from collections.abc import Callable

from rich.console import Console
from rich.live import Live
from rich.table import Table

from local.api_json import Json
from local.screen import phase_line, phases_table
from local.waiting import waiting
from sluice.models.imports import ENDED

LOOK_EVERY_S = 0.2

Look = Callable[[], Json]
Wait = Callable[[float], None]


def follow_import(console: Console, look: Look, wait: Wait = time.sleep) -> Json:
    """Shows how far the import is until it has ended, and returns it as it is then."""
    return (_follow_live if console.is_terminal else _follow_in_lines)(console, look, wait)


def _follow_live(console: Console, look: Look, wait: Wait) -> Json:
    since, import_ = time.monotonic(), look()

    def frame() -> Table:
        return phases_table(import_, time.monotonic() - since)

    with Live(console=console, get_renderable=frame, refresh_per_second=10) as live:
        while import_["status"] not in ENDED:
            wait(LOOK_EVERY_S)
            import_ = look()
        live.refresh()
    return import_


def _follow_in_lines(console: Console, look: Look, wait: Wait) -> Json:
    """A line for every phase that ended."""
    told: set[str] = set()
    with waiting("importing"):
        while True:
            import_ = look()
            for phase in import_["phases"]:
                if phase["name"] not in told and phase["status"] not in ("pending", "processing"):
                    told.add(phase["name"])
                    console.print(phase_line(phase), highlight=False)
            if import_["status"] in ENDED:
                return import_
            wait(LOOK_EVERY_S)
