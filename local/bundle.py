"""The zip that Lambda runs, leaner than Chalice writes it, and compiled.

In goes Chalice's deployment.zip; out comes a zip without data that is never read and with bytecode, because a
function's folder is read-only and would be compiled at every cold start. The wheels' part is kept, for it seldom
changes. Entries are sorted and bear one date: equal code makes equal bytes.
"""

import compileall
import py_compile
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local.bundle_check import check_distributions

UNREAD = ("phonenumbers/geodata", "phonenumbers/carrierdata", "phonenumbers/tzdata")
"""Where a number belongs and to which carrier: 20 MB that numbers are not judged by."""
DATE = (2000, 1, 1, 0, 0, 0)


def build_bundle(source: Path, target: Path, *, wheels: Path, requirements: str) -> None:
    """Writes the zip that Lambda runs. `wheels` is where the part of the wheels is kept; it is made if it is not there.
    Raises IncompleteBundle.
    """
    if not wheels.is_file():
        _keep_wheels(source, wheels, requirements)
    shutil.copyfile(wheels, target)
    with unpacked(source, _is_own) as folder:
        _compile(folder)
        _zip(folder, target)


@contextmanager
def unpacked(bundle: Path, is_wanted: Callable[[str], bool] = lambda _: True) -> Iterator[Path]:
    """Gives a folder with the wanted entries of the zip, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="sluice-bundle-") as name, zipfile.ZipFile(bundle) as source:
        source.extractall(name, [entry for entry in source.namelist() if is_wanted(entry)])
        yield Path(name)


def _is_own(entry: str) -> bool:
    return entry == "app.py" or entry.startswith("chalicelib/")


def _keep_wheels(source: Path, wheels: Path, requirements: str) -> None:
    """Makes the part of the wheels, which bears its name only when it is whole."""
    wheels.parent.mkdir(parents=True, exist_ok=True)
    unfinished = wheels.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with unpacked(source, lambda entry: not _is_own(entry)) as folder:
        check_distributions(folder, requirements)
        _drop_unread(folder)
        _compile(folder)
        _zip(folder, unfinished)
    unfinished.rename(wheels)


def _drop_unread(folder: Path) -> None:
    for name in UNREAD:
        shutil.rmtree(folder / name, ignore_errors=True)


def _compile(folder: Path) -> None:
    """Compiles without checks: a deployed file is never edited, and the zip's dates mean nothing."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(folder, quiet=2, stripdir=str(folder), invalidation_mode=mode, workers=0)


def _zip(folder: Path, target: Path) -> None:
    """Adds the files of the folder to the zip."""
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as bundle:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o755 << 16
            bundle.writestr(entry, path.read_bytes())
