"""docs/clients.md: its commands are those that the tests run."""

import re

from local.paths import ROOT
from tests.clients.workshop import COMMANDS

PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")


def test_the_commands_of_the_page_are_those_that_are_run() -> None:
    assert re.findall(r"^\| [^|]+ \| `([^`]+)` \|", PAGE, flags=re.MULTILINE) == list(COMMANDS.values())
