"""`sluice import FILE`: look at the file, propose where each column goes, rehearse, show, ask, and do it.

The file is sent once, to an import that is held; it is let go as a preview, and the preview is confirmed. Where nobody
is to be asked, it is let go as it is, and the guard rails decide.
"""

import re
import sys
from calendar import month_name
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from sluice.cli.app import App, command
from sluice.cli.columns import changed, check_mapping, column_lines, proposed
from sluice.cli.exits import DONE, REFUSED, ROWS_FAILED, WRONG_USE, Stopped
from sluice.cli.help import Option
from sluice.cli.layout import number, size
from sluice.cli.outcome import count_line, end_lines, fault_lines
from sluice.cli.progress import rows_of, watcher
from sluice.cli.unknown import known_resource
from sluice.errors import SluiceError
from sluice.imports import Import, ImportOptions
from sluice.models.imports import SourceDescription
from sluice.models.records import Resource
from sluice.uploads import SourceFile, source_file

F = TypeVar("F", bound=Callable[..., Any])
MAX_DELETED = "10%"
"""What an overwrite or a delete may delete, unless something else is said: the API itself has no limit."""
DATE_ORDERS = {"day-first": "day_first", "month-first": "month_first"}
DUPLICATES = {"first": "use_first", "none": "ignore_all"}
_TWO_READINGS = re.compile(r"(0?[1-9]|1[0-2])[/.-](0?[1-9]|1[0-2])[/.-]\d{2,4}$")
_GUARDS = ("max_failed", "max_deleted")


@dataclass
class Plan:
    """What is to be imported, and how."""

    file: SourceFile
    resource: Resource
    options: ImportOptions
    mapping: dict[str, str] = field(default_factory=dict)
    """What the caller has said of columns, header by field."""
    is_preview: bool = False
    is_yes: bool = False
    is_waiting: bool = True
    errors: str | None = None
    has_dates: bool = False
    """Whether the order of dates was said."""


def _options() -> Callable[[F], F]:
    what, read, far, keep = "What to do", "How to read it", "How far to go", "What to keep"
    choice = click.Choice
    listed: list[tuple[tuple[str, ...], str, dict[str, Any], str]] = [
        (("-r", "--resource"), what, {"metavar": "NAME", "required": True}, "contacts, customers, users … [required]"),
        (
            ("-a", "--action"),
            what,
            {"metavar": "WORD", "type": choice(["merge", "create", "update", "overwrite", "delete"])},
            "merge (default), create, update, overwrite, delete",
        ),
        (
            ("--duplicates",),
            what,
            {"metavar": "WORD", "type": choice(list(DUPLICATES))},
            "first (default): keep the first of equal rows; none",
        ),
        (("--match-by",), what, {"metavar": "FIELDS"}, "identities that decide, in order: external_id,email"),
        (
            ("-m", "--map", "mapping"),
            read,
            {"metavar": "FIELD=HEADER", "multiple": True},
            "Column for a field; may be repeated",
        ),
        (("--format",), read, {"metavar": "WORD"}, "csv, tsv, json, ndjson, xlsx … where it is not seen"),
        (("--encoding",), read, {"metavar": "NAME"}, "utf-8, windows-1252, shift_jis …"),
        (("--delimiter",), read, {"metavar": "CHARACTER"}, "Between the cells of a row"),
        (("--sheet",), read, {"metavar": "NAME"}, "Sheet of a workbook"),
        (("--header-row",), read, {"metavar": "LINE", "type": int}, "Where the header stands, from 1"),
        (
            ("--dates",),
            read,
            {"metavar": "WORD", "type": choice(["day-first", "month-first", "ask"])},
            "03/04/2024 is day-first, month-first, or ask (default)",
        ),
        (("--preview", "is_preview"), far, {"is_flag": True}, "Rehearse and show; write nothing"),
        (("-y", "--yes", "is_yes"), far, {"is_flag": True}, "Do not ask; guard rails still stop it"),
        (("--max-failed",), far, {"metavar": "N"}, "Stop if more rows fail: 20, or 5%"),
        (
            ("--max-deleted",),
            far,
            {"metavar": "N", "default": MAX_DELETED},
            "Stop if more would be deleted: 20, 10% (default), or none",
        ),
        (("--no-wait",), far, {"is_flag": True}, "Print the id and leave"),
        (("--errors",), keep, {"metavar": "FILE"}, "Write the failed rows, to mend in a spreadsheet"),
        (("--name",), keep, {"metavar": "TEXT"}, "How it is called in lists"),
    ]

    def add(function: F) -> F:
        for names, section, attributes, text in reversed(listed):
            function = click.option(*names, cls=Option, section=section, help=text, **attributes)(function)
        return click.argument("file")(function)

    return add


@command(
    "import",
    usage="FILE --resource NAME [OPTIONS]",
    notes=("FILE is CSV, TSV, XLSX, JSON or NDJSON, also gzipped; - is standard input",),
    closing="Exit code: 0 all rows in · 1 rows failed · 3 nothing imported",
)
@_options()
def import_file(app: App, file: str, **given: Any) -> int:
    """Import a file. Looks at it, proposes where each column goes, rehearses the whole import, shows what would happen,
    asks, and then does it."""
    is_asking = not (given["is_yes"] or given["is_preview"] or given["no_wait"])
    if is_asking and not app.screen.can_ask:
        app.screen.fail("Nobody is there to ask. Say --yes to import, or --preview to only look.")
        raise Stopped(WRONG_USE)
    resource = known_resource(app, given["resource"])
    with source_file(sys.stdin.buffer if file == "-" else Path(file), _name_of(file, given["format"])) as source:
        return _Run(app, _plan(source, resource, given)).run()


def _name_of(file: str, format_: str | None) -> str | None:
    return None if file != "-" else f"stdin.{format_ or 'csv'}"


def _plan(source: SourceFile, resource: Resource, given: dict[str, Any]) -> Plan:
    names = ("format", "encoding", "delimiter", "sheet", "header_row")
    reading = {name: given[name] for name in names if given[name] is not None}
    has_dates = given["dates"] in DATE_ORDERS
    reading |= {"date_order": DATE_ORDERS[given["dates"]]} if has_dates else {}
    options: ImportOptions = {"action": given["action"] or "merge", "reading": reading, "filename": source.name}
    options["duplicate_handling"] = DUPLICATES[given["duplicates"] or "first"]  # type: ignore[typeddict-item]
    if given["match_by"]:
        options["match_by"] = [one.strip() for one in given["match_by"].split(",")]
    if given["name"]:
        options["name"] = given["name"]
    options["max_failed"] = _limit(given["max_failed"])
    options["max_deleted"] = _limit(given["max_deleted"])
    return Plan(
        source,
        resource,
        options,
        mapping=dict(_pair(one) for one in given["mapping"]),
        is_preview=given["is_preview"],
        is_yes=given["is_yes"],
        is_waiting=not given["no_wait"],
        errors=given["errors"],
        has_dates=has_dates,
    )


def _pair(text: str) -> tuple[str, str]:
    name, sign, header = text.partition("=")
    if not sign:
        raise click.BadParameter(f"{text}: say FIELD=HEADER.")
    return name, header


def _limit(text: str | None) -> int | str | None:
    if text is None or text == "none":
        return None
    return int(text) if text.isdecimal() else text


class _Run:
    """One import, from the file to its end."""

    def __init__(self, app: App, plan: Plan) -> None:
        self.app, self.plan, self.screen = app, plan, app.screen

    def run(self) -> int:
        """Returns the exit code."""
        held = self._sent()
        with self._canceled_by_interrupt(held):
            source = held.source()
            self._show_file(source)
            options = self._settled(source)
            if self.plan.is_yes or not self.plan.is_waiting:
                return self._done(held.release(**options))
            rehearsal = self._rehearsed(held, options)
        if self.plan.is_preview:
            return self._ended(rehearsal)
        self._ask_to_import(rehearsal)
        return self._done(rehearsal.confirm())

    def _sent(self) -> Import:
        plan = self.plan
        options: ImportOptions = {**plan.options, "hold": True}
        if plan.mapping:
            options["column_mapping"] = plan.mapping
        with self.screen.live() as live, source_file(plan.file.path, plan.file.name) as file:
            watch = watcher(live, self.screen.width)
            begun = self.app.client.imports.start(
                file.path, resource=plan.resource.plural, on_progress=watch, **options
            )
        return begun.wait()

    @contextmanager
    def _canceled_by_interrupt(self, held: Import) -> Iterator[None]:
        """Ends what is held where nobody lets it go; nothing has been written then."""
        try:
            yield
        except (KeyboardInterrupt, click.Abort):
            self.screen.say("")
            self._cancel(held)
            raise
        except Stopped:
            self._cancel(held)
            raise

    def _cancel(self, held: Import) -> None:
        try:
            held.cancel()
        except SluiceError:
            return
        self.screen.say("✓ canceled; nothing was written")

    def _show_file(self, source: SourceDescription) -> None:
        if source.fault:
            self.screen.fail(source.fault.message)
            raise Stopped(REFUSED)
        how = [(source.encoding or source.format or "").upper(), _delimiter(source.delimiter)]
        where = f"header in line {source.header_row}" if source.header_row else ""
        facts = ", ".join(one for one in (*how, where) if one)
        self.screen.say(f"{self.plan.file.name}  {size(self.plan.file.size_bytes)}  {facts}", "")

    def _settled(self, source: SourceDescription) -> ImportOptions:
        """Returns the options that the file and whoever looks at it have changed."""
        mapping = proposed(source) | self.plan.mapping
        check_mapping(self.app, source, mapping, self.plan.file.name, self.plan.resource)
        self.screen.say(*column_lines(source, mapping, self.screen.width), "")
        is_asking = not (self.plan.is_yes or self.plan.is_preview) and self.plan.is_waiting
        if is_asking:
            answer = self.screen.ask(
                "Is this right? [Y]es, [c]hange, [q]uit:", {"y": "yes", "c": "change", "q": "quit"}, "y"
            )
            if answer == "q":
                raise Stopped(REFUSED)
            mapping = changed(self.app, source, mapping, self.plan.resource) if answer == "c" else mapping
        is_rehearsing = self.plan.is_preview or not (self.plan.is_yes or not self.plan.is_waiting)
        options: ImportOptions = {"column_mapping": mapping, "preview": is_rehearsing}
        if is_asking and not self.plan.has_dates and (found := _ambiguous_date(source, mapping, self.plan.resource)):
            options["reading"] = {**self.plan.options.get("reading", {}), **self._date_order(*found)}
        return options

    def _date_order(self, value: str, header: str) -> dict[str, str]:
        first, second = (int(one) for one in _TWO_READINGS.match(value).groups())  # type: ignore[union-attr]
        readings = f"[d] {first} {month_name[second]}, [m] {second} {month_name[first]}"
        question = f"{value} in {header}: {readings}, [Enter] fail such rows:"
        answer = self.screen.ask(question, {"d": "day", "m": "month"}, "")
        return {"date_order": {"d": "day_first", "m": "month_first"}[answer]} if answer else {}

    def _rehearsed(self, held: Import, options: ImportOptions) -> Import:
        self.screen.say(self.screen.strong("Rehearsal: nothing is written yet"))
        rehearsal = self._followed(held.release(**options))
        self.screen.say("", count_line(rehearsal.stats), *fault_lines(self.app, rehearsal))
        self._check_ended(rehearsal)
        return rehearsal

    def _ask_to_import(self, rehearsal: Import) -> None:
        stats = rehearsal.stats
        rows = stats.created + stats.updated + stats.deleted + stats.unchanged
        out = f", leave {number(stats.failed)} out" if stats.failed else ""
        gone = f", delete {number(stats.overwritten)}" if stats.overwritten else ""
        self.screen.say("")
        if self.screen.ask(f"Import {number(rows)} rows{out}{gone}? [y/N]", {"y": "yes", "n": "no"}, "n") == "n":
            self.screen.say("Nothing was written. To do it later:", f"  sluice imports confirm {rehearsal.id}")
            raise Stopped(REFUSED)

    def _done(self, begun: Import) -> int:
        if not self.plan.is_waiting:
            self.screen.put_json(begun.raw) if self.screen.is_json else self.screen.put(begun.id)
            return DONE
        ended = self._followed(begun)
        self._check_ended(ended)
        self.screen.say(*end_lines(self.app, ended))
        return self._ended(ended)

    def _followed(self, begun: Import) -> Import:
        with self.screen.live() as live:
            return begun.wait(on_progress=watcher(live, self.screen.width))

    def _ended(self, ended: Import) -> int:
        if self.screen.is_json:
            self.screen.put_json(ended.raw)
        if self.plan.errors and ended.has_errors_file:
            ended.download(self.plan.errors)
            self.screen.say(f"  Failed rows: {self.plan.errors}")
        return ROWS_FAILED if ended.stats.failed else DONE

    def _check_ended(self, ended: Import) -> None:
        """Raises Stopped where it did not complete: by a guard rail with the code of rows that failed."""
        if ended.status == "completed":
            return
        if self.screen.is_json:
            self.screen.put_json(ended.raw)
        reason = ended.reason or ended.status
        guard = next((one for one in _GUARDS if reason.startswith(one)), None)
        if guard:
            self.screen.fail(
                f"Stopped before writing: {reason}\nNothing has changed. If you mean it: {_loosened(guard, reason)}"
            )
            raise Stopped(ROWS_FAILED)
        self.screen.fail(f"✗ {ended.status}: {reason}\n  {ended.id}, {number(rows_of(ended))} rows")
        raise Stopped(REFUSED)


def _loosened(guard: str, reason: str) -> str:
    count = re.search(r": (\d+)", reason)
    return f"--{guard.replace('_', '-')} {count[1] if count else 'none'}"


def _delimiter(sign: str | None) -> str:
    return {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", None: ""}.get(sign, sign or "")


def _ambiguous_date(source: SourceDescription, mapping: dict[str, str], resource: Resource) -> tuple[str, str] | None:
    """Returns a value among the first rows that has two readings, by day first and by month first, with its header."""
    dates = {mapping.get(one.name) for one in resource.fields if one.type in ("date", "datetime")}
    for place, column in enumerate(source.columns):
        if column.header in dates:
            values = (row[place] for row in source.rows if place < len(row))
            found = next(
                (value for value in values if (m := _TWO_READINGS.match(value)) and int(m[1]) != int(m[2])), None
            )
            if found:
                return found, column.header
    return None
