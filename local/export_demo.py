"""What `make run` shows of the way out: what was imported as files, once now and once by a schedule.

In go a way into the API and a resource; the terminal shows how far the export has come, its files, where the first of
them lies and that it is whole, and later that the schedule has fired.
"""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from rich import box
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from local.client import Client, Json, download
from local.import_progress import FINAL, LOOK_EVERY_S
from local.screen import ended

FORMATS = ("csv", "ndjson", "xlsx")
EVERY_MINUTE = "rate(1 minute)"
RUN_WITHIN_S = 180
"""A minute until it is due, and another until the next sweep; the rest is for slow machines."""
LOOK_FOR_RUN_EVERY_S = 2.0

Wait = Callable[[float], None]


def show_export(console: Console, client: Client, resource: str, folder: Path) -> Path | None:
    """Exports everything, and keeps the CSV file in the folder. Returns its path, or None where the export did not
    complete.
    """
    console.print(f"\n{resource} → {', '.join(FORMATS)}\n", highlight=False)
    asked = client.ask("POST", "/v1/exports", {"resource": resource, "formats": FORMATS})
    export = _followed(console, client, asked["id"])
    if export["status"] != "completed":
        console.print(ended(export))
        return None
    console.print(files_table(export))
    return _kept(console, client, export, folder)


def begin_schedule(client: Client, resource: str) -> Json:
    """Creates a schedule that exports the resource every minute, and returns it."""
    export = {"resource": resource, "formats": ["ndjson"]}
    wanted = {"name": "From make run", "schedule": EVERY_MINUTE, "export": export, "destination": "demo"}
    schedule: Json = client.ask("POST", "/v1/export-schedules", wanted)
    return schedule


def show_schedule(console: Console, client: Client, schedule: Json, wait: Wait = time.sleep) -> None:
    """Waits until the schedule has fired once, says so, and pauses it, since an export every minute is of no use."""
    path = f"/v1/export-schedules/{schedule['id']}"
    for _ in range(int(RUN_WITHIN_S / LOOK_FOR_RUN_EVERY_S)):
        run = _find_run(client, path)
        if run:
            client.ask("POST", path, {"paused": True})
            became = run["reason"] or run["export"]["status"]
            told = f"The schedule {EVERY_MINUTE} has fired: {became}. It is paused now; GET {path}/runs"
            console.print(told, highlight=False, soft_wrap=True)
            return
        wait(LOOK_FOR_RUN_EVERY_S)
    console.print(f"The schedule has not fired within {RUN_WITHIN_S} s; GET {path}/runs", highlight=False)


def files_table(export: Json) -> Table:
    """Returns a table of an export's files with their rows, sizes and checksums."""
    table = Table(box=box.ROUNDED)
    table.add_column("file")
    for heading in ("rows", "size"):
        table.add_column(heading, justify="right")
    table.add_column("SHA-256")
    for file in export["files"]:
        table.add_row(file["filename"], f"{file['rows']:,}", decimal(file["size_bytes"]), f"{file['sha256'][:16]}…")
    return table


def _followed(console: Console, client: Client, export_id: str) -> Json:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        reading, writing = bars.add_task("shards read", total=None), bars.add_task("rows written", total=None)
        while True:
            export: Json = client.ask("GET", f"/v1/exports/{export_id}")
            progress = export["progress"]
            bars.update(reading, total=progress["shards_total"] or None, completed=progress["shards_done"])
            bars.update(writing, total=progress["rows_total"], completed=progress["rows_written"])
            if export["status"] in FINAL:
                return export
            time.sleep(LOOK_EVERY_S)


def _kept(console: Console, client: Client, export: Json, folder: Path) -> Path:
    """The CSV file, compared with what the export says of it."""
    link = client.ask("GET", f"/v1/exports/{export['id']}?include_csv=true")["_csv_url"]
    said = next(file for file in export["files"] if file["format"] == "csv")
    path: Path = folder / said["filename"]
    folder.mkdir(parents=True, exist_ok=True)
    content = download(link)
    path.write_bytes(content)
    is_whole = hashlib.sha256(content).hexdigest() == said["sha256"]
    verdict = "its SHA-256 is as told" if is_whole else "its SHA-256 DIFFERS from what was told"
    console.print(f"Kept as {path}; {verdict}.", highlight=False, soft_wrap=True)
    return path


def _find_run(client: Client, path: str) -> Json | None:
    """The latest run whose export has ended, or that could not begin one."""
    runs: list[Json] = client.ask("GET", f"{path}/runs")
    return next((run for run in runs if run["reason"] or (run["export"] and run["export"]["status"] in FINAL)), None)
