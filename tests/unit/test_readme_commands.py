"""Every block of commands on a page is run by a test, or says why it is not."""

import re

import pytest

from local.paths import ROOT
from tests.documented_commands import PAGES, Block, blocks_of

BLOCKS = [block for page in PAGES for block in blocks_of(page)]
COMMAND = re.compile(
    r"^(?:\$ |[A-Z_]+=\S+ )?(?:curl|make|aws|pytest|python3?|git|pip|docker|\. |source |echo|drop) ", re.MULTILINE
)
REASON = re.compile(r"not run: \S+ \S+ .+|run by (?P<test>\S+?)(?:,.*)?")


def _where(block: Block) -> str:
    return f"{block.page.relative_to(ROOT)}: {block.text.splitlines()[0][:40]}"


def test_there_are_commands_in_many_pages() -> None:
    assert len({block.page for block in BLOCKS if block.is_run_with_its_page}) >= 7


@pytest.mark.parametrize("block", BLOCKS, ids=_where)
def test_what_looks_like_commands_is_marked_as_shell(block: Block) -> None:
    assert block.language or not COMMAND.search(block.text)


@pytest.mark.parametrize("block", [one for one in BLOCKS if one.language == "sh"], ids=_where)
def test_commands_are_run_or_say_why_not(block: Block) -> None:
    if not block.is_run_with_its_page:
        reason = REASON.fullmatch(block.mark)
        assert reason, block.mark
        assert reason["test"] is None or (ROOT / reason["test"]).is_file()
