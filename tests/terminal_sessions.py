"""Commands of the command line, one after the other, as they would stand in a terminal, and the screens that are kept
of them.

Some words are no commands: `edit FILE OLD NEW` changes a file, as a person would in a spreadsheet; `wait FILE RESOURCE`
makes an import that waits for its file. `@first` and `@last` stand for the first and the last import that is no
preview, `@preview`, `@export`, `@schedule`, `@webhook` and `@delivery` for the newest of these, `@contact` for the one
with the address p3@example.com.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import unified_diff
from pathlib import Path

from rich.cells import cell_len

from sluice import Sluice
from sluice.cli.app import App
from sluice.cli.main import run

_FILLER = "opfgpfdqcigvh7nx4l7276b4xg"
_VOLATILE: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\b([a-z]{3})_([a-z0-9]{26,28})\b"), lambda id_: f"{id_[1]}_{(_FILLER * 2)[: len(id_[2])]}"),
    (re.compile(r"\bkey_[\w-]{8}"), "key_4l7276b4"),
    (re.compile(r"\bwhsec_[\w-]+"), "whsec_…"),
    (re.compile(r"\bpx_[\w-]{4}…"), "px_cXVa…"),
    (re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"), "1fa89dd3-f591-4b48-89d4-bf4f182f9fad"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "9f" * 32),
    (re.compile(r"http://127\.0\.0\.1:\d+"), "http://127.0.0.1:8080"),
    (
        re.compile(r"\b20(?:2[6-9]|[3-9]\d)-\d\d-\d\d( \d\d:\d\d)?"),
        lambda found: "2026-11-30" + (" 12:00" if found[1] else ""),
    ),
    (re.compile(r"(?m)^20\d\d-\d\d$"), "2026-11"),
    (
        re.compile(r"[\d,]+ of ([\d,]+) a minute left,(\s+)until [\d:]+ UTC"),
        r"2,962 of \1 a minute left,\2until 12:01:00 UTC",
    ),
    (re.compile(r"\(until \d+ [A-Z][a-z]{2}\)"), "(until 6 Dec)"),
    (re.compile(r"imported (?:\d+ \w+ ago|just now)"), "imported 4 minutes ago"),
    (re.compile(r"✓ completed(?: in \d+\.\d s)?:"), "✓ completed in 5.8 s:"),
    (re.compile(r"\b1[78]\d{8}\b"), "1796040000"),
    (re.compile(r"\bin \d+ ms:"), "in 12 ms:"),
)


def run_commands(
    commands: Iterable[list[str]], connect: Callable[[], Sluice], before_each: Callable[[], None] = lambda: None
) -> int:
    """Runs commands, prints each before it and its code behind it, and returns the last code."""
    code = 0
    for words in commands:
        if words[:1] == ["edit"]:
            edit(*words[1:])
        elif words[:1] == ["wait"]:
            connect().imports.create(words[1], resource=words[2], hold=True)
        else:
            code = _run(words, connect, before_each)
    return code


def _run(words: list[str], connect: Callable[[], Sluice], before_each: Callable[[], None]) -> int:
    given = [_NAMED[word](connect()) if word in _NAMED else word for word in words]
    print("$ sluice", *given, flush=True)
    before_each()
    code = run(given, App(connect=lambda _: connect()))
    print("$ echo $?", code, sep="\n", flush=True)
    return code


def edit(file: str, old: str, new: str) -> None:
    """Changes a text in a file."""
    path = Path(file)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def _imports(client: Sluice) -> list[str]:
    return [one.id for one in client.imports.each() if not one.is_preview]


_NAMED: Mapping[str, Callable[[Sluice], str]] = {
    "@first": lambda client: _imports(client)[-1],
    "@last": lambda client: _imports(client)[0],
    "@preview": lambda client: next(one.id for one in client.imports.each() if one.is_preview),
    "@export": lambda client: next(client.exports.each()).id,
    "@schedule": lambda client: next(client.schedules.each()).id,
    "@webhook": lambda client: client.webhooks.list()[-1].id,
    "@delivery": lambda client: next(client.webhooks.deliveries(client.webhooks.list()[-1].id)).id,
    "@contact": lambda client: next(client.records.each("contacts", email="p3@example.com")).id,
}


def comparable(screen: str, folder: Path) -> str:
    """Returns a screen without what is different each time: ids, times, the folder that it ran in."""
    screen = screen.replace(str(folder), "/home/ann")
    for pattern, instead in _VOLATILE:
        screen = pattern.sub(instead, screen)
    return screen


_TO_COPY = re.compile(r"\bsluice [a-z]+ |\bhttp://")
"""A command to type and an address to open are not broken where even ids take most of a line."""


def check_screen(screen: str, kept: Path, columns: int) -> None:
    """Asserts that no line for people is too long, and that the screen is as it was kept; `RECORD_SCREENS=1` keeps
    it."""
    outputs = [line for line in screen.splitlines() if not line.startswith(("$ ", "{"))]
    too_long = [line for line in outputs if cell_len(line) > columns and not (columns < 80 and _TO_COPY.search(line))]
    assert not too_long, "\n".join(too_long)
    if os.environ.get("RECORD_SCREENS"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(screen, encoding="utf-8")
    expected = kept.read_text(encoding="utf-8")
    assert screen == expected, "\n".join(unified_diff(expected.splitlines(), screen.splitlines(), lineterm=""))
