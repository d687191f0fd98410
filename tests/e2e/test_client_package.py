"""The client as its users get it: a wheel, in an environment of its own, with nothing but what it asks for."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from local.installer import find_installer
from local.paths import ROOT

BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"
USER = """
from sluice import Import, Sluice, RowsFailed


def count(sluice: Sluice) -> int:
    done: Import = sluice.imports.run("customers.csv", resource="customers", max_failed="5%")
    names: list[str] = [str(record.fields["name"]) for record in sluice.records.each("customers", status="active")]
    try:
        done.raise_for_rows()
    except RowsFailed:
        return done.stats.failed
    return len(names)
"""
MISUSE = USER + "\n\ncount(Sluice()).upper()\nSluice().imports.run(1, resurce='x')\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT / "client", folder / "client", ignore=shutil.ignore_patterns("*.egg-info", "build"))
    subprocess.run([sys.executable, "-c", BUILD, str(folder)], cwd=folder / "client", check=True, capture_output=True)
    [found] = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    uv = ROOT / ".uv" / "bin" / "uv"
    command = [str(uv), "pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), str(wheel)]
    assert find_installer()
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_the_command_is_there_and_needs_nothing_else(environment: Path) -> None:
    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        nobody = {"HOME": str(environment), "PATH": "/usr/bin:/bin"}
        command = [str(environment / "bin" / "sluice"), *arguments]
        return subprocess.run(command, cwd=environment, env=nobody, capture_output=True, text=True, check=False)

    version, nobody_signed_in = run("--version"), run("imports", "list")

    assert version.stdout.startswith("sluice 0.")
    assert (nobody_signed_in.returncode, nobody_signed_in.stderr) == (
        4,
        "Not signed in. sluice login, or set SLUICE_URL and SLUICE_KEY.\n",
    )


@pytest.mark.parametrize(("program", "errors"), [(USER, []), (MISUSE, ["upper", "resurce"])])
def test_users_are_told_the_types(environment: Path, tmp_path: Path, program: str, errors: list[str]) -> None:
    (tmp_path / "user.py").write_text(program)
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", str(environment / "bin" / "python")]

    checked = subprocess.run(
        [*command, "--config-file", "/dev/null", "--cache-dir", str(tmp_path / "cache"), "user.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert bool(checked.returncode) == bool(errors), checked.stdout
    assert [word for word in errors if word not in checked.stdout] == []
