"""The command line before a service in memory, one command after the other, as they would stand in a terminal.

Two words are no commands: `edit FILE OLD NEW` changes a file, as a person would in a spreadsheet, and `@first` and
`@last` stand for the first and the last import that is no preview.
"""

from collections.abc import Iterable
from pathlib import Path

from sluice.cli.app import App
from sluice.cli.main import run
from tests.service_in_memory import ServiceInMemory


def run_commands(commands: Iterable[list[str]]) -> int:
    """Runs commands, prints each before it and its code behind it, and returns the last code."""
    service, code = ServiceInMemory(), 0
    for arguments in commands:
        if arguments[:1] == ["edit"]:
            edit(*arguments[1:])
            continue
        given = [named(service, one) for one in arguments]
        print("$ sluice", *given, flush=True)
        service.world.now += 60
        code = run(given, App(connect=lambda _: service.client()))
        print("$ echo $?", code, sep="\n", flush=True)
    return code


def edit(file: str, old: str, new: str) -> None:
    """Changes a text in a file."""
    path = Path(file)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def named(service: ServiceInMemory, word: str) -> str:
    """Returns the word, or the id that it stands for."""
    if word not in ("@first", "@last"):
        return word
    ids = [one.id for one in service.client().imports.each() if not one.is_preview]
    return ids[-1 if word == "@first" else 0]
