"""What a deployment shows: its changes before, its resources meanwhile, what comes next afterwards.

In goes data of CloudFormation; out come rich's renderables, and lines where there is no terminal.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from local.deploying.cloudformation_stack import Change, ChangeSet, Json, OnEvent
from local.screen import printable
from local.waiting import waiting

COLOURS = {"Add": "green", "Modify": "yellow", "Remove": "red"}
LISTED = 60
"""So many changes are listed one by one."""
ENDED = ("_COMPLETE", "_FAILED", "_SKIPPED")


def changes_table(change_set: ChangeSet) -> Table:
    """Returns a table of what would change: each resource, or how many of a type where there are many, and in any case
    each that is replaced or removed.
    """
    table = Table(box=box.ROUNDED)
    for heading in ("change", "resource", "type"):
        table.add_column(heading, overflow="fold")
    if len(change_set.changes) > LISTED:
        for (action, kind), times in sorted(Counter(map(_kind, filter(_is_harmless, change_set.changes))).items()):
            table.add_row(Text(action, style=COLOURS.get(action, "")), f"{times}", kind)
        _add_rows(table, [one for one in change_set.changes if not _is_harmless(one)])
    else:
        _add_rows(table, change_set.changes)
    return table


@contextmanager
def showing_events(console: Console, what: str, total: int) -> Iterator[OnEvent]:
    """Gives who hears of events, and shows how many of the resources are done, and the one that is under way; failures
    stay on the screen.
    """
    done: set[str] = set()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(what, total=total)

        def hear(event: Json) -> None:
            name, status = event["LogicalResourceId"], event["ResourceStatus"]
            if status.endswith(ENDED):
                done.add(name)
            if status.endswith("_FAILED"):
                console.print(Text(f"{name}: {printable(str(event.get('ResourceStatusReason', status)), 1000)}", "red"))
            progress.update(bar, completed=len(done), total=max(total, len(done)), description=f"{what} {name}")

        if console.is_terminal:
            yield hear
        else:
            with waiting(what):
                yield hear


def _add_rows(table: Table, changes: Sequence[Change]) -> None:
    for one in sorted(changes, key=lambda change: (change.action, change.type, change.logical_id)):
        action = Text(one.action, style=COLOURS.get(one.action, ""))
        if one.is_replaced:
            action.append(" (may be replaced: what it holds would be lost)", style="bold red")
        table.add_row(action, one.logical_id, one.type)


def _kind(change: Change) -> tuple[str, str]:
    return change.action, change.type


def _is_harmless(change: Change) -> bool:
    return change.action != "Remove" and not change.is_replaced
