"""Installs what a lock file names, each file compared with its hash: by uv, or by pip where uv is not to be had.

Standard library alone: this is how everything else gets here. uv lies in an environment of its own, `.uv`, and comes
from the same index as all packages, by its hash. The pip of that environment makes do without it.
"""

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.index_settings import uv_environment
from local.locks import locked
from local.paths import BUILD, ROOT
from local.waiting import waiting

FOLDER = ROOT / ".uv"
LOCK = ROOT / "local" / "installer-requirements.txt"
WITHOUT_UV = "uv cannot be had ({}); pip installs, which takes a minute longer."
FAILED_UV = "uv could not install {}; pip tries.\n{}"

Run = Callable[[Sequence[str], Mapping[str, str]], "subprocess.CompletedProcess[str]"]


class NotInstalled(Exception):
    """Raised where nothing could install what a lock file names; the message is the installer's."""


@dataclass(frozen=True, slots=True)
class Platform:
    """An interpreter that is not the one of this machine's, by which wheels are chosen."""

    python: str
    """Such as 3.13."""
    architecture: str
    """As Linux calls it, such as aarch64."""
    glibc: tuple[int, int]
    """The newest release of the C library that wheels may ask for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where packages go: into an environment, or into a folder for an interpreter."""

    python: Path
    """The interpreter of the environment, or one by which a folder's wheels are chosen."""
    folder: Path | None = None
    platform: Platform | None = None
    """Whose wheels go into the folder, unless the interpreter decides."""


def run(command: Sequence[str], environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """Runs a command and returns what it said."""
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def tell(line: str) -> None:
    """Says a line to people."""
    print(line, file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Installer:
    """An environment with pip, and with uv where an index has it."""

    folder: Path
    run: Run = run
    tell: Callable[[str], None] = tell

    @property
    def uv(self) -> Path:
        """Returns where uv lies, if it does."""
        return self.folder / "bin" / "uv"

    @property
    def pip(self) -> list[str]:
        """Returns the words that call pip."""
        return [str(self.folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]

    def install(self, lock: Path, place: Place) -> None:
        """Installs what the lock names. Raises NotInstalled."""
        if self.uv.is_file():
            done = self.run([str(self.uv), *uv_words(lock, place)], self._uv_environment())
            if done.returncode == 0:
                return
            self.tell(FAILED_UV.format(lock.name, done.stderr.strip()[-1000:]))
        done = self.run([*self.pip, *pip_words(lock, place)], os.environ)
        if done.returncode:
            raise NotInstalled(f"{lock.name}: {done.stderr.strip()[-3000:]}")

    def _uv_environment(self) -> Mapping[str, str]:
        return uv_environment(self.run([*self.pip, "config", "list"], os.environ).stdout, os.environ)


def find_installer() -> Installer:
    """Returns the installer, which is made on first use: it takes some seconds."""
    with locked(BUILD / "uv.lock", waits=True):
        stamp, installer = FOLDER / ".stamp", Installer(FOLDER)
        if not stamp.is_file() or stamp.read_text() != LOCK.read_text():
            with waiting("fetching uv, which installs the rest"):
                make_installer(installer, LOCK)
            stamp.write_text(LOCK.read_text())
        return installer


def make_installer(installer: Installer, lock: Path) -> None:
    """Makes the environment of the installer. Where uv is not to be had it says so, and pip is what there is."""
    shutil.rmtree(installer.folder, ignore_errors=True)
    venv.create(installer.folder, symlinks=True, with_pip=True)
    asked = ["install", "--quiet", "--require-hashes", "-r", str(lock)]
    done = installer.run([*installer.pip, *asked], os.environ)
    if done.returncode:
        installer.tell(WITHOUT_UV.format(done.stderr.strip().rpartition("\n")[2]))


def uv_words(lock: Path, place: Place) -> list[str]:
    """Returns the arguments by which uv installs."""
    words = ["pip", "install", "--quiet", "--require-hashes", "--python", str(place.python), "-r", str(lock)]
    if place.folder is None:
        return words
    words += ["--target", str(place.folder), "--only-binary", ":all:"]
    if place.platform is None:
        return words
    libc = "_".join(map(str, place.platform.glibc))
    named = f"{place.platform.architecture}-manylinux_{libc}"
    return [*words, "--python-version", place.platform.python, "--python-platform", named]


def pip_words(lock: Path, place: Place) -> list[str]:
    """Returns the arguments by which pip installs."""
    words = ["--python", str(place.python), "install", "--quiet", "--require-hashes", "-r", str(lock)]
    if place.folder is None:
        return words
    words += ["--target", str(place.folder), "--no-compile", "--only-binary=:all:"]
    if place.platform is None:
        return words
    names = [f"--platform={name}" for name in _platform_tags(place.platform)]
    return [*words, *names, "--implementation=cp", f"--python-version={place.platform.python}"]


def _platform_tags(platform: Platform) -> list[str]:
    """Returns every platform whose wheels run there, the newest first (PEP 600): pip does not derive the older ones."""
    major, newest = platform.glibc
    tags = [f"manylinux_{major}_{minor}" for minor in range(newest, 16, -1)] + ["manylinux2014"]
    return [f"{tag}_{platform.architecture}" for tag in tags]


if __name__ == "__main__":
    find_installer()
