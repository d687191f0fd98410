"""The zip that Lambda runs, leaner than Chalice writes it, and compiled.

In goes Chalice's deployment.zip, which holds the code alone, and the zip of the wheels; out comes one zip with both,
and with bytecode, because a function's folder is read-only and would be compiled at every cold start. Entries are
sorted and bear one date: equal code makes equal bytes.
"""

import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DATE = (2000, 1, 1, 0, 0, 0)


def build_bundle(source: Path, target: Path, *, wheels: Path, compiler: Path | None) -> None:
    """Writes the zip that Lambda runs. Without a compiler, an interpreter of the runtime's release, it has no bytecode
    of the code.
    """
    shutil.copyfile(wheels, target)
    with unpacked(source) as folder:
        compile_folder(folder, compiler)
        zip_folder(folder, target)


@contextmanager
def unpacked(bundle: Path) -> Iterator[Path]:
    """Gives a folder with the entries of the zip, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="sluice-bundle-") as name, zipfile.ZipFile(bundle) as source:
        source.extractall(name)
        yield Path(name)


def compile_folder(folder: Path, compiler: Path | None) -> None:
    """Compiles without checks: a deployed file is never edited, and the zip's dates mean nothing."""
    if compiler is not None:
        words = ["-m", "compileall", "-qq", "-j", "0", "-s", str(folder), "--invalidation-mode", "unchecked-hash"]
        subprocess.run([compiler, *words, str(folder)], capture_output=True, check=False)


def zip_folder(folder: Path, target: Path) -> None:
    """Adds the files of the folder to the zip."""
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as bundle:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o755 << 16
            bundle.writestr(entry, path.read_bytes())
