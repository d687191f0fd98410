"""One mutant under the tests of its module, in a process of its own, which ends with all that it has started.

A mutant that runs many times as long as the module itself, or needs more memory than all tests together, counts as
killed: tests end for it, too.
"""

import importlib.util
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.mutants.mutations import code_of

MEMORY_BYTES = 6 << 30
"""Of address space, most of which threads reserve and never use."""
SAME_EVERY_TIME = ("-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0")
"""What pytest is told so that a mutant ends in the same way whenever it is run, at the first test that fails."""


class Ending(StrEnum):
    """How a mutant ended."""

    KILLED = "killed"
    SURVIVED = "SURVIVED"
    TIMED_OUT = "timed out"


class TestsUnusable(Exception):
    """Raised where tests cannot be run at all, or none were found."""


class MutantLoader(SourceFileLoader):
    """Finds and loads one module with one mutation; other modules are loaded as ever."""

    def __init__(self, path: Path, number: int) -> None:
        super().__init__(".".join(path.with_suffix("").parts), str(path.absolute()))
        self._number = number

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Returns how the module is loaded; None for others."""
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        """Returns the code of the mutant."""
        return code_of(Path(self.path), self._number)


def load_libraries() -> None:
    """Loads what every trial needs, once; the code under test is loaded by each process anew."""
    for name in ("boto3", "chalice", "hypothesis", "moto", "orjson", "pydantic", "pydantic_settings", "urllib3"):
        importlib.import_module(name)


def run_trial(path: Path, number: int, arguments: Sequence[str], timeout_s: float) -> Ending:
    """Runs tests against a mutant of the module at a path below the working folder, which is changed as it is imported:
    no file is written. Raises TestsUnusable.
    """

    def run_tests() -> int:
        sys.meta_path.insert(0, MutantLoader(path, number))
        return pytest.main([*SAME_EVERY_TIME, *arguments])

    return ending_of(wait_for(fork(run_tests), timeout_s), arguments)


def ending_of(code: int | None, arguments: Sequence[str]) -> Ending:
    """Returns what the exit code of tests means; None where their time was over. Raises TestsUnusable."""
    if code is None:
        return Ending.TIMED_OUT
    if code in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise TestsUnusable(f"pytest {' '.join(arguments)} ends with {code}")
    return Ending.KILLED if code else Ending.SURVIVED


def fork(run: Callable[[], int]) -> int:
    """Returns the id of a child process that runs this quietly, and ends with what it returns."""
    child = os.fork()
    if not child:
        os._exit(_run_quietly(run))
    return child


def wait_for(child: int, timeout_s: float) -> int | None:
    """Returns the exit code of a child process, or None where its time was over; its children end with it."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            _kill_group(child)
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    _kill_group(child)
    os.waitpid(child, 0)
    return None


def _run_quietly(run: Callable[[], int]) -> int:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(silence, stream)
    try:
        return int(run())
    except BaseException:  # a mutant may raise anything, also while tests are collected
        return int(pytest.ExitCode.INTERNAL_ERROR)


def _kill_group(child: int) -> None:
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:  # it has left no processes
        return
