"""What README tells newcomers of the tree is true, and can be guessed from the question; commands of all pages are run
by a test, or say why they are not.
"""

import re
from pathlib import Path

import pytest

from local.paths import ROOT
from tests.documented_commands import PAGES, Block, blocks_of

SECTION = (ROOT / "README.md").read_text(encoding="utf-8").partition("### Where is …?")[2]
QUESTIONS = re.findall(r"^\| (?P<question>[^|]+\?) \| (?P<answer>\[.+) \|$", SECTION, flags=re.MULTILINE)

BLOCKS = [block for page in PAGES for block in blocks_of(page)]
COMMAND = re.compile(
    r"^(?:\$ |[A-Z_]+=\S+ )?(?:curl|make|aws|pytest|python3?|git|pip|docker|\. |source |echo|drop) ", re.MULTILINE
)
REASON = re.compile(r"not run: \S+ \S+ .+|run by (?P<test>\S+?)(?:,.*)?")


def _words(text: str) -> set[str]:
    """Returns the words of a question or a path, each without the ending of a plural."""
    return {word.removesuffix("s") for word in re.findall(r"[a-z]+", text.lower())}


def test_twenty_questions_are_answered() -> None:
    assert len(QUESTIONS) == 20


@pytest.mark.parametrize(("question", "answer"), QUESTIONS, ids=[question for question, _ in QUESTIONS])
def test_the_answer_exists_and_bears_a_word_of_the_question(question: str, answer: str) -> None:
    paths = re.findall(r"\]\(([^)]+)\)", answer)

    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert _words(question) & _words(paths[0])


def test_every_link_of_the_pages_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

    assert [f"{page.relative_to(ROOT)}: {link}" for page in pages for link in _each_dead_link(page)] == []


def _each_dead_link(page: Path) -> list[str]:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    return [link for link in links if not (page.parent / link).exists()]


def test_every_path_of_the_code_that_a_page_names_exists() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    named = {
        (page.relative_to(ROOT), path)
        for page in pages
        for path in re.findall(
            r"`((?:chalicelib|tests|local|statemachine|bench)/[\w/.*-]*)`", page.read_text(encoding="utf-8")
        )
        if "*" not in path
    }

    assert {(str(page), path) for page, path in named if not (ROOT / path).exists()} == set()


def _block(block: Block) -> str:
    return f"{block.page.relative_to(ROOT)}: {block.text.splitlines()[0][:40]}"


def test_there_are_commands_in_many_pages() -> None:
    assert len({block.page for block in BLOCKS if block.is_run_with_its_page}) >= 7


@pytest.mark.parametrize("block", BLOCKS, ids=_block)
def test_what_looks_like_commands_is_marked_as_shell(block: Block) -> None:
    assert block.language or not COMMAND.search(block.text)


@pytest.mark.parametrize("block", [one for one in BLOCKS if one.language == "sh"], ids=_block)
def test_commands_are_run_or_say_why_not(block: Block) -> None:
    if not block.is_run_with_its_page:
        reason = REASON.fullmatch(block.mark)
        assert reason, block.mark
        assert reason["test"] is None or (ROOT / reason["test"]).is_file()
