"""The part of a bundle that is not ours: the wheels of `requirements.txt` for the Python that runs the functions.

In goes a stage; out comes a zip, which is kept, for it seldom changes. Wheels are chosen by platform and compared with
their hashes, so that they can be fetched by any Python. Only bytecode needs an interpreter of the same release.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from local.bundle import compile_folder, zip_folder
from local.bundle_check import check_distributions
from local.installer import Place, Platform, find_installer
from local.paths import EMULATOR_PYTHON, ROOT
from local.template import AWS_PYTHON, LOCAL_STAGE

AWS = Platform(AWS_PYTHON, "aarch64", (2, 34))
"""Amazon Linux 2023, which the runtime is made of, has glibc 2.34:
https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html"""
LOCK = ROOT / "requirements.txt"
UNREAD = ("phonenumbers/geodata", "phonenumbers/carrierdata", "phonenumbers/tzdata", "bin")
"""Where a number belongs and to which carrier: 20 MB that numbers are not judged by; and commands, which none calls."""
ASK_VERSION = "import sys; print('.'.join(map(str, sys.version_info[:2])))"


@dataclass(frozen=True, slots=True)
class Runtime:
    """The interpreter that runs the functions of a stage."""

    name: str
    """What tells it from others, and with it the wheels and the bytecode."""
    platform: Platform | None
    """None for the interpreter of this machine's emulator."""
    compiler: Path | None
    """One of the same release, that makes its bytecode; None where this machine has none."""


def runtime_of(stage: str) -> Runtime:
    """Returns what the functions of a stage run in: the emulator's Python, or AWS's."""
    if stage == LOCAL_STAGE:
        return Runtime(f"{_version_of(EMULATOR_PYTHON)} {platform.machine()}", None, EMULATOR_PYTHON)
    compiler = find_python(AWS.python)
    return Runtime(f"{AWS} {'compiled' if compiler else 'as source'}", AWS, compiler)


def find_python(version: str) -> Path | None:
    """Returns an interpreter of this release, or None. AWS_PYTHON names one; otherwise it is looked for by its name."""
    names = [os.environ.get("AWS_PYTHON"), sys.executable, f"python{version}"]
    found = (shutil.which(name) for name in names if name)
    return next((Path(path) for path in found if path and _version_of(Path(path)) == version), None)


def keep_wheels(kept: Path, runtime: Runtime) -> None:
    """Makes the zip of the wheels, which bears its name only when it is whole. Raises IncompleteBundle and
    NotInstalled.
    """
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="wheels-", dir=kept.parent) as name:
        folder = Path(name)
        python = Path(sys.executable) if runtime.platform else EMULATOR_PYTHON
        find_installer().install(LOCK, Place(python, folder, runtime.platform))
        check_distributions(folder, LOCK.read_text())
        for unread in UNREAD:
            shutil.rmtree(folder / unread, ignore_errors=True)
        compile_folder(folder, runtime.compiler)
        zip_folder(folder, unfinished)
    unfinished.rename(kept)


def _version_of(python: Path) -> str:
    """Returns the release of an interpreter, such as 3.13; nothing for what is no interpreter, or cannot run."""
    try:
        done = subprocess.run([python, "-c", ASK_VERSION], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
