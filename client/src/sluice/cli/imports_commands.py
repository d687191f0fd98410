"""`sluice imports …`: list, show and follow imports, look at their rows, mend, undo, cancel, confirm, delete."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

import click

from sluice.cli.app import App, command
from sluice.cli.corrections import ROW_NUMBER, corrections_of
from sluice.cli.exits import DONE, REFUSED, ROWS_FAILED, WRONG_USE, Stopped
from sluice.cli.help import Group, Option
from sluice.cli.layout import counted, number
from sluice.cli.outcome import ago, count_lines, end_lines, fault_lines, short_counts
from sluice.cli.progress import awaited, followed
from sluice.cli.sending import send
from sluice.cli.unknown import known_resource
from sluice.imports import Import
from sluice.models.imports import Row, Stats
from sluice.models.records import Resource
from sluice.uploads import source_file

imports = Group("imports", help="List, show, follow, mend, undo", short_help="List, show, follow, mend, undo")

_ID = click.argument("import_id")


@command("list", usage="[OPTIONS]")
@click.option(
    "--limit", cls=Option, type=click.IntRange(1), default=20, metavar="N", help="How many, the newest first: 20"
)
@click.option("-r", "--resource", cls=Option, metavar="NAME", help="Of this resource alone")
@click.option("--status", cls=Option, metavar="WORD", help="With this status alone")
def list_imports(app: App, limit: int, resource: str | None, status: str | None) -> None:
    """List imports, the newest first"""
    found = islice(app.client.imports.each(resource=resource, status=status, limit=min(limit, 100)), limit)
    app.screen.put_list(("id", "file", "resource", "status", "rows", "bad"), found, _line_of, right=(4, 5))


def _line_of(one: Import) -> tuple[str, ...]:
    known = {"preview": one.is_preview, "canceled": one.is_canceled, "held": one.held}
    status = next((word for word, is_so in known.items() if is_so), one.status)
    name = str(one.raw.get("name") or one.raw.get("filename") or "-")
    return one.id, name, one.resource, status, number(one.stats.total), number(one.stats.failed)


@command("show", usage="ID")
@_ID
def show(app: App, import_id: str) -> int:
    """Show an import: its phases, counts and faults"""
    found = app.client.imports.get(import_id)
    return _reported(app, found)


@command("follow", usage="ID")
@_ID
def follow(app: App, import_id: str) -> int:
    """Wait until an import has ended"""
    ended = followed(app.screen, app.client.imports.get(import_id))
    return _reported(app, ended)


@command("rows", usage="ID [OPTIONS]")
@_ID
@click.option("--outcome", cls=Option, metavar="WORD", help="created, updated, failed (default), skipped … or all")
@click.option("--code", cls=Option, metavar="CODE", help="With this problem alone")
@click.option("--limit", cls=Option, type=click.IntRange(1), metavar="N", help="How many; all of them otherwise")
@click.option("-o", "--output", cls=Option, metavar="FILE", help="Write them as CSV, to mend in a spreadsheet")
def rows(app: App, import_id: str, outcome: str | None, output: str | None, **given: Any) -> int:
    """Rows of an import and what became of them"""
    wanted = None if outcome == "all" else outcome or "failed"
    of = app.client.imports.get(import_id)
    found = islice(of.rows(outcome=wanted, code=given["code"]), given["limit"])
    if output is None:
        return _put_rows(app, found)
    with nullcontext(sys.stdout) if output == "-" else _spreadsheet(output) as file:
        count = _write_rows(file, found, [column.header for column in of.columns if column.header])
    app.screen.say(f"{output}  {counted(count, 'row')}")
    return DONE


def _put_rows(app: App, found: Iterator[Row]) -> int:
    first = next(found, None)
    if first is None:
        app.screen.say("There are no such rows.")
        return DONE
    for row in chain([first], found):
        app.screen.put(json.dumps(row.raw, ensure_ascii=False))
    return DONE


def _spreadsheet(path: str) -> TextIO:
    """Opens a file to write to; by its first bytes spreadsheets know that it is UTF-8."""
    return Path(path).open("w", newline="", encoding="utf-8-sig")


def _write_rows(file: TextIO, found: Iterator[Row], headers: Iterable[str]) -> int:
    first = next(found, None)
    if first is None:
        return 0
    columns = [ROW_NUMBER, *dict.fromkeys([*headers, *first.given]), "_messages"]
    writer = csv.DictWriter(file, columns, extrasaction="ignore", restval="")
    writer.writeheader()
    count = 0
    for row in chain([first], found):
        messages = " ".join(f"{one.field or ''}: {one.message} {one.hint}".strip() for one in row.problems)
        writer.writerow({**row.given, ROW_NUMBER: row.number, "_messages": messages})
        count += 1
    return count


@command("retry", usage="ID [FILE] [OPTIONS]")
@_ID
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False))
@click.option("--include", cls=Option, metavar="WORDS", default="failed", help="failed (default), skipped, unprocessed")
@click.option("--preview", "is_preview", cls=Option, is_flag=True, help="Rehearse and show; write nothing")
def retry(app: App, import_id: str, file: str | None, include: str, is_preview: bool) -> int:
    """Try rows again that failed, mended in FILE"""
    of = app.client.imports.get(import_id)
    corrections = corrections_of(app, of, Path(file)) if file else {}
    begun = of.retry(corrections, include=[one.strip() for one in include.split(",")], preview=is_preview)
    ended = followed(app.screen, begun)
    root = app.client.imports.get(ended.retry_of or import_id)
    failed, mended = number(root.stats.failed), number(root.mended)
    return _reported(app, ended, f"of the first import's {failed} failed rows {mended} are mended")


@command("undo", usage="ID [OPTIONS]")
@_ID
@click.option("-y", "--yes", "is_yes", cls=Option, is_flag=True, help="Do not ask")
@click.option("--preview", "is_preview", cls=Option, is_flag=True, help="Say what it would do; change nothing")
def undo(app: App, import_id: str, is_yes: bool, is_preview: bool) -> int:
    """Bring back what an import has changed"""
    of = app.client.imports.get(import_id)
    if not is_yes:
        if not is_preview and not app.screen.can_ask:
            app.screen.fail("Nobody is there to ask. Say --yes to undo, or --preview to only look.")
            raise Stopped(WRONG_USE)
        rehearsal = awaited(app.screen, of.undo(preview=True))
        app.screen.say(*_undo_lines(of, known_resource(app, of.resource), rehearsal.stats))
        if is_preview:
            return _printed(app, rehearsal)
        if app.screen.ask("Go on? [y/N]", {"y": "yes", "n": "no"}, "n") == "n":
            raise Stopped(REFUSED)
    ended = followed(app.screen, of.undo())
    stats = ended.stats
    reversed_ = stats.created + stats.updated + stats.deleted + stats.unchanged
    app.screen.say(
        f"✓ reverted: {number(reversed_)} reversed, {number(stats.skipped)} kept, {number(stats.failed)} failed"
    )
    return _printed(app, ended)


def _undo_lines(of: Import, resource: Resource, stats: Stats) -> Iterator[str]:
    yield f"Undo of {of.name or of.id}, imported {ago(of.created_at)}:"
    counts = {
        "delete      {} that it made": stats.deleted,
        "restore     {} that it changed": stats.updated,
        "bring back  {} that it deleted": stats.created,
        "keep        {} that others have changed since": stats.skipped,
    }
    several = {words: counted(count, resource.name, resource.plural) for words, count in counts.items() if count}
    yield from (f"  {words.format(records)}" for words, records in several.items())


@command("send", usage="ID FILE")
@_ID
@click.argument("file")
def send_file(app: App, import_id: str, file: str) -> int:
    """Send the file of an import that waits for it"""
    waiting = app.client.imports.get(import_id)
    with source_file(Path(file)) as source:
        send(app, waiting, source, is_new=False)
    ended = awaited(app.screen, waiting)
    if not ended.held:
        return _reported(app, ended)
    app.screen.say(f"✓ {file} is there, and the import is held.", f"  Begin    sluice imports release {import_id}")
    app.screen.say(f"  Browser  {app.client.url}/console#/imports/{import_id}")
    return _printed(app, ended)


@command("release", usage="ID")
@_ID
def release(app: App, import_id: str) -> int:
    """Begin an import that is held"""
    begun = app.client.imports.get(import_id).release()
    ended = followed(app.screen, begun)
    return _reported(app, ended)


@command("cancel", usage="ID")
@_ID
def cancel(app: App, import_id: str) -> int:
    """Stop an import; rows that were written stay"""
    ended = awaited(app.screen, app.client.imports.get(import_id).cancel())
    app.screen.say(f"✓ {import_id} is canceled: {short_counts(ended.stats)}")
    return _printed(app, ended)


@command("confirm", usage="ID [OPTIONS]")
@_ID
@click.option("--strict", "is_strict", cls=Option, is_flag=True, help="Fail rows whose record has changed since")
def confirm(app: App, import_id: str, is_strict: bool) -> int:
    """Make the import that a preview was about"""
    begun = app.client.imports.get(import_id).confirm(strict=is_strict)
    ended = followed(app.screen, begun)
    return _reported(app, ended)


@command("rename", usage="ID NAME")
@_ID
@click.argument("name")
def rename(app: App, import_id: str, name: str) -> int:
    """Give an import a name"""
    return _printed(app, app.client.imports.get(import_id).rename(name), is_ending=False)


@command("delete", usage="ID")
@_ID
def delete(app: App, import_id: str) -> int:
    """Remove an import and its files; records stay"""
    app.client.imports.get(import_id).delete()
    app.screen.say(f"✓ {import_id} is gone; its records stay")
    return DONE


def _reported(app: App, import_: Import, *notes: str) -> int:
    if not app.screen.is_json:
        app.screen.say(
            *count_lines(import_.stats, app.screen.width), *fault_lines(app, import_), *end_lines(app, import_, *notes)
        )
    return _printed(app, import_)


def _printed(app: App, import_: Import, *, is_ending: bool = True) -> int:
    """Writes the import for programs, and returns the code that its end stands for."""
    if app.screen.is_json:
        app.screen.put_json(import_.raw)
    elif not is_ending:
        app.screen.put(f"{import_.id}  {import_.name or ''}  {short_counts(import_.stats)}".rstrip())
    if not is_ending or not import_.has_ended or import_.is_canceled:
        return DONE
    return REFUSED if import_.status != "completed" else ROWS_FAILED if import_.stats.failed else DONE


for one in (list_imports, show, follow, rows, retry, undo, confirm, send_file, release, cancel, rename, delete):
    imports.add_command(one)
