"""`make admin DO="letters …"`: the events that failed to the last try.

letters list          shows them, with their errors
letters redrive       calls each function with its event once more
"""

import argparse
from collections.abc import Callable, Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from local.dead_letters import DeadLetter, DeadLetters, Redrive
from local.deployed_stack import DeployedStack
from local.screen import printable

OUTPUT = "DeadLettersUrl"
HOUR_S, DAY_S = 3600, 24 * 3600


def describe(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the words of this group."""
    commands.add_parser("list", help="only show them")
    commands.add_parser("redrive", help="send them again")


def perform(given: argparse.Namespace, stack: DeployedStack, now: int) -> Iterable[str]:
    """Shows them as they come. Exits with status 1 if one has failed again."""
    redriven = redrive(letters_of(stack), Console().print, now=now, is_dry=given.command == "list")
    if any(one.error for one in redriven):
        raise SystemExit(1)
    return []


def letters_of(stack: DeployedStack) -> DeadLetters:
    """Returns the dead letters of a stack. Raises SystemExit if it has no queue of them."""
    return DeadLetters(stack.client("sqs"), stack.client("lambda"), stack.output(OUTPUT))


def redrive(letters: DeadLetters, show: Callable[[Table | Text], None], *, now: float, is_dry: bool) -> list[Redrive]:
    """Shows the letters and, but for a dry run, sends each again and shows what came of it. Returns that."""
    received = letters.receive_all()
    show(letters_table(received, now) if received else Text("No dead letters."))
    if is_dry:
        for letter in received:
            letters.release(letter)
        return []
    redriven = []
    for letter in received:
        redriven.append(letters.redrive(letter))
        show(_outcome(redriven[-1]))
    return redriven


def letters_table(letters: Sequence[DeadLetter], now: float) -> Table:
    """Returns a table of the letters: what each is about, how old it is, and why it failed."""
    table = Table(box=box.ROUNDED)
    for heading in ("event", "about", "age", "failed with"):
        table.add_column(heading, overflow="fold")
    for one in letters:
        table.add_row(one.kind, printable(one.about), age(now - one.sent_at), printable(one.reason))
    return table


def age(seconds: float) -> str:
    """Returns a duration in its largest whole unit."""
    for unit, name in ((DAY_S, "d"), (HOUR_S, "h"), (60, "min")):
        if seconds >= unit:
            return f"{seconds / unit:.0f} {name}"
    return f"{max(seconds, 0):.0f} s"


def _outcome(redrive: Redrive) -> Text:
    what = f"{redrive.letter.kind} {printable(redrive.letter.about)}".strip()
    if redrive.error is None:
        return Text.assemble((f"{what}: done", "green"))
    return Text.assemble((f"{what}: failed again, kept: {printable(redrive.error)}", "red"))
