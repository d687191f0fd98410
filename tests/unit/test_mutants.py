"""Mutants change one condition each, and live or die by the tests they are run under."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from local.paths import ROOT
from tests.mutants.mutations import each_changed_condition, each_mutation
from tests.mutants.own_tests import ALSO, own_tests
from tests.mutants.session import each_mutant


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


FUNCTION = """
def is_adult(age):
    return age >= 18
"""
METHOD = """
from functools import cache

class Person:
    @staticmethod
    @cache
    def is_adult(age):
        return age >= 18

is_adult = Person.is_adult
"""
CLOSURE = """
def is_at_least(least):
    return lambda age: age >= 18

is_adult = is_at_least(18)
"""
TABLE = """
is_adult = [age >= 18 for age in range(99)].__getitem__
"""
NOTICES = "assert not is_adult(17) and is_adult(18)"
NOTICES_ONE = "assert is_adult(18)"
NEVER_ENDS = "assert is_adult(18) or next(filter(None, iter(int, 1)))"


@pytest.mark.parametrize(
    "module",
    [FUNCTION, METHOD, CLOSURE, TABLE],
    ids=["a function", "a method", "a function made when loaded", "a table made when loaded"],
)
def test_a_mutant_ends_as_its_tests_do(tmp_path: Path, module: str) -> None:
    """The mutants are age > 18 and age >= 17; before them comes the module as it is."""
    write_module(tmp_path, module, NOTICES_ONE)

    ended = run_apart(tmp_path, "print(*each_ending(PEOPLE, (0, 2), TESTS))")

    assert ended == ["SURVIVED", "killed", "SURVIVED"]


def test_every_mutant_that_its_tests_notice_is_killed(tmp_path: Path) -> None:
    """The mutants are age > 18, age < 18, age >= 17 and age >= 19; before them comes the module as it is."""
    write_module(tmp_path, FUNCTION, NOTICES)

    ended = run_apart(tmp_path, "print(*each_ending(PEOPLE, range(4), TESTS))")

    assert ended == ["SURVIVED", *["killed"] * 4]


def test_a_mutant_that_never_ends_is_given_up(tmp_path: Path) -> None:
    write_module(tmp_path, FUNCTION, NEVER_ENDS)

    assert run_apart(tmp_path, "print(run_trial(PEOPLE, 0, TESTS, 1.5).name)") == ["TIMED_OUT"]


def test_nothing_is_asked_of_tests_that_fail_for_the_module_as_it_is(tmp_path: Path) -> None:
    write_module(tmp_path, FUNCTION, "assert is_adult(0)")

    assert run_apart(tmp_path, "print(*each_ending(PEOPLE, range(4), TESTS))") == ["killed"]


def write_module(folder: Path, module: str, test: str) -> None:
    (folder / "people.py").write_text(module)
    (folder / "test_people.py").write_text(f"from people import is_adult\n\ndef test_it():\n    {test}\n")


def run_apart(folder: Path, statement: str) -> list[str]:
    """Returns the words that a statement prints in an interpreter of its own, which has no other threads when it
    forks."""
    program = (
        "import os, sys; from pathlib import Path; from tests.mutants.trial import run_trial;"
        "from tests.mutants.collected import each_ending;"
        f"sys.path.insert(0, '.'); os.chdir({str(folder)!r}); PEOPLE, TESTS = Path('people.py'), ['test_people.py'];"
        f"{statement}"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return ended.stdout.split()


def test_every_module_with_conditions_has_tests_of_its_own() -> None:
    assert {str(one) for one in {mutant.path for mutant in each_mutant()} if not own_tests(one)} == set()


def test_tests_that_are_named_as_a_module_s_own_are_there() -> None:
    assert [one for one in ALSO if not (ROOT / "chalicelib" / one).is_file()] == []
    assert [one for tests in ALSO.values() for one in tests if not (ROOT / "tests" / one).is_file()] == []
