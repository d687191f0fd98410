"""What README tells newcomers of the tree is true, and can be guessed from the question."""

import re
from pathlib import Path

import pytest

from local.paths import ROOT

SECTION = (ROOT / "README.md").read_text(encoding="utf-8").partition("### Where is …?")[2]
QUESTIONS = re.findall(r"^\| (?P<question>[^|]+\?) \| (?P<answer>\[.+) \|$", SECTION, flags=re.MULTILINE)


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
