"""The commands that README and the pages of docs/ show, as a reader pastes them.

In go pages; out come their blocks of shell in order, each run by a test, or marked as not run with a reason, and a
shell in which a test pastes them.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.paths import ROOT

PAGES = [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "samples/README.md"))]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
BLOCK = re.compile(
    r"(?:<!-- (?P<mark>[^>]+) -->\n\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
PRELUDE = """
set -euo pipefail
curl() { command curl --fail-with-body --show-error "$@"; }
make() { command make -C "$PROJECT" "$@"; }
"""
"""An answer that is no success ends the shell. make runs where the project is."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a page, between fences."""

    page: Path
    language: str
    text: str
    mark: str
    """What a comment in front of it says of it, such as why it is not run."""

    @property
    def is_run_with_its_page(self) -> bool:
        """Whether the test that pastes its page's commands pastes it."""
        return self.language == "sh" and not self.mark.startswith(("not run: ", "run by "))


def blocks_of(page: Path) -> list[Block]:
    """Returns the blocks of a page, in order."""
    found = BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [Block(page, one["language"], one["text"], one["mark"] or "") for one in found]


def paste(blocks: list[Block], folder: Path, variables: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """Runs the blocks in one shell, one after the other, in the folder."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PROJECT": str(ROOT), "PATH": path, **variables}
    text = PRELUDE + "\n".join(block.text for block in blocks)
    command = ["bash", "-c", text]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
