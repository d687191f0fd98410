"""Each target that `make` lists makes what it needs, in an empty folder, before it uses it."""

import re
import subprocess
from pathlib import Path

import pytest

from local.paths import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z-]+):.*## ", MAKEFILE, flags=re.MULTILINE)
MADE = re.compile(r"-m local\.environments (?P<folder>\S+) (?P<lock>\S+)")
MADE_BY_USE = re.compile(r"-m local\.installer")
USED = re.compile(r"(?<![\w/])(\.[\w-]+)/bin/")


def would_run(target: str, folder: Path) -> list[str]:
    """What make would do with the files of a fresh clone, line by line."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in tracked.stdout.split("\0"):
        if name.endswith("requirements.txt") or name in {"requirements-dev.txt", "tests/clients/package-lock.json"}:
            (folder / name).parent.mkdir(exist_ok=True, parents=True)
            (folder / name).touch()
    (folder / "Makefile").write_text(MAKEFILE)
    command = ["make", "--dry-run", "PYTHON=python3", target]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()


def test_targets_are_found() -> None:
    assert {"run", "test", "bench", "package", "lock"} <= set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_an_environment_is_made_before_it_is_used(target: str, tmp_path: Path) -> None:
    made: set[str] = set()
    for line in would_run(target, tmp_path):
        made |= {one["folder"] for one in MADE.finditer(line)} | ({".uv"} if MADE_BY_USE.search(line) else set())
        assert set(USED.findall(line)) <= made, line


@pytest.mark.parametrize("target", ["run", "admin", "package", "deploy", "destroy"])
def test_what_only_runs_does_without_the_tools_of_tests(target: str, tmp_path: Path) -> None:
    text = "\n".join(would_run(target, tmp_path))

    assert {one["folder"] for one in MADE.finditer(text)} == {".venv-run", ".emulator"}


def test_each_environment_has_a_lock(tmp_path: Path) -> None:
    made = {one["lock"] for target in TARGETS for one in MADE.finditer("\n".join(would_run(target, tmp_path)))}

    assert len(made) >= 4
    assert [lock for lock in made if not (ROOT / lock).is_file()] == []
