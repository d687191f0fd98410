"""The tests of one module, collected once: each mutant runs them in a fork of the process that has collected them.

    collecting process ─┬─ fork: the tests of the module as it is, which must pass
                        ├─ fork: its function gets the code of the first mutant, then the tests
                        └─ fork: …

What runs while a module or its tests are loaded cannot be changed that way: a table, a reader that tests have made for
all of them, an answer that is remembered. So nothing survives by this alone; `trial.py` has the module loaded anew.
"""

import gc
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import CodeType, FunctionType
from typing import TextIO

import pytest

from tests.mutants.mutations import code_of
from tests.mutants.trial import SAME_EVERY_TIME, Ending, TestsUnusable, ending_of, fork, run_trial, wait_for

PATIENCE = 8
"""A mutant may take as many times as long as the module itself, and `PATIENCE_S` beside."""
PATIENCE_S = 20.0
FIRST_TIMEOUT_S = 900.0


@dataclass(frozen=True, slots=True)
class Replacement:
    """Functions of a loaded module, and the code that stands in for theirs."""

    functions: list[FunctionType]
    code: CodeType

    def apply(self) -> None:
        """Changes the functions of this process."""
        for one in self.functions:
            one.__code__ = self.code


def each_ending(path: Path, numbers: Sequence[int], arguments: Sequence[str]) -> Iterator[Ending]:
    """Yields how the tests of a module end without a mutation, and, where they pass, how they end for each of these
    mutants. Raises TestsUnusable.
    """
    began = time.monotonic()
    reading, writing = os.pipe()
    collecting = fork(lambda: _collect(path, numbers, arguments, writing))
    os.close(writing)
    timeout_s = FIRST_TIMEOUT_S
    with os.fdopen(reading, encoding="utf-8") as answers:
        for line in answers:
            number, ending = json.loads(line)
            if number is None:
                timeout_s = _with_patience(time.monotonic() - began)
            is_sure = ending and (number is None or ending != Ending.SURVIVED)
            yield Ending(ending) if is_sure else run_trial(path, number, arguments, timeout_s)
    code = wait_for(collecting, FIRST_TIMEOUT_S)
    if code and timeout_s != FIRST_TIMEOUT_S:
        raise TestsUnusable(f"pytest {' '.join(arguments)} ended with {code} between two mutants")
    if code:
        yield ending_of(code, arguments)


def _collect(path: Path, numbers: Sequence[int], arguments: Sequence[str], writing: int) -> int:
    with os.fdopen(writing, "w", encoding="utf-8", buffering=1) as answers:
        return pytest.main([*SAME_EVERY_TIME, *arguments], plugins=[_Forks(path, numbers, answers)])


class _Forks:
    """A plugin of pytest that forks for each mutant, and has the tests run there."""

    def __init__(self, path: Path, numbers: Sequence[int], answers: TextIO) -> None:
        self._path = path
        self._numbers = numbers
        self._answers = answers
        self._timeout_s = FIRST_TIMEOUT_S

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Returns None where there is nothing to run, so that pytest says so."""
        if session.testsfailed or not session.items:
            return None
        began = time.monotonic()
        if self._run(session, None) is Ending.SURVIVED:
            self._timeout_s = _with_patience(time.monotonic() - began)
            for number in self._numbers:
                self._run_mutant(session, number)
        return True

    def _run_mutant(self, session: pytest.Session, number: int) -> None:
        replacement = find_replacement(self._path, number)
        if replacement:
            self._run(session, number, replacement)
        else:
            self._tell(number, None)

    def _run(self, session: pytest.Session, number: int | None, replacement: Replacement | None = None) -> Ending:
        run_rest = session.config.pluginmanager.subset_hook_caller("pytest_runtestloop", [self])

        def run_tests() -> int:
            if replacement:
                replacement.apply()
            run_rest(session=session)
            return session.testsfailed

        ending = ending_of(wait_for(fork(run_tests), self._timeout_s), ())
        self._tell(number, ending)
        return ending

    def _tell(self, number: int | None, ending: Ending | None) -> None:
        self._answers.write(json.dumps([number, ending]) + "\n")


def _with_patience(took_s: float) -> float:
    return PATIENCE * took_s + PATIENCE_S


def find_replacement(path: Path, number: int) -> Replacement | None:
    """Returns what makes a mutant of a module that is loaded; None where no function of it has the change."""
    before, after = ([*_each_function(code_of(path, one))] for one in (None, number))
    if len(before) != len(after) or before == after:
        return None
    old, new = next((old, new) for old, new in zip(before, after, strict=True) if old != new)
    if old.co_freevars != new.co_freevars:
        return None
    gc.unfreeze()  # else those that `tests/conftest.py` has frozen would not be seen
    functions = [one for one in gc.get_objects() if isinstance(one, FunctionType) and _is_code_of(one, old)]
    return Replacement(functions, new) if functions else None


def _each_function(code: CodeType) -> Iterator[CodeType]:
    """Yields the code of the functions of a module and of its classes, which have those within them as constants."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from [one] if one.co_flags & CO_OPTIMIZED else _each_function(one)


def _is_code_of(function: FunctionType, code: CodeType) -> bool:
    return function.__code__ == code and function.__code__.co_filename == code.co_filename
