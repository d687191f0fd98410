"""The folder of snapshots: each is the emulator's whole state at one moment, its tables and its objects together.

A snapshot is written under another name and gets its number when the disk has all of it, so that a process that is
killed, a disk that is full or a power cut leaves the last ones as they are. Objects are links to the files as they
were; the emulator replaces files and never changes them.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

from local.durable_files import (
    Sync,
    checksum_of,
    link_tree,
    remove_tree,
    rename_durably,
    sync_disk,
)

KEPT = 2
"""The newest ones: should one be damaged, the one before is taken."""
MANIFEST = "manifest.json"
UNFINISHED = "unfinished-"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is said of a snapshot."""

    taken_at: float
    """In seconds of the epoch."""
    is_last: bool
    """Whether it was taken on a stop in order: then nothing came after it."""
    running: list[str] = field(default_factory=list)
    """Names of the executions that were running."""
    events: list[list[str]] = field(default_factory=list)
    """Function and payload of each event that a function had not taken yet."""
    checksums: dict[str, int] = field(default_factory=dict)
    """CRC-32 of each file of the state, by its path."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot that is whole, or was when it got its number."""

    folder: Path
    manifest: Manifest

    @property
    def state(self) -> Path:
        """Returns the folder with a file of each service."""
        return self.folder / "state"

    @property
    def objects(self) -> Path:
        """Returns the folder with the objects of S3."""
        return self.folder / "s3"

    def is_whole(self) -> bool:
        """Returns whether each file of the state is there and as it was written."""
        try:
            return all(checksum_of(self.state / path) == found for path, found in self.manifest.checksums.items())
        except OSError:
            return False


class SnapshotFolder:
    """All snapshots of one stack. One process writes into it at a time."""

    def __init__(self, folder: Path, sync: Sync = sync_disk) -> None:
        self._folder = folder
        self._sync = sync

    def find_newest(self) -> Snapshot | None:
        """Returns the newest snapshot that is whole."""
        return next((one for one in self._each() if one.is_whole()), None)

    def begin(self, objects: Path) -> Path:
        """Returns a folder to write the state of a new snapshot into. It has the objects already, as they are now, and
        the functions' code of the last one, which seldom changes. Raises OSError.
        """
        self._clear()
        unfinished = self._folder / f"{UNFINISHED}{self._next_number():012d}"
        unfinished.mkdir(parents=True)
        link_tree(objects, unfinished / "s3")
        newest = next(self._each(), None)
        code = newest.state / "lambda-blobs" if newest else self._folder / "none"
        link_tree(code, unfinished / "state" / "lambda-blobs")
        return unfinished

    def finish(self, unfinished: Path, manifest: Manifest) -> None:
        """Makes a snapshot of the folder, which the disk has then. Raises OSError."""
        (unfinished / MANIFEST).write_text(json.dumps(asdict(manifest)))
        self._sync(unfinished)
        rename_durably(unfinished, self._folder / unfinished.name.removeprefix(UNFINISHED), self._sync)

    def prune(self) -> None:
        """Removes the snapshots that are not needed any more."""
        kept = {snapshot.folder for snapshot in islice(self._each(), KEPT)}
        for folder in set(self._numbered()) - kept:
            remove_tree(folder)

    def _clear(self) -> None:
        for unfinished in self._folder.glob(f"{UNFINISHED}*"):
            remove_tree(unfinished)

    def _next_number(self) -> int:
        return max((int(path.name) for path in self._numbered()), default=0) + 1

    def _each(self) -> Iterator[Snapshot]:
        for folder in sorted(self._numbered(), reverse=True):
            with suppress(OSError, ValueError, TypeError):
                yield Snapshot(folder, Manifest(**json.loads((folder / MANIFEST).read_text())))

    def _numbered(self) -> list[Path]:
        return [path for path in self._folder.glob("*") if path.name.isdigit()]
