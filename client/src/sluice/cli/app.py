"""What every command has: the client, the screen, and the options that stand everywhere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import click

from sluice.cli.exits import WRONG_USE, Stopped
from sluice.cli.help import Command, Option
from sluice.cli.screen import Screen
from sluice.client import Sluice

F = TypeVar("F", bound=Callable[..., Any])
Connect = Callable[[str | None], Sluice]
"""Returns a client by the login of a name."""


def connect(login: str | None) -> Sluice:
    """Returns a client by the login of a name, or whatever is found."""
    return Sluice(login=login)


@dataclass
class App:
    """One run of the command line."""

    connect: Connect = connect
    login: str | None = None
    screen: Screen = field(default_factory=Screen)

    @cached_property
    def client(self) -> Sluice:
        """Returns the client; there need not be a login before somebody asks for it."""
        return self.connect(self.login)


def command(name: str, *, usage: str = "", notes: tuple[str, ...] = (), closing: str = "") -> Callable[[F], Command]:
    """Makes a command that is given the App first, and takes the options that stand everywhere."""

    def make(function: F) -> Command:
        @click.pass_obj
        def run(app: App, /, *, as_: str | None, is_json: bool, format_: str, is_quiet: bool, **given: Any) -> Any:
            app.login = as_ or app.login
            app.screen = Screen(is_json=is_json or format_ == "json", is_quiet=is_quiet)
            return function(app, **given)

        run.__doc__ = function.__doc__
        run.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
        for one in reversed(_everywhere(run)):
            one(run)
        make_command = click.command(name, cls=Command, usage=usage, notes=notes, closing=closing)
        made: Command = make_command(run)
        made.params = [*_own(made), *_shared(made)]
        return made

    return make


def pairs(texts: Iterable[str], form: str) -> dict[str, str]:
    """Returns texts such as `name=Ann` as a mapping. Raises BadParameter, which says their form, for any other."""
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not (name and sign):
            raise click.BadParameter(f"{text}: say {form}.")
        found[name] = value
    return found


def free_file(name: str, hint: str) -> str:
    """Returns the name of a file that a command makes without being told the name. Raises Stopped where there is such a
    file, which may be the only one of its kind."""
    if Path(name).exists():
        raise Stopped(WRONG_USE, f"{name} is there already.\nName another file, or this one: {hint}")
    return name


def check_folder(file: str | None) -> None:
    """Raises BadParameter where a file is to be written later into a folder that is not there."""
    if file and not Path(file).parent.is_dir():
        raise click.BadParameter(f"{file}: there is no folder {Path(file).parent}.")


_SHARED = {"as_", "is_json", "is_quiet", "format_"}


def _own(made: Command) -> list[click.Parameter]:
    return [one for one in made.params if one.name not in _SHARED]


def _shared(made: Command) -> list[click.Parameter]:
    return [one for one in made.params if one.name in _SHARED]


def _everywhere(run: Callable[..., Any]) -> list[Callable[[Any], Any]]:
    has_format = any(one.name == "format" for one in getattr(run, "__click_params__", []))
    formats: Any = {"type": click.Choice(["table", "json"]), "default": "table"}
    return [
        click.option("--as", "as_", cls=Option, metavar="NAME", hidden=True),
        click.option("--json", "is_json", cls=Option, is_flag=True, hidden=True),
        click.option("--output-format" if has_format else "--format", "format_", cls=Option, hidden=True, **formats),
        click.option("--quiet", "is_quiet", cls=Option, is_flag=True, hidden=True),
    ]
