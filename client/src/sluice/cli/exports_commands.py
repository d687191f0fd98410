"""`sluice export RESOURCE`, `sluice exports …` and `sluice schedules …`: records as files, once and again and again."""

import shutil
import sys
import tempfile
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click

from sluice.cli.app import App, check_folder, command, free_file, pairs
from sluice.cli.exits import DONE, REFUSED, Stopped
from sluice.cli.help import Group, Option
from sluice.cli.layout import counted, named, number, size
from sluice.cli.progress import export_lines
from sluice.cli.screen import Screen
from sluice.cli.unknown import known_resource
from sluice.exports import Export, ExportOptions
from sluice.models.exports import Schedule

exports = Group("exports", help="List, show, download, cancel", short_help="List, show, download, cancel")
schedules = Group("schedules", help="Exports again and again", short_help="Exports again and again")
_FORMATS = ("csv", "tsv", "json", "ndjson", "xlsx")


@command("export", usage="RESOURCE [OPTIONS]")
@click.argument("resource")
@click.option("-o", "--output", cls=Option, metavar="FILE", help="RESOURCE.csv (default); - is standard output")
@click.option(
    "--format",
    cls=Option,
    type=click.Choice(_FORMATS),
    metavar="WORD",
    help="csv (default), tsv, json, ndjson, xlsx",
)
@click.option(
    "--where",
    cls=Option,
    multiple=True,
    metavar="FIELD=VALUE",
    help="Of this value alone; also gt:9, lt:9, contains:x",
)
@click.option("--fields", cls=Option, metavar="FIELDS", help="Which columns, in this order: email,name")
@click.option("--order-by", cls=Option, metavar="FIELD", help="By which field they are sorted")
@click.option("--since", cls=Option, metavar="TIME", help="Only what was changed since then, deletions included")
def export(app: App, resource: str, output: str | None, **given: Any) -> int:
    """Write records to a file"""
    written = given["format"] or _format_of(output)
    known = known_resource(app, resource)
    target = output or free_file(f"{known.plural}.{written}", "-o FILE")
    check_folder(target)
    ended = _awaited(app.screen, app.client.exports.start(known.name, **_selection(given, written)), written)
    _check_completed(app, ended)
    return _saved(app, ended, written, target)


def _awaited(screen: Screen, begun: Export, written: str) -> Export:
    """Waits for the end of an export, shows how far it is meanwhile, and returns it. After Ctrl-C it says what becomes
    of it."""
    try:
        with screen.live() as live:
            ended = begun.wait(on_progress=lambda state: live.show(export_lines(state.progress, screen.width)))
            live.show([])
            return ended
    except KeyboardInterrupt:
        screen.say("", "The export goes on.", f"  Look     sluice exports show {begun.id}")
        screen.say(f"  Fetch    sluice exports download {begun.id} {written}")
        screen.say(f"  Stop     sluice exports cancel {begun.id}")
        raise


def _format_of(output: str | None) -> str:
    ending = Path(output or "").suffix.removeprefix(".")
    return ending if ending in _FORMATS else "csv"


def _selection(given: dict[str, Any], written: str) -> ExportOptions:
    chosen: ExportOptions = {"format": written}
    options: dict[str, Any] = {**pairs(given["where"], "FIELD=VALUE")}
    if given["order_by"]:
        options |= {"order_by": given["order_by"], "direction": "asc"}
    if options:
        chosen["options"] = options
    if given["fields"]:
        chosen["fields"] = [one.strip() for one in given["fields"].split(",")]
    if given["since"]:
        chosen["since"] = given["since"]
    return chosen


def _check_completed(app: App, ended: Export) -> None:
    if ended.status != "completed":
        app.screen.fail(f"✗ {ended.status}: {ended.reason or 'no reason is known'}\n  {ended.id}")
        raise Stopped(REFUSED)


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _saved(app: App, ended: Export, format: str, output: str) -> int:
    if output == "-":
        with tempfile.TemporaryDirectory(prefix="sluice-") as folder:
            path = ended.download(Path(folder) / "file", format=format)
            with path.open("rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.flush()
        return DONE
    path = ended.download(output, format=format)
    rows = next((one.rows for one in ended.files if one.format == format), 0)
    if app.screen.is_json:
        app.screen.put_json(ended.raw)
    app.screen.say(f"✓ {path}  {counted(rows, 'row')}  {size(path.stat().st_size)}", f"  {ended.id}")
    return DONE


@command("list", usage="[OPTIONS]")
@click.option(
    "--limit", cls=Option, type=click.IntRange(1), default=20, metavar="N", help="How many, the newest first: 20"
)
def list_exports(app: App, limit: int) -> None:
    """List exports, the newest first"""
    app.screen.put_list(
        ("id", "resource", "formats", "status", "rows"),
        islice(app.client.exports.each(limit=min(limit, 100)), limit),
        lambda one: (one.id, one.resource, ",".join(one.formats), one.status, number(one.progress.rows or 0)),
        right=(4,),
    )


@command("show", usage="ID")
@click.argument("export_id")
def show_export(app: App, export_id: str) -> None:
    """Show an export and its files"""
    found = app.client.exports.get(export_id)
    if app.screen.is_json:
        app.screen.put_json(found.raw)
        return
    reason = f": {found.reason}" if found.reason else ""
    app.screen.put(f"{found.id}  {found.resource}  {found.status}{reason}")
    rows = [(one.format, one.filename, number(one.rows), size(one.size_bytes)) for one in found.files]
    app.screen.put_table(("format", "file", "rows", "size"), rows, right=(2, 3))


@command("download", usage="ID FORMAT [FILE]")
@click.argument("export_id")
@click.argument("file_format", metavar="FORMAT")
@click.argument("file", required=False)
def download(app: App, export_id: str, file_format: str, file: str | None) -> int:
    """Fetch a file of an export, or its manifest"""
    ended = app.client.exports.get(export_id)
    return _saved(app, ended, file_format, file or f"{export_id}.{file_format}")


@command("cancel", usage="ID")
@click.argument("export_id")
def cancel_export(app: App, export_id: str) -> None:
    """Stop an export"""
    app.client.exports.get(export_id).cancel()
    app.screen.say(f"✓ {export_id} is canceled")


@command("list", usage="")
def list_schedules(app: App) -> None:
    """List schedules, the newest first"""
    app.screen.put_list(
        ("id", "name", "when", "resource", "due, UTC"),
        app.client.schedules.each(),
        lambda one: (one.id, one.name or "", one.schedule, str(one.export.get("resource", "")), _next_due(one)),
    )


@command("create", usage="WHEN RESOURCE [OPTIONS]")
@click.argument("when")
@click.argument("resource")
@click.option(
    "--format", cls=Option, type=click.Choice(_FORMATS), default="csv", metavar="WORD", help="csv (default) …"
)
@click.option("--changes", cls=Option, is_flag=True, help="Only what has changed since the last time")
@click.option("--time-zone", cls=Option, metavar="NAME", help="Europe/Berlin; UTC otherwise")
@click.option("--name", cls=Option, metavar="TEXT", help="How it is called in lists")
def create_schedule(app: App, when: str, resource: str, format: str, **given: Any) -> int:
    """Export again and again: rate(1 hour), cron(…)"""
    known = known_resource(app, resource)
    named = {"name": given["name"]} if given["name"] else {}
    zone = {"time_zone": given["time_zone"]} if given["time_zone"] else {}
    made = app.client.schedules.create(
        when, {"resource": known.name, "format": format}, incremental=given["changes"], **named, **zone
    )
    app.screen.put_json(made.raw) if app.screen.is_json else app.screen.put(made.id)
    app.screen.say(f"✓ due first at {_next_due(made)} UTC", f"  Runs     sluice schedules runs {made.id}")
    return DONE


@command("show", usage="ID")
@click.argument("schedule_id")
def show_schedule(app: App, schedule_id: str) -> None:
    """Show a schedule and when it is due"""
    found = app.client.schedules.get(schedule_id)
    if app.screen.is_json:
        app.screen.put_json(found.raw)
        return
    what = ", ".join(f"{name} {value}" for name, value in found.export.items())
    told = {
        "Name": found.name or "",
        "When": f"{found.schedule}, {found.time_zone}",
        "Exports": what + (", changes only" if found.incremental else ""),
        "Delivers": found.destination or "",
        "Due": _next_due(found) if found.paused else f"{_next_due(found)} UTC",
        "Before": f"{_minute(found.last_due_at)} UTC" if found.last_due_at else "",
    }
    app.screen.put(found.id)
    for name, text in told.items():
        app.screen.put(*(named(name, text, app.screen.width) if text else ()))


def _next_due(one: Schedule) -> str:
    return "paused" if one.paused else _minute(one.next_due_at)


@command("pause", usage="ID")
@click.argument("schedule_id")
def pause_schedule(app: App, schedule_id: str) -> None:
    """Let a schedule rest"""
    app.client.schedules.change(schedule_id, paused=True)
    app.screen.say(f"✓ {schedule_id} rests", f"  Go on    sluice schedules resume {schedule_id}")


@command("resume", usage="ID")
@click.argument("schedule_id")
def resume_schedule(app: App, schedule_id: str) -> None:
    """Let a schedule go on"""
    made = app.client.schedules.change(schedule_id, paused=False)
    app.screen.say(f"✓ {schedule_id} is due next at {_minute(made.next_due_at)} UTC")


@command("runs", usage="ID")
@click.argument("schedule_id")
def schedule_runs(app: App, schedule_id: str) -> None:
    """What became of each due time"""
    app.screen.put_list(
        ("due, UTC", "status", "rows", "export"),
        islice(app.client.schedules.runs(schedule_id), 100),
        lambda one: (_minute(one.due_at), one.status, number(one.rows or 0), one.export_id or ""),
        right=(2,),
    )


@command("delete", usage="ID")
@click.argument("schedule_id")
def delete_schedule(app: App, schedule_id: str) -> None:
    """Remove a schedule"""
    app.client.schedules.delete(schedule_id)
    app.screen.say(f"✓ {schedule_id} is gone")


for one in (list_exports, show_export, download, cancel_export):
    exports.add_command(one)
for one in (
    list_schedules,
    create_schedule,
    show_schedule,
    pause_schedule,
    resume_schedule,
    schedule_runs,
    delete_schedule,
):
    schedules.add_command(one)
