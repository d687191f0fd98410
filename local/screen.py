"""How an import looks in a terminal: its phases while it runs, its result, its rejected rows.

In go answers of the API as they came; out come rich's renderables, without any I/O.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from rich import box
from rich.console import RenderableType
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from local.api_json import Json
from local.rejection_summary import RejectionSummary

COLOURS = {
    "pending": "dim",
    "processing": "yellow",
    "completed": "green",
    "failed": "red",
    "timed_out": "red",
    "expired": "red",
    "skipped": "dim",
}
"""Of phases and imports by status; others stay plain."""
BAR_WIDTH = 15

OUTCOMES = ("created", "updated", "unchanged", "deleted", "skipped", "failed", "unprocessed")
"""What may become of a row; together they are the rows."""


def phases_table(import_: Json, elapsed_s: float) -> Table:
    """Returns a table of the phases with their status and rows."""
    table = Table(
        box=None, padding=(0, 2, 0, 0), caption=f"{import_['status']} · {elapsed_s:.1f} s", caption_justify="left"
    )
    for heading, width in (("phase", 13), ("status", 12), ("", BAR_WIDTH)):
        table.add_column(heading, header_style="dim", min_width=width)
    for heading, width in (("rows", 19), ("left here", 9)):
        table.add_column(heading, header_style="dim", justify="right", min_width=width)
    for phase in import_["phases"]:
        table.add_row(phase["name"], _status(phase["status"]), _bar(phase), _rows(phase), _left(phase))
    return table


def phase_line(phase: Json) -> str:
    """Returns a phase as one line, for outputs on which no table can be drawn over and over."""
    return f"{phase['name']:<14}{phase['status']:<10} rows {_rows(phase):>15}   left here {phase['error']:>9,}"


def result_table(import_: Json, seconds: float) -> Table:
    """Returns a table of what became of the rows, a line for each outcome that there is, however narrow the screen."""
    stats = import_["stats"]
    table = Table(box=box.ROUNDED, show_header=False, show_footer=False)
    table.add_column()
    table.add_column(justify="right")
    for name in (name for name in OUTCOMES if stats[name]):
        table.add_row(name, Text(f"{stats[name]:,}", style=_style_of(name)))
    table.add_section()
    table.add_row("rows", f"{stats['total']:,}")
    if stats["overwritten"]:
        table.add_row("overwritten", f"{stats['overwritten']:,}")
    table.add_row("seconds", f"{seconds:.1f}")
    return table


def rejected_table(rejections: Iterable[RejectionSummary]) -> Table:
    """Returns a table of the problems for which rows were rejected, with an example each."""
    table = Table(box=box.ROUNDED)
    table.add_column("rejected for", no_wrap=True)
    table.add_column("rows", justify="right", no_wrap=True)
    table.add_column("for example", overflow="fold")
    for one in rejections:
        table.add_row(one.code, f"{one.rows:,}", _example(one))
    return table


def _example(one: RejectionSummary) -> Text:
    """Returns row, field and value, then message and hint."""
    value = printable(one.value, 60)
    place = " · ".join(part for part in (f"row {one.row_number:,}", one.field, value) if part)
    return Text.assemble((place, "cyan"), "\n", printable(one.message), " ", (one.hint, "dim"))


def each_remark(import_: Json, rejections: Iterable[RejectionSummary]) -> Iterator[Text]:
    """Yields what else there is to know: about the file as a whole, and about rows that were accepted with a
    warning."""
    for finding in import_["findings"]:
        yield Text.assemble(finding["message"], " ", (finding["hint"], "dim"))
    rejected = Counter({one.code: one.times for one in rejections})
    found: Counter[str] = Counter(import_["problems"])
    accepted = found - rejected
    if accepted:
        counts = ", ".join(f"{code} {times:,}" for code, times in accepted.most_common())
        yield Text.assemble("Accepted with a warning: ", counts)


def printable(value: str, longest: int = 200) -> str:
    """Returns the value cut to a length, without characters that would move the cursor."""
    plain = "".join(one if one.isprintable() else "�" for one in value)
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def ended(import_: Json) -> Text:
    """Returns the final status, with its reason where it has one."""
    reason = f": {import_['reason']}" if import_["reason"] else ""
    return Text.assemble((import_["status"], COLOURS.get(import_["status"], "")), reason)


def _status(status: str) -> RenderableType:
    colour = COLOURS.get(status, "")
    if status == "processing":
        return Spinner("dots", Text(status, style=colour), style=colour)
    return Text(status, style=colour)


def _bar(phase: Json) -> ProgressBar:
    """How many rows are to come is unknown while the source is read: the total grows with them, and the bar only
    moves."""
    is_counting = phase["status"] == "processing" and phase["total"] <= phase["processed"]
    if phase["status"] == "completed" and not phase["total"]:
        return ProgressBar(total=1, completed=1, width=BAR_WIDTH)
    return ProgressBar(total=max(phase["total"], 1), completed=phase["processed"], width=BAR_WIDTH, pulse=is_counting)


def _rows(phase: Json) -> str:
    if phase["total"] > phase["processed"]:
        return f"{phase['processed']:,} / {phase['total']:,}"
    return f"{phase['processed']:,}"


def _left(phase: Json) -> Text:
    return Text(f"{phase['error']:,}", style="red" if phase["error"] else "dim")


def _style_of(name: str) -> str:
    return {"created": "green", "failed": "red", "unprocessed": "red", "skipped": "yellow"}.get(name, "")
