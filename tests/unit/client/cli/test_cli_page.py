"""docs/cli.md: what it quotes is what is seen before the deployed stack, and its commands and options are those that
there are."""

import re
import shlex

import click
import pytest

from local.paths import ROOT
from sluice.cli.main import root
from tests.documented_commands import Block, blocks_of

PAGE = ROOT / "docs" / "cli.md"
SCREENS = ROOT / "tests" / "e2e" / "screens"
LEFT_OUT = "…"
BLOCKS = [block for block in blocks_of(PAGE) if block.language == "text"]
COMMANDS = sorted({found[0] for found in re.finditer(r"sluice [a-z][^|`\n>]*", PAGE.read_text(encoding="utf-8"))})


def is_session(block: Block) -> bool:
    """Whether a block shows what is seen of a command that ends; the other has tests of its own."""
    is_endless = block.text.startswith("$ sluice webhooks listen")
    return not is_endless and any(not line.startswith("$ ") for line in block.text.splitlines())


def test_it_quotes_what_is_seen() -> None:
    screens = "\n".join(path.read_text(encoding="utf-8") for path in SCREENS.glob("*_80.txt"))
    lines = [line for block in BLOCKS if is_session(block) for line in block.text.splitlines() if line != LEFT_OUT]

    assert [line for line in lines if line not in screens.splitlines()] == []


@pytest.mark.parametrize("text", COMMANDS)
def test_its_commands_are_there(text: str) -> None:
    command: click.Command = root
    words = shlex.split(text.partition("(")[0])[1:]
    while words and isinstance(command, click.Group):
        command = command.commands[words.pop(0).rstrip(",;.:")]

    known = {option for parameter in command.params for option in parameter.opts}
    assert [word for word in words if word.startswith("-") and word not in (*known, "-")] == []
