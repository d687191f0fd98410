"""What an import has come to, or would: counts, what rows are faulty for with an example, and what to type next."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from rich.cells import cell_len

from sluice.cli.app import App
from sluice.cli.layout import counted, cut, number, padded, wrapped
from sluice.imports import Import
from sluice.models.imports import Finding, ImportFields, Problem, Row, Stats

KINDS_SHOWN = 5
_SEEN_ELSEWHERE = frozenset({"header_unknown", "headers_mostly_unknown"})
_OPTIONS = {
    "reading.date_order": "--dates",
    "reading.encoding": "--encoding",
    "reading.format": "--format",
    "reading.header_row": "--header-row",
}
CODE_CELLS, ROWS_CELLS = 21, 8
BESIDE_FROM = 60
"""From this width on an example stands beside what it is for; else it stands below."""


def count_lines(stats: Stats, width: int) -> Iterator[str]:
    """Yields what became of the rows: one line, or more where that is too long."""
    parts = [
        f"+ {number(stats.created)} new",
        f"± {number(stats.updated)} changed",
        f"= {number(stats.unchanged)} same",
        f"» {number(stats.skipped)} skipped",
        f"! {number(stats.failed)} faulty",
    ]
    gone = stats.deleted + stats.overwritten
    parts += [f"- {number(gone)} deleted"] if gone else []
    line = ""
    for part in parts:
        longer = f"{line}    {part}" if line else f"  {part}"
        if line and cell_len(longer) > width:
            yield line
            longer = f"  {part}"
        line = longer
    yield line


def short_counts(stats: Stats) -> str:
    """Returns the counts that are not zero, as a sentence has them."""
    named = {
        "new": stats.created,
        "changed": stats.updated,
        "same": stats.unchanged,
        "deleted": stats.deleted + stats.overwritten,
        "skipped": stats.skipped,
        "faulty": stats.failed,
        "not processed": stats.unprocessed,
    }
    return ", ".join(f"{number(count)} {word}" for word, count in named.items() if count) or "no rows"


def fault_lines(app: App, import_: Import) -> Iterator[str]:
    """Yields what rows failed for, most frequent first, each with an example and what to do about it."""
    if not import_.stats.failed:
        return
    width, header = app.screen.width, _header_by_field(import_)
    kinds = sorted(import_.problems.items(), key=lambda one: (-one[1], one[0]))
    told = 0
    yield ""
    if width >= BESIDE_FROM:
        yield f"  {padded('faulty for', CODE_CELLS)}{padded('rows', ROWS_CELLS, is_right=True)}  for example"
    for code, count in kinds:
        row = next(import_.rows(outcome="failed", code=code, limit=1), None)
        if row is None:
            continue
        if told == KINDS_SHOWN:
            yield cut(f"  … and more: sluice imports rows {import_.id}", width)
            return
        told += 1
        yield from _fault(code, count, row, header, width)


def _fault(code: str, count: int, row: Row, header: Mapping[str, str], width: int) -> Iterator[str]:
    problem = next(one for one in row.problems if one.code == code)
    place = header.get(problem.field or "", problem.field or "")
    value = "(empty)" if problem.value in (None, "") else str(problem.value)
    example = "  ".join(one for one in (f"row {row.number}", place, value) if one)
    left = f"  {padded(code, CODE_CELLS)}{padded(number(count), ROWS_CELLS, is_right=True)}  "
    if width < BESIDE_FROM:
        yield f"  {code}, {counted(count, 'row')}"
        left = "    "
    indent = " " * len(left)
    yield left + cut(example, width - len(left))
    yield from (indent + line for line in wrapped(_advice(problem), width - len(left)))


def _advice(problem: Problem) -> str:
    choices = problem.facts.get("choices")
    return f"Choose one of {choices}." if choices else in_options(problem.hint or problem.message)


def in_options(text: str) -> str:
    """Returns what the service says with the options of this command line in place of those of the API."""
    for name, option in _OPTIONS.items():
        text = text.replace(name, option)
    return text


def _header_by_field(import_: ImportFields) -> dict[str, str]:
    return {column.field: column.header for column in import_.columns if column.field}


def end_lines(app: App, import_: Import, *notes: str) -> Iterator[str]:
    """Yields what an import has come to, its id, what else there is to say, and what to type next."""
    seconds = _seconds(import_)
    mark, word = ("✓", "completed") if import_.status == "completed" else ("✗", import_.status)
    yield ""
    yield f"{mark} {word}{f' in {seconds:.1f} s' if seconds else ''}: {short_counts(import_.stats)}"
    yield f"  {import_.id}"
    yield from (f"  {note}" for note in notes)
    if import_.reason:
        yield from (f"  {line}" for line in import_.reason.splitlines())
    yield from finding_lines(import_.findings, app.screen.width)
    yield from next_lines(app, import_)


def finding_lines(findings: Iterable[Finding], width: int) -> Iterator[str]:
    """Yields what is to be said of a source as a whole; columns that are left out are seen in their table."""
    for one in findings:
        if one.code not in _SEEN_ELSEWHERE:
            yield from (f"  {line}" for line in wrapped(f"Note: {one.message} {in_options(one.hint)}", width - 2))


def preview_lines(app: App, rehearsal: Import) -> Iterator[str]:
    """Yields what to type after a preview: to see its rows, and to do it."""
    yield f"  {rehearsal.id}"
    yield ""
    yield f"  Rows     sluice imports rows {rehearsal.id} --outcome all"
    yield f"  Do it    sluice imports confirm {rehearsal.id}"
    yield f"  Browser  {app.client.url}/console#/imports/{rehearsal.id}"


def next_lines(app: App, import_: Import) -> Iterator[str]:
    """Yields what to type next: to mend what failed, to take it back, and where to look at it."""
    yield ""
    if import_.stats.failed:
        yield f"  Mend     sluice imports rows {import_.id} -o mend.csv"
        yield f"           sluice imports retry {import_.id} mend.csv"
    if import_.undo_until and not import_.reverted:
        until = f"(until {import_.undo_until.day} {import_.undo_until:%b})"
        yield f"  Undo     sluice imports undo {import_.id}   {until}"
    yield f"  Browser  {app.client.url}/console#/imports/{import_.id}"


def ago(moment: datetime | None) -> str:
    """Returns how long ago something was, as people say it."""
    if moment is None:
        return "some time ago"
    seconds = max(0, int((datetime.now(UTC) - moment).total_seconds()))
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            count = seconds // length
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def _seconds(import_: ImportFields) -> float | None:
    ends = [phase.ended_at for phase in import_.phases if phase.ended_at]
    starts = [phase.started_at for phase in import_.phases if phase.started_at]
    return (max(ends) - min(starts)).total_seconds() if ends and starts else None
