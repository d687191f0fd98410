"""Help in the form that all commands share: what it does, how it is called, options under headings, examples.

An option is a line: its names and its value in a column of 25 cells, then what it does.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from sluice.cli.layout import wrapped

OPTION_CELLS, COMMAND_CELLS, LINE_CELLS = 25, 21, 80
GENERAL = "Options"


class Option(click.Option):
    """An option that stands under a heading."""

    def __init__(self, *args: Any, section: str = GENERAL, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.section = section


class Command(click.Command):
    """A command whose help has the common form."""

    def __init__(
        self, *args: Any, usage: str = "", notes: Sequence[str] = (), closing: str = "", **attributes: Any
    ) -> None:
        super().__init__(*args, **attributes)
        self.usage = usage
        """What stands behind the command's name."""
        self.notes = notes
        """Lines below the usage."""
        self.closing = closing

    def get_help(self, ctx: click.Context) -> str:
        """Returns the help as one text."""
        return "\n".join(self._each_line(ctx)).rstrip()

    def _each_line(self, ctx: click.Context) -> Iterator[str]:
        yield from wrapped_paragraphs(self.help or "")
        yield ""
        yield f"Usage: {ctx.command_path} {self.usage}".rstrip()
        yield from (f"       {note}" for note in self.notes)
        for section, options in _by_section(self.params):
            yield ""
            yield section
            for option in options:
                yield from option_lines(option)
        if self.closing:
            yield ""
            yield self.closing


class Group(click.Group):
    """Commands below a command."""

    def get_help(self, ctx: click.Context) -> str:
        """Returns the help as one text."""
        lines = [*wrapped_paragraphs(self.help or ""), "", f"Usage: {ctx.command_path} COMMAND [OPTIONS]", ""]
        for name in self.list_commands(ctx):
            command = self.commands[name]
            argument = getattr(command, "usage", "").partition(" [")[0].replace("[OPTIONS]", "")
            lines += _in_columns(f"{name} {argument}".strip(), command.get_short_help_str(200), COMMAND_CELLS + 4)
        return "\n".join(lines)


def option_lines(option: click.Parameter) -> Iterator[str]:
    """Yields the lines of an option."""
    if not isinstance(option, click.Option) or option.hidden:
        return
    short = [one for one in option.opts if not one.startswith("--")]
    long = [one for one in option.opts if one.startswith("--")]
    names = ", ".join([*short, *long]) if short else f"    {', '.join(long)}"
    value = "" if option.is_flag else f" {option.metavar or option.type.name.upper()}"
    text = option.help or ""
    yield from _in_columns(names + value, text, OPTION_CELLS)


def wrapped_paragraphs(text: str) -> list[str]:
    """Returns paragraphs in lines that fit."""
    return wrapped(" ".join(text.split()), LINE_CELLS)


def _in_columns(left: str, right: str, cells: int) -> Iterator[str]:
    lines = wrapped(right, LINE_CELLS - cells) or [""]
    if len(left) + 2 > cells - 1:
        yield f"  {left}".rstrip()
        left = ""
    yield f"  {left}".ljust(cells) + lines[0] if lines[0] else f"  {left}".rstrip()
    yield from (" " * cells + line for line in lines[1:])


def _by_section(params: Iterable[click.Parameter]) -> Iterator[tuple[str, list[click.Parameter]]]:
    options = [one for one in params if isinstance(one, click.Option) and not one.hidden]
    sections = list(dict.fromkeys(getattr(one, "section", GENERAL) for one in options))
    for section in sections:
        yield section, [one for one in options if getattr(one, "section", GENERAL) == section]
