"""Records as they were before an import changed them: what an undo restores.

A task writes the images of a write batch before it writes the records. In come writes, out go objects in the bucket; no
call of the record store is added. An image tells the version that was about to be written, and is a function of record
and version: attempts that write it twice write the same, and that of a write which lost a race is the image of no
version that the import has made.

    before/{tenant}/{import}/{task}/{first row}-{last row}.{attempt}.{number}
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import orjson

from chalicelib.model.before_images import BeforeImage, BeforeImages
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import before_images_folder
from chalicelib.model.records import Origin, Record, Stamp, Write
from chalicelib.model.rows import Outcome
from chalicelib.stores.interfaces import Files

_SHARD = "shard-"


def images_of_batch(batch: int) -> str:
    """Returns the task under which the images of a batch's rows lie."""
    return str(batch)


def images_of_shard(shard: int) -> str:
    """Returns the task under which the images of a shard's cleanup lie."""
    return f"{_SHARD}{shard}"


@dataclass(slots=True)
class BeforeImageWriter:
    """Writes the images of one attempt of one task."""

    files: Files
    import_: Import
    task: str
    attempt_id: str
    limits: Limits
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def write(self, writes: Sequence[Write]) -> None:
        """Writes the images of all writes that change a record, or write over a tombstone. What creates a record has
        none, nor has a repeat: the image lies there already.
        """
        if not (self.limits.undo_days or self.import_.guard_rails.all_or_nothing):
            return
        folder = before_images_folder(self.import_.tenant_id, self.import_.import_id, self.task)
        for images in self._each_object(writes):
            rows = [one.row_number for one, _ in images]
            name = f"{min(rows)}-{max(rows)}.{self.attempt_id}.{next(self.numbers)}"
            self.files.write_file(f"{folder}{name}", b"".join(line for _, line in images))

    def _each_object(self, writes: Sequence[Write]) -> Iterator[list[tuple[BeforeImage, bytes]]]:
        images: list[tuple[BeforeImage, bytes]] = []
        size_bytes = 0
        for image in _each_image(writes):
            line = orjson.dumps(image, option=orjson.OPT_APPEND_NEWLINE)
            if images and size_bytes + len(line) > self.limits.before_images_bytes:
                yield images
                images, size_bytes = [], 0
            images.append((image, line))
            size_bytes += len(line)
        if images:
            yield images


def _each_image(writes: Iterable[Write]) -> Iterator[BeforeImage]:
    for one in writes:
        if one.before is not None and not one.is_repeat:
            yield BeforeImage(one.record_id, one.before.version + 1, one.stamp.row_number, one.before)


@dataclass(frozen=True, slots=True)
class BeforeImageReader:
    """Reads the images of an import, of all attempts of its tasks."""

    files: Files
    import_: Import

    @property
    def _folder(self) -> str:
        return before_images_folder(self.import_.tenant_id, self.import_.import_id)

    def list_names(self, task: str) -> list[str]:
        """Returns the names of the objects that a task has written."""
        return [key.removeprefix(self._folder) for key in self.files.list_keys(f"{self._folder}{task}/")]

    def list_shards(self) -> list[int]:
        """Returns the shards whose cleanup has changed records, or was about to."""
        keys = self.files.list_keys(f"{self._folder}{_SHARD}")
        names = (key.removeprefix(f"{self._folder}{_SHARD}").partition("/")[0] for key in keys)
        return sorted({int(name) for name in names})

    def each(self, name: str) -> Iterator[BeforeImage]:
        """Yields the images of an object. Raises NotFound."""
        yield from map(_to_image, self._each_stored(name))

    def find(self, names: Iterable[str], ids: Set[RecordId]) -> BeforeImages:
        """Returns the images of these records among those of the objects, which are read one after the other."""
        found: BeforeImages = {}
        for name in names:
            wanted = (_to_image(stored) for stored in self._each_stored(name) if stored["record_id"] in ids)
            found |= {(one.record_id, one.version): one for one in wanted}
        return found

    def _each_stored(self, name: str) -> Iterator[dict[str, Any]]:
        yield from map(orjson.loads, self.files.read_file(f"{self._folder}{name}").splitlines())


def rows_of(name: str) -> range:
    """Returns the rows between which those lie whose images an object holds."""
    first, last = name.rpartition("/")[2].partition(".")[0].split("-")
    return range(int(first), int(last) + 1)


def is_of_attempt(name: str, attempt_id: str) -> bool:
    """Returns whether this task attempt has written an object."""
    return name.partition(".")[2].rpartition(".")[0] == attempt_id


def _to_image(stored: dict[str, Any]) -> BeforeImage:
    return BeforeImage(**{**stored, "before": _to_record(stored["before"])})


def _to_record(stored: dict[str, Any]) -> Record:
    stamps = (Stamp(**{**one, "outcome": Outcome(one["outcome"])}) for one in stored["stamps"])
    keys = {name: tuple(stored[name]) for name in ("claims", "match_keys")}
    origin = Origin(**stored["origin"]) if stored["origin"] else None
    return Record(**{**stored, **keys, "stamps": tuple(stamps), "origin": origin})
