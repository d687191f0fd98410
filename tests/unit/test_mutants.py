"""Mutants change one condition each, and live or die by the tests they are run under."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from local.paths import ROOT
from tests.mutants.mutations import each_changed_condition, each_mutation


def mutants_of(source: str) -> list[str]:
    """The whole module under each of its mutations."""
    texts = []
    for number in range(len(list(each_mutation(ast.parse(source))))):
        tree = ast.parse(source)
        list(each_mutation(tree))[number].apply()
        texts.append(ast.unparse(tree))
    return texts


@pytest.mark.parametrize(
    ("source", "mutants"),
    [
        ("a < b", ["a <= b", "a >= b"]),
        ("a == 1", ["a != 1", "a == 0", "a == 2"]),
        ("a and b", ["a or b", "b", "a"]),
        ("not a", ["a"]),
        ("a if b else c", ["a if True else c", "a if False else c", "a if not b else c"]),
        ("[a for a in b if c]", ["[a for a in b if True]", "[a for a in b if False]", "[a for a in b if not c]"]),
        ("put('#a = :a AND b')", ["put('#a <> :a AND b')", "put('#a = :a OR b')"]),
    ],
)
def test_every_part_of_a_condition_is_changed(source: str, mutants: list[str]) -> None:
    assert mutants_of(source) == mutants


@pytest.mark.parametrize("source", ["assert a < b", "'''A text with #a = :a.'''", "a = b + 1", "f('SET #a = :a')"])
def test_other_code_is_left_as_it_is(source: str) -> None:
    assert mutants_of(source) == []


def test_a_condition_that_is_sent_is_changed_at_each_sign() -> None:
    changed = list(each_changed_condition("attribute_not_exists(#used) OR #used < :limit"))

    assert changed == [
        "attribute_exists(#used) OR #used < :limit",
        "attribute_not_exists(#used) AND #used < :limit",
        "attribute_not_exists(#used) OR #used <= :limit",
    ]


@pytest.mark.parametrize(
    ("test", "timeout_s", "ending"),
    [
        ("assert not is_adult(17) and is_adult(18)", 60, "killed"),
        ("assert is_adult(30)", 60, "SURVIVED"),
        ("assert is_adult(18) or next(filter(None, iter(int, 1)))", 1.5, "timed out"),
    ],
)
def test_a_mutant_ends_as_its_tests_do(tmp_path: Path, test: str, timeout_s: float, ending: str) -> None:
    (tmp_path / "people.py").write_text("def is_adult(age):\n    return age >= 18\n")
    (tmp_path / "test_people.py").write_text(f"from people import is_adult\n\ndef test_it():\n    {test}\n")

    ended = run_apart(tmp_path, "people.py", timeout_s)

    assert ended == ending


def run_apart(folder: Path, module: str, timeout_s: float) -> str:
    """Runs the first mutant in an interpreter of its own, which has no other threads when it forks."""
    program = (
        "from pathlib import Path; from tests.mutants.trial import run_trial;"
        f"import os, sys; sys.path.insert(0, '.'); os.chdir({str(folder)!r});"
        f"print(run_trial(Path({module!r}), 0, ['test_people.py'], {timeout_s}))"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return ended.stdout.strip()
