"""The zip that Lambda runs: leaner than Chalice writes it, compiled, and proved to be complete.

In goes Chalice's deployment.zip, whose missing wheels only earned a warning; out comes the same zip without data that
nobody reads and with bytecode, because a function's folder is read-only and would be compiled at every cold start.
Entries are sorted and bear one date: equal code makes equal bytes.
"""

import compileall
import py_compile
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

UNREAD = ("phonenumbers/geodata", "phonenumbers/carrierdata", "phonenumbers/tzdata")
"""Where a number belongs and to which carrier: 20 MB that numbers are not judged by."""
DATE = (2000, 1, 1, 0, 0, 0)

IMPORT_CHECK = """
import importlib.abc, importlib.machinery, sys
bundle, site = sys.argv[1:]
GIVEN = {"boto3", "botocore", "s3transfer", "urllib3", "dateutil", "six"}  # by Lambda's own runtime

class Given(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in GIVEN:
            return importlib.machinery.PathFinder.find_spec(name, path or [site])

sys.path.insert(0, bundle)
sys.meta_path.append(Given())
import app
"""


class IncompleteBundle(Exception):
    """The zip lacks what the code needs; the message names it."""


def rebuild_bundle(source: Path, target: Path, requirements: str, *, runs_here: bool) -> None:
    """`runs_here`: the bundle is for this machine's interpreter and platform, so that it can be imported."""
    with tempfile.TemporaryDirectory(prefix="sluice-bundle-") as name:
        folder = Path(name)
        with zipfile.ZipFile(source) as bundle:
            bundle.extractall(folder)
        _drop_unread(folder)
        check_distributions(folder, requirements)
        if runs_here:
            check_import(folder)
        _compile(folder)
        _zip(folder, target)


def check_distributions(folder: Path, requirements: str) -> None:
    """Every pinned requirement must have left its metadata in the bundle, in the pinned version."""
    present = {path.name.removesuffix(".dist-info").lower() for path in folder.glob("*.dist-info")}
    missing = sorted(set(_each_distribution(requirements)) - present)
    if missing:
        raise IncompleteBundle(f"not in the bundle: {', '.join(missing)}; are there wheels for this platform?")


def check_import(folder: Path) -> None:
    """Import the app with nothing but the bundle, the standard library and what Lambda's runtime brings."""
    site = next(path for path in sys.path if path.endswith("site-packages"))
    command = [sys.executable, "-I", "-S", "-B", "-c", IMPORT_CHECK, str(folder), site]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise IncompleteBundle(done.stderr)


def _each_distribution(requirements: str) -> Iterator[str]:
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", requirements, re.MULTILINE):
        yield f"{re.sub(r'[-_.]+', '_', name).lower()}-{version}"


def _drop_unread(folder: Path) -> None:
    for name in UNREAD:
        shutil.rmtree(folder / name, ignore_errors=True)


def _compile(folder: Path) -> None:
    """Unchecked: nobody edits a deployed file, and the zip's dates mean nothing."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(folder, quiet=2, stripdir=str(folder), invalidation_mode=mode, workers=0)


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), DATE)
            entry.external_attr = (0o755 if path.suffix == ".so" else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(entry, path.read_bytes())
