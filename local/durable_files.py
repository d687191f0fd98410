"""Files that are whole or not there, whatever happens while they are written: killed processes, full disks, power cuts.

In go paths and content; a reader finds the old content or the new, never a part of it. A file gets its name when the
disk has its content, and has kept it for good when the disk has the folder, too.
"""

import ctypes
import os
import shutil
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PIECE_BYTES = 1024 * 1024
REMOVED = ".removed"
"""How the name of a folder ends that is being removed."""

Sync = Callable[[Path], None]
"""Waits until the disk has the content of a file, or the names in a folder. Raises OSError."""


def sync_path(path: Path) -> None:
    """Waits until the disk has the content of a file, or the names in a folder. Raises OSError."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sync_disk(folder: Path) -> None:
    """Waits until the disk has all that was written to the folder's file system: 0.4 s for ten thousand new files, for
    which one wait each takes a minute. Raises OSError.
    """
    if sys.platform != "linux":
        os.sync()
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(opened):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(folder))
    finally:
        os.close(opened)


def rename_durably(path: Path, target: Path, sync: Sync = sync_path) -> None:
    """Gives a file, or a folder, whose content the disk has another name in the same folder. Raises OSError."""
    path.replace(target)
    sync(target.parent)


def write_whole(path: Path, content: str, *, mode: int = 0o666, sync: Sync = sync_path) -> None:
    """Writes the file under another name, then gives it its own. Raises OSError, and then the old content stands."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
            file.write(content)
        sync(unfinished)
        rename_durably(unfinished, path, sync)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def link_tree(source: Path, target: Path) -> int:
    """Makes the target folder, with a link to each file of the source, and returns their number. Both are apart
    afterwards as long as whoever changes a file replaces it. Where the file system has no links, files are copied.
    """
    target.mkdir(parents=True)
    files = 0
    for entry in os.scandir(source) if source.is_dir() else ():
        if entry.is_dir(follow_symlinks=False):
            files += link_tree(Path(entry.path), target / entry.name)
        else:
            _link(entry.path, str(target / entry.name))
            files += 1
    return files


def remove_tree(folder: Path, within_s: float | None = None) -> None:
    """Removes a folder with all that is in it, if it is there: ten thousand files in a second, where `shutil` takes
    many. With a limit it removes what it can until then.
    """
    command = ["rm", "-rf", str(folder)]
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, check=False, stderr=subprocess.DEVNULL, timeout=within_s)


def remove_in_background(folder: Path) -> None:
    """Puts a folder out of the way at once, so that another can take its name, and removes it while others go on. What
    an earlier removal has left is removed along with it.
    """
    with suppress(FileNotFoundError):
        folder.rename(folder.with_name(f"{folder.name}.{time.time_ns()}{REMOVED}"))
    left = [str(path) for path in folder.parent.glob(f"{folder.name}.*{REMOVED}")]
    if left:
        threading.Thread(target=subprocess.run, args=(["rm", "-rf", *left],), daemon=True).start()


def checksum_of(path: Path) -> int:
    """Returns the CRC-32 of a file. Raises OSError."""
    checksum = 0
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            checksum = zlib.crc32(piece, checksum)
    return checksum


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(source, target)
