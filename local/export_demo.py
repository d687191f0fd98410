"""What `make run` shows of the way out: what was imported as files, however much else is there.

In go a way into the API, a resource and a time; the terminal shows how far the export has come, its files, where the
first of them lies and that it is whole.
"""

import hashlib
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from rich import box
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from local.api_json import Json
from local.import_progress import LOOK_EVERY_S
from local.screen import ended
from local.waiting import waiting
from sluice import Sluice
from sluice.models.exports import ENDED

FORMATS = ("csv", "ndjson", "xlsx")

Since = int
"""Seconds of the epoch."""


def show_export(console: Console, client: Sluice, resource: str, since: Since, folder: Path) -> Path | None:
    """Exports what has changed since, and keeps the CSV file in the folder. Returns its path, or None where the export
    did not complete.
    """
    console.print(f"\n{resource} that this import changed → {', '.join(FORMATS)}\n", highlight=False)
    asked = client.ask(
        "POST", "/v1/exports", {"resource": resource, "formats": FORMATS, "options": changed_since(since)}
    )
    export = _followed(console, client, asked["id"])
    if export["status"] != "completed":
        console.print(ended(export))
        return None
    console.print(files_table(export))
    return _kept(console, client, export, folder)


def files_table(export: Json) -> Table:
    """Returns a table of an export's files with their rows and sizes."""
    table = Table(box=box.ROUNDED)
    table.add_column("file", overflow="fold")
    for heading in ("rows", "size"):
        table.add_column(heading, justify="right", no_wrap=True)
    for file in export["files"]:
        table.add_row(file["filename"], f"{file['rows']:,}", decimal(file["size_bytes"]))
    return table


def changed_since(seconds: Since) -> Json:
    """Returns the option of an export by which it has only records that changed since then."""
    return {"updated_at": f"gte:{datetime.fromtimestamp(seconds, UTC).isoformat()}"}


def _followed(console: Console, client: Sluice, export_id: str) -> Json:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with ExitStack() as exits:
        bars = exits.enter_context(Progress(*columns, console=console, disable=not console.is_terminal))
        if not console.is_terminal:
            exits.enter_context(waiting("exporting"))
        reading, writing = bars.add_task("shards read", total=None), bars.add_task("rows written", total=None)
        while True:
            export: Json = client.ask("GET", f"/v1/exports/{export_id}")
            progress = export["progress"]
            bars.update(reading, total=progress["shards_total"] or None, completed=progress["shards_done"])
            bars.update(writing, total=progress["rows_total"], completed=progress["rows_written"])
            if export["status"] in ENDED:
                return export
            time.sleep(LOOK_EVERY_S)


def _kept(console: Console, client: Sluice, export: Json, folder: Path) -> Path:
    """The CSV file, compared with what the export says of it."""
    said = next(file for file in export["files"] if file["format"] == "csv")
    path: Path = folder / said["filename"]
    folder.mkdir(parents=True, exist_ok=True)
    client.exports.get(export["id"]).download(path, format="csv")
    with path.open("rb") as file:
        is_whole = hashlib.file_digest(file, "sha256").hexdigest() == said["sha256"]
    verdict = "Its SHA-256 is as told" if is_whole else "Its SHA-256 DIFFERS from what was told"
    console.print(f"Kept as {path}\n{verdict}.", highlight=False, soft_wrap=True)
    return path
