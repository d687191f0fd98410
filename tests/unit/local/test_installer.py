"""Lock files are installed by uv, or by pip where uv is not to be had; neither takes a file that was not locked."""

import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from local.installer import Installer, NotInstalled, Place, Platform, make_installer, pip_words, run, uv_words

AWS = Platform("3.13", "aarch64", (2, 34))
LOCK = Path("lock.txt")


class FakeRun:
    """Commands that succeed, but for those that the test names."""

    def __init__(self, *failing: str) -> None:
        self.failing = failing
        self.commands: list[str] = []

    def __call__(self, command: Sequence[str], _environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
        self.commands.append(" ".join(command))
        fails = any(word in self.commands[-1] for word in self.failing)
        return subprocess.CompletedProcess(command, int(fails), "", "no such package" if fails else "")


def installer_with(commands: FakeRun, folder: Path, *, has_uv: bool = True) -> tuple[Installer, list[str]]:
    lines: list[str] = []
    installer = Installer(folder, commands, lines.append)
    if has_uv:
        installer.uv.parent.mkdir(parents=True)
        installer.uv.touch()
    return installer, lines


def test_uv_installs_where_it_is_there(tmp_path: Path) -> None:
    commands = FakeRun()
    installer, lines = installer_with(commands, tmp_path)

    installer.install(LOCK, Place(Path("env/bin/python")))

    assert commands.commands[-1].endswith("uv pip install --quiet --require-hashes --python env/bin/python -r lock.txt")
    assert lines == []


def test_pip_installs_where_uv_is_not_there(tmp_path: Path) -> None:
    commands = FakeRun()
    installer, _ = installer_with(commands, tmp_path, has_uv=False)

    installer.install(LOCK, Place(Path("env/bin/python")))

    [command] = commands.commands
    assert command.endswith("--python env/bin/python install --quiet --require-hashes -r lock.txt")


def test_pip_tries_what_uv_could_not_do_and_it_is_said(tmp_path: Path) -> None:
    commands = FakeRun("bin/uv pip")
    installer, lines = installer_with(commands, tmp_path)

    installer.install(LOCK, Place(Path("env/bin/python")))

    assert lines == ["uv could not install lock.txt; pip tries.\nno such package"]
    assert "-m pip" in commands.commands[-1]


def test_what_neither_could_do_ends_with_the_reason(tmp_path: Path) -> None:
    installer, _ = installer_with(FakeRun("install"), tmp_path)

    with pytest.raises(NotInstalled, match=r"lock\.txt: no such package"):
        installer.install(LOCK, Place(Path("env/bin/python")))


def test_an_index_without_uv_leaves_pip(tmp_path: Path) -> None:
    installer, lines = installer_with(FakeRun("install"), tmp_path / ".uv", has_uv=False)

    make_installer(installer, LOCK)

    assert (tmp_path / ".uv" / "bin" / "python").exists()
    assert lines == ["uv cannot be had (no such package); pip installs, which takes a minute longer."]


def test_wheels_are_chosen_for_another_platform() -> None:
    place = Place(Path("python"), Path("wheels"), AWS)

    assert uv_words(LOCK, place)[-4:] == ["--python-version", "3.13", "--python-platform", "aarch64-manylinux_2_34"]
    words = pip_words(LOCK, place)
    assert words[-2:] == ["--implementation=cp", "--python-version=3.13"]
    assert {"--platform=manylinux_2_34_aarch64", "--platform=manylinux_2_17_aarch64"} < set(words)
    assert "--platform=manylinux2014_aarch64" in words


@pytest.fixture
def folder_of_files(tmp_path: Path) -> Path:
    """A folder as an index, and a lock that knows none of its files."""
    (tmp_path / "files").mkdir()
    with zipfile.ZipFile(tmp_path / "files" / "locked-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("locked-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: locked\nVersion: 1.0\n")
        wheel.writestr("locked-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("locked-1.0.dist-info/RECORD", "")
    (tmp_path / "lock.txt").write_text(f"locked==1.0 --hash=sha256:{'0' * 64}\n")
    return tmp_path


def test_pip_refuses_a_file_that_was_not_locked(folder_of_files: Path) -> None:
    words = pip_words(folder_of_files / "lock.txt", Place(Path(sys.executable), folder_of_files / "wheels"))

    given = ["--isolated", "--no-index", f"--find-links={folder_of_files / 'files'}"]
    done = run([sys.executable, "-m", "pip", *words, *given], {})

    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr


def test_uv_refuses_a_file_that_was_not_locked(folder_of_files: Path) -> None:
    uv = Installer(Path(".uv").resolve()).uv
    if not uv.is_file():
        pytest.skip("pip made this environment")
    words = uv_words(folder_of_files / "lock.txt", Place(Path(sys.executable), folder_of_files / "wheels"))

    done = run([str(uv), *words, "--no-index", f"--find-links={folder_of_files / 'files'}", "--no-cache"], {})

    assert done.returncode != 0
    assert "Hash mismatch" in done.stderr
