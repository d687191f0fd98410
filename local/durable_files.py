"""Files that are whole or not there, whatever happens while they are written: killed processes, full disks.

In go paths and content; a reader finds the old content or the new, never a part of it. Power cuts are another matter:
nothing waits until the disk has written what it was given, which takes seconds on a busy one.
"""

import os
import shutil
import subprocess
import zlib
from pathlib import Path

PIECE_BYTES = 1024 * 1024


def write_whole(path: Path, content: str, *, mode: int = 0o666) -> None:
    """Writes the file under another name, then gives it its own. Raises OSError, and then the old content stands."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
            file.write(content)
        unfinished.replace(path)
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


def remove_tree(folder: Path) -> None:
    """Removes a folder with all that is in it, if it is there: ten thousand files in a second, where `shutil` takes
    many.
    """
    subprocess.run(["rm", "-rf", str(folder)], check=False, stderr=subprocess.DEVNULL)


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
