"""`sluice import FILE`: look at the file, propose where each column goes, rehearse, show, ask, and do it.

The file is sent once, to an import that is held; it is let go as a preview, and the preview is confirmed. Where nobody
is to be asked, it is let go as it is, and the guard rails decide.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import click
from rich.cells import cell_len

from sluice.cli.app import App, check_folder, command
from sluice.cli.columns import Headers, changed, check_headers, check_mapping, column_lines, proposed
from sluice.cli.dates import choose_date_order
from sluice.cli.exits import DONE, REFUSED, ROWS_FAILED, WRONG_USE, Stopped
from sluice.cli.guards import stopped_lines
from sluice.cli.import_options import (
    Plan,
    added_to,
    import_options,
    require_resource,
    stated_options,
    with_usual_limit,
)
from sluice.cli.layout import counted, number, size, wrapped
from sluice.cli.outcome import count_lines, end_lines, fault_lines, finding_lines, preview_lines
from sluice.cli.progress import awaited, followed, rehearsed, rows_of
from sluice.cli.sending import cancel, send
from sluice.cli.unknown import known_resource
from sluice.cli.unknown_words import choose_words, unknown_lines
from sluice.cli.value_mapping import both
from sluice.errors import SluiceError
from sluice.import_options import ImportOptions, ProfileOptions, ReadingOptions
from sluice.imports import Import
from sluice.models.imports import SourceDescription
from sluice.models.records import Resource
from sluice.uploads import SourceFile, source_file

NAME_CHARACTERS = range(3, 128)
"""How long the name of an import may be."""


@command(
    "import",
    usage="FILE --resource NAME [OPTIONS]",
    notes=("FILE is CSV, TSV, XLSX, JSON or NDJSON, also gzipped; - is standard input",),
    closing="Exit code: 0 all rows in · 1 rows failed · 3 nothing imported",
)
@click.argument("file")
@import_options
def import_file(app: App, file: str, **given: Any) -> int:
    """Import a file. Looks at it, proposes where each column goes, rehearses the whole import, shows what would happen,
    asks, and then does it."""
    is_unasked = given["is_yes"] or given["is_preview"] or given["no_wait"]
    if not (is_unasked or app.screen.can_ask):
        app.screen.fail("Nobody is there to ask. Say --yes to import, or --preview to only look.")
        raise Stopped(WRONG_USE)
    if not given["resume"]:
        require_resource(given)
    check_folder(given["errors"])
    resumed = app.client.imports.get(given["resume"]) if given["resume"] else None
    resource = known_resource(app, given["resource"] or (resumed.resource if resumed else ""))
    _check_resumed(resumed, resource)
    with source_file(sys.stdin.buffer if file == "-" else Path(file), _name_of(file, given["format"])) as source:
        return _Run(app, _plan(app, source, resource, given, resumed)).run()


def _check_resumed(resumed: Import | None, resource: Resource) -> None:
    """Raises UsageError where an import cannot be gone on with as this command does it."""
    if resumed and resumed.resource != resource.name:
        raise click.UsageError(f"{resumed.id} is an import of {resumed.resource}, not of {resource.name}.")
    if resumed and not (resumed.hold or resumed.has_ended):
        message = f"{resumed.id} begins as soon as its file is here: sluice imports send {resumed.id} FILE"
        raise click.UsageError(message)


def _name_of(file: str, format_: str | None) -> str | None:
    return None if file != "-" else f"stdin.{format_ or 'csv'}"


def _plan(app: App, source: SourceFile, resource: Resource, given: Mapping[str, Any], resumed: Import | None) -> Plan:
    remembered = _remembered(app, given, resumed)
    options = added_to(remembered, cast(ImportOptions, stated_options(given, resource)))
    if given["name"]:
        options["name"] = given["name"]
    if resumed is None:
        options = {**with_usual_limit(app, remembered, options), "filename": source.name}
        if given["profile"]:
            options["profile"] = given["profile"]
        if len(source.name) in NAME_CHARACTERS:
            options.setdefault("name", source.name)
    return Plan(
        source,
        resource,
        options,
        remembered,
        resumed,
        is_preview=given["is_preview"],
        is_yes=given["is_yes"],
        is_waiting=not given["no_wait"],
        errors=given["errors"],
        save_as=given["save_profile"],
    )


def _remembered(app: App, given: Mapping[str, Any], resumed: Import | None) -> Mapping[str, Any]:
    """Returns what need not be said again: the options of the profile, or those of the import that is gone on with."""
    if resumed:
        return {name: value for name in ProfileOptions.__annotations__ if (value := resumed.raw.get(name))}
    return app.client.profiles.get(given["profile"]).options if given["profile"] else {}


class _Run:
    """One import, from the file to its end."""

    def __init__(self, app: App, plan: Plan) -> None:
        self.app, self.plan, self.screen = app, plan, app.screen

    def run(self) -> int:
        """Returns the exit code."""
        plan = self.plan
        waiting = self._waiting()
        if not waiting.held:
            send(self.app, waiting, plan.file, is_new=plan.resumed is None)
        with self._canceled_by_interrupt(waiting):
            held = awaited(self.screen, waiting)
            source = held.source()
            self._show_file(source)
            options = self._settled(held, source)
            is_shown = plan.is_rehearsing and plan.is_waiting
            rehearsal = self._rehearsed(held, options) if is_shown else None
        if rehearsal is None:
            return self._done(held.release(**options))
        if plan.is_preview:
            self.screen.say("", *preview_lines(self.app, rehearsal))
            return self._ended(rehearsal)
        self._ask_to_import(rehearsal)
        return self._done(rehearsal.confirm())

    def _waiting(self) -> Import:
        """Returns the import that waits for the file: a new one, or the one that is gone on with."""
        plan = self.plan
        if plan.resumed:
            return plan.resumed.change(**plan.options) if plan.options else plan.resumed
        options: ImportOptions = {**plan.options, "hold": True}
        return self.app.client.imports.create(plan.file, resource=plan.resource.plural, **options)

    @contextmanager
    def _canceled_by_interrupt(self, held: Import) -> Iterator[None]:
        """Ends what waits where nobody lets it go; nothing has been written then."""
        try:
            yield
        except (KeyboardInterrupt, click.Abort):
            self.screen.say("")
            cancel(self.app, held)
            raise
        except (Stopped, SluiceError, click.ClickException):
            cancel(self.app, held)
            raise

    def _show_file(self, source: SourceDescription) -> None:
        if source.fault:
            self.screen.fail(source.fault.message)
            raise Stopped(REFUSED)
        how = [(source.encoding or source.format or "").upper(), _delimiter(source.delimiter)]
        where = f"header in line {source.header_row}" if source.header_row else ""
        facts = ", ".join(one for one in (*how, where) if one)
        told = f"{self.plan.file.name}  {size(self.plan.file.size_bytes)}  {facts}"
        is_long = cell_len(told) > self.screen.width
        self.screen.say(*(wrapped(told, self.screen.width) if is_long else [told]))
        self.screen.say(*finding_lines(source.findings, self.screen.width), "")

    def _settled(self, held: Import, source: SourceDescription) -> ImportOptions:
        """Returns the options that the file and a person who looks at it have changed."""
        plan, mapping = self.plan, proposed(source, held.column_mapping)
        check_headers(source, plan.named_headers)
        check_mapping(self.app, source, mapping, plan.file.name, plan.resource)
        self.screen.say(*column_lines(source, mapping, self.screen.width), "")
        options: ImportOptions = {"column_mapping": mapping, "preview": plan.is_rehearsing}
        if plan.is_asking:
            options |= self._answers(held, source, mapping)
        else:
            self.screen.say(*unknown_lines(source, mapping, plan.resource, self.screen.width))
        self._remember(options)
        return options

    def _answers(self, held: Import, source: SourceDescription, mapping: Headers) -> ImportOptions:
        """Returns what a person says of the columns, then of words and dates that the service cannot know."""
        agreed = self._agreed(source, mapping)
        if agreed != mapping:
            source = held.change(column_mapping=agreed).source()
        options: ImportOptions = {"column_mapping": agreed}
        words = choose_words(self.screen, source, agreed, self.plan.resource)
        if words:
            options["value_mapping"] = both(held.value_mapping, words)
        if "date_order" not in held.reading:
            order = choose_date_order(self.screen, source, agreed)
            options |= {"reading": cast(ReadingOptions, {**held.reading, **order})} if order else {}
        return options

    def _agreed(self, source: SourceDescription, mapping: Headers) -> Headers:
        answers = {"y": "yes", "c": "change", "q": "quit"}
        answer = self.screen.ask("Is this right? [Y]es, [c]hange, [q]uit:", answers, "y")
        if answer == "q":
            raise Stopped(REFUSED)
        return changed(self.app, source, mapping, self.plan.resource) if answer == "c" else mapping

    def _remember(self, settled: ImportOptions) -> None:
        """Keeps the options as a profile, those of the profile that they come from included."""
        name = self.plan.save_as
        if not name:
            return
        before = self.plan.remembered or {"duplicate_handling": "use_first"}
        stated: dict[str, Any] = {**before, **self.plan.options, **settled}
        for one in ("profile", "filename", "name", "preview"):
            stated.pop(one, None)
        resource = self.plan.resource
        self.app.client.profiles.save(name, resource=resource.name, **stated)
        self.screen.say(f"Remembered: sluice import FILE -r {resource.plural} --profile {name}", "")

    def _rehearsed(self, held: Import, options: ImportOptions) -> Import:
        self.screen.say(self.screen.strong("Rehearsal: nothing is written yet"))
        rehearsal = rehearsed(self.screen, held.release(**options))
        self.screen.say("", *count_lines(rehearsal.stats, self.screen.width), *fault_lines(self.app, rehearsal))
        self._check_ended(rehearsal)
        return rehearsal

    def _ask_to_import(self, rehearsal: Import) -> None:
        stats = rehearsal.stats
        rows = stats.created + stats.updated + stats.deleted + stats.unchanged
        out = f", leave {number(stats.failed)} out" if stats.failed else ""
        gone = f", delete {number(stats.overwritten)}" if stats.overwritten else ""
        self.screen.say("")
        if self.screen.ask(f"Import {counted(rows, 'row')}{out}{gone}? [y/N]", {"y": "yes", "n": "no"}, "n") == "n":
            self.screen.say("Nothing was written. To do it later:", f"  sluice imports confirm {rehearsal.id}")
            raise Stopped(REFUSED)

    def _done(self, begun: Import) -> int:
        if not self.plan.is_waiting:
            self.screen.put_json(begun.raw) if self.screen.is_json else self.screen.put(begun.id)
            return DONE
        ended = followed(self.screen, begun)
        self._check_ended(ended)
        self.screen.say(*end_lines(self.app, ended))
        return self._ended(ended)

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
        stopped = list(stopped_lines(ended, self.plan.resource))
        reason = ended.reason or "no reason is known"
        for line in stopped or (f"✗ {ended.status}: {reason}", f"  {ended.id}, {counted(rows_of(ended), 'row')}"):
            self.screen.fail(line)
        raise Stopped(ROWS_FAILED if stopped else REFUSED)


def _delimiter(sign: str | None) -> str:
    return {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", None: ""}.get(sign, sign or "")
