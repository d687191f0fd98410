"""The code of functions, unpacked once and kept: thousands of files, which take seconds to write.

In goes a bundle; out comes the folder that functions run in. It is found by the bundle's digest and used by every
stack on this machine that runs the same code. A folder gets its name when all of it is there.
"""

import hashlib
import io
import os
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

from local.durable_files import remove_tree, sync_disk

KEPT = 5
"""The folders that were used last; each change of the code makes one of 35 MB."""
UNFINISHED = "unfinished-"


def unpack_once(bundle: bytes, folder: Path) -> Path:
    """Returns a folder with the content of the bundle, which is made if it is not there. Raises OSError."""
    target = folder / hashlib.sha256(bundle).hexdigest()
    if not target.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _unpack(bundle, target)
        _prune(folder)
    os.utime(target)
    return target


def _unpack(bundle: bytes, target: Path) -> None:
    """Another process may do the same: the first to end gives its folder the name."""
    unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=target.parent))
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as packed:
            packed.extractall(unfinished)
        (unfinished / "bootstrap").chmod(0o755)
        sync_disk(unfinished)
        with suppress(OSError):
            unfinished.rename(target)
    finally:
        remove_tree(unfinished)


def _prune(folder: Path) -> None:
    used = sorted(folder.glob("[0-9a-f]" * 64), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in used[KEPT:]:
        remove_tree(path)
