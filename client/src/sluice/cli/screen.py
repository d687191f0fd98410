"""Where a command speaks: data on standard output, talk on standard error, questions where somebody is there to answer.

Colour and lines that change are for terminals alone, and not where NO_COLOR is set.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import click

from sluice.cli.layout import cut, table
from sluice.models.base import Model

M = TypeVar("M", bound=Model)
WIDEST = 120
NARROWEST = 40


class Live(Protocol):
    """Lines that change where they stand."""

    def show(self, lines: Iterable[str]) -> None:
        """Shows these lines in place of those before."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a command is told of the terminal, and how it speaks."""

    is_json: bool = False
    is_quiet: bool = False

    @property
    def width(self) -> int:
        """Returns how many cells a line may have."""
        return max(NARROWEST, min(WIDEST, shutil.get_terminal_size().columns))

    @property
    def can_ask(self) -> bool:
        """Returns whether somebody is there to answer."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def is_live(self) -> bool:
        """Returns whether lines may change."""
        return sys.stderr.isatty() and not self.is_quiet and os.environ.get("TERM") != "dumb"

    def say(self, *lines: str, is_needed: bool = False) -> None:
        """Says something that is no data; quietly only what is needed, for it cannot be asked for again."""
        if is_needed or not self.is_quiet:
            for line in lines:
                click.echo(line, err=True, color=self._colour)

    def fail(self, message: str) -> None:
        """Says what went wrong, quiet or not."""
        click.echo(message, err=True, color=self._colour)

    def put(self, *lines: str) -> None:
        """Writes data."""
        for line in lines:
            click.echo(line)

    def put_table(self, header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> None:
        """Writes a table; where there are no rows, says so."""
        found = [*rows]
        if found:
            self.put(*table(header, found, self.width, right=right))
        else:
            self.say("There is nothing.")

    def put_list(
        self,
        header: Sequence[str],
        found: Iterable[M],
        line: Callable[[M], Sequence[str]],
        *,
        right: Iterable[int] = (),
    ) -> None:
        """Writes what was found: a line for each in a table, or all of it as one JSON list."""
        if self.is_json:
            self.put_json([one.raw for one in found])
        else:
            self.put_table(header, map(line, found), right=right)

    def put_one(self, header: Sequence[str], found: Model, rows: Iterable[Sequence[str]]) -> None:
        """Writes one thing: what there is to say of it in a table, or all of it as JSON."""
        if self.is_json:
            self.put_json(found.raw)
        else:
            self.put_table(header, rows)

    def put_json(self, document: Any) -> None:
        """Writes a document, in several lines for people and in one for programs."""
        click.echo(json.dumps(document, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))

    def strong(self, text: str) -> str:
        """Returns the text so that it stands out."""
        return click.style(text, bold=True)

    def ask(self, question: str, answers: Mapping[str, str], default: str) -> str:
        """Returns the answer to a question, one of `answers`, or the default where none is given."""
        while True:
            given = (
                str(click.prompt(question, default="", show_default=False, prompt_suffix=" ", err=True)).strip().lower()
            )
            if not given:
                return default
            found = next((key for key, word in answers.items() if given in (key, word)), None)
            if found:
                return found
            self.fail(f"Answer with {', '.join(answers)}.")

    @contextmanager
    def live(self) -> Iterator[Live]:
        """Gives lines that change where they stand; where they cannot, the last of them are said at the end."""
        shown = _Redrawn(self) if self.is_live else _Printed(self)
        try:
            yield shown
        finally:
            shown.end()

    @property
    def _colour(self) -> bool | None:
        return False if os.environ.get("NO_COLOR") else None


class _Redrawn:
    """Lines on a terminal, drawn over those before."""

    def __init__(self, screen: Screen) -> None:
        self._screen, self._lines, self._has_ended = screen, 0, False

    def show(self, lines: Iterable[str]) -> None:
        """Draws over the lines before. A line that the terminal would break is cut, or it could not be drawn over; what
        a thread tells too late is not drawn over what has been said since."""
        if self._has_ended:
            return
        drawn = [cut(line, self._screen.width) for line in lines]
        up = f"\x1b[{self._lines}A" if self._lines else ""
        gone = max(0, self._lines - len(drawn))
        back = f"\x1b[{gone}A" if gone else ""
        lines = [*drawn, *[""] * gone]
        click.echo(up + "".join(f"\r\x1b[K{line}\n" for line in lines) + back, err=True, nl=False)
        self._lines = len(drawn)

    def end(self) -> None:
        """Leaves the last lines where they are."""
        self._has_ended = True


class _Printed:
    """Lines that are said once, at the end."""

    def __init__(self, screen: Screen) -> None:
        self._screen, self._lines = screen, list[str]()

    def show(self, lines: Iterable[str]) -> None:
        """Keeps the lines."""
        self._lines = [*lines]

    def end(self) -> None:
        """Says the last ones."""
        self._screen.say(*self._lines)
