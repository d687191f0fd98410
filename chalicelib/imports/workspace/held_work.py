"""Work objects and task results of an import that one function runs by itself, a request or the one that runs all
phases: in memory, and packed into one piece.

inside the function  what tasks write stays here, and is packed when the import is stored
in other functions   what was packed is read as if it lay in the bucket and the control table; they add to those
"""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache, cached_property
from io import BytesIO
from typing import BinaryIO, Protocol

import orjson
from pydantic import TypeAdapter

from chalicelib.errors import NotFound, SluiceError
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import
from chalicelib.model.phases import PhaseName
from chalicelib.model.task_results import TaskResult
from chalicelib.stores.interfaces import FileRange, TaskResults

FAST = 1
"""zlib's level: the next one saves a tenth of the bytes for twice the time."""


class ObjectFiles(Protocol):
    """The part of `Files` that work objects need."""

    def read_file(self, key: str) -> bytes:
        """Returns the whole of an object. Raises NotFound."""

    def read_ranges(self, ranges: Sequence[FileRange]) -> Iterator[bytes | None]:
        """Yields parts of objects in their order, None for an object that is absent."""

    def read_end(self, key: str, size_bytes: int) -> bytes:
        """Returns the last bytes of an object. Raises NotFound."""

    def open_file(self, key: str, *, start: int = 0, end: int | None = None) -> AbstractContextManager[BinaryIO]:
        """Returns a stream over a part of an object. Raises NotFound."""

    def write_file(self, key: str, content: bytes) -> object:
        """Writes an object."""

    def list_keys(self, prefix: str) -> list[str]:
        """Returns the keys under the prefix, in order."""


class TooMuchToHold(SluiceError):
    """Raised where the rows of an import are more than one function may hold: they belong into the bucket. Nothing has
    been written then but what is held.
    """


@dataclass
class HeldWork:
    """What the tasks of one import have written and reported inside one function."""

    objects: dict[str, bytes] = field(default_factory=dict)
    results: dict[tuple[PhaseName, int], TaskResult] = field(default_factory=dict)
    changes: int = 0
    """Counts what was added, so that it is known whether there is anything new to keep."""
    is_whole: bool = False
    """Whether all that the tasks have written and reported is here, and nothing in the bucket and the control table."""
    most_bytes: int | None = None
    """How large the objects may be when the source has been read; None for any size."""

    def add(self, key: str, content: bytes) -> None:
        """Takes an object. Raises TooMuchToHold while the source is being read."""
        self.objects[key] = content
        self.changes += 1
        if self.most_bytes is not None and not self.results and sum(map(len, self.objects.values())) > self.most_bytes:
            raise TooMuchToHold(f"more than {self.most_bytes} bytes")

    def pack(self) -> bytes:
        """Returns everything as bytes."""
        objects = {key: content.decode() for key, content in self.objects.items()}
        whole = {"objects": objects, "results": list(self.results.values()), "is_whole": self.is_whole}
        return zlib.compress(orjson.dumps(whole), FAST)

    @classmethod
    def unpack(cls, packed: bytes) -> "HeldWork":
        """Returns what `pack` has packed."""
        found = orjson.loads(zlib.decompress(packed))
        results = [_adapter().validate_python(one) for one in found["results"]]
        objects = {key: content.encode() for key, content in found["objects"].items()}
        by_task = {(one.phase, one.task): one for one in results}
        return cls(objects, by_task, is_whole=found.get("is_whole", False))


def read_work(files: ObjectFiles, import_: Import) -> HeldWork:
    """Returns what one function has kept of an import; nothing where there is none, or where that has expired."""
    if not import_.work_key:
        return HeldWork.unpack(import_.work) if import_.work else HeldWork()
    try:
        return HeldWork.unpack(files.read_file(import_.work_key))
    except NotFound:
        return HeldWork()


class HeldObjects:
    """Work objects inside one function: in memory and nowhere else."""

    def __init__(self, work: HeldWork) -> None:
        self._work = work

    def read_file(self, key: str) -> bytes:
        """Does what `ObjectFiles.read_file` says."""
        try:
            return self._work.objects[key]
        except KeyError:
            raise NotFound("not_found", f"There is no file {key!r}.") from None

    def read_ranges(self, ranges: Sequence[FileRange]) -> Iterator[bytes | None]:
        """Does what `ObjectFiles.read_ranges` says."""
        for one in ranges:
            content = self._work.objects.get(one.key)
            yield None if content is None else content[one.start : one.end]

    def read_end(self, key: str, size_bytes: int) -> bytes:
        """Does what `ObjectFiles.read_end` says."""
        return self.read_file(key)[-size_bytes:]

    def open_file(self, key: str, *, start: int = 0, end: int | None = None) -> AbstractContextManager[BinaryIO]:
        """Does what `ObjectFiles.open_file` says."""
        return BytesIO(self.read_file(key)[start:end])

    def write_file(self, key: str, content: bytes) -> None:
        """Does what `ObjectFiles.write_file` says."""
        self._work.add(key, content)

    def has(self, key: str) -> bool:
        """Returns whether there is an object of this key."""
        return key in self._work.objects

    def list_keys(self, prefix: str) -> list[str]:
        """Does what `ObjectFiles.list_keys` says."""
        return sorted(key for key in self._work.objects if key.startswith(prefix))


class HeldResults:
    """Task results inside one function: in memory and nowhere else. Keeps `TaskResults` for one attempt of an
    import.
    """

    def __init__(self, work: HeldWork) -> None:
        self._work = work

    def put_once(self, import_id: ImportId, attempt: int, result: TaskResult) -> bool:
        """Does what `TaskResults.put_once` promises."""
        is_new = (result.phase, result.task) not in self._work.results
        if is_new:
            self._work.results[result.phase, result.task] = result
            self._work.changes += 1
        return is_new

    def find_result(self, import_id: ImportId, attempt: int, phase: PhaseName, task: int) -> TaskResult | None:
        """Does what `TaskResults.find_result` promises."""
        return self._work.results.get((phase, task))

    def list_results(self, import_id: ImportId, attempt: int, phase: PhaseName) -> list[TaskResult]:
        """Does what `TaskResults.list_results` promises."""
        return sorted((one for one in self._work.results.values() if one.phase is phase), key=lambda one: one.task)


class KeptWork:
    """What one function has kept of an import, for others that go on with it; read once, when it is first asked
    for.
    """

    def __init__(self, files: ObjectFiles, import_: Import) -> None:
        self._files = files
        self._import = import_

    def objects_over(self, files: ObjectFiles) -> ObjectFiles:
        """Returns where the work objects of the import lie: those that were kept, and beneath them these files."""
        return ObjectsOverKept(self, files) if self._import.has_kept_work else files

    def results_over(self, results: TaskResults) -> TaskResults:
        """Returns where the task results of the import lie, likewise."""
        return ResultsOverKept(self, results) if self._import.has_kept_work else results

    @cached_property
    def objects(self) -> HeldObjects:
        """The work objects."""
        return HeldObjects(self._work)

    @cached_property
    def results(self) -> HeldResults:
        """The task results."""
        return HeldResults(self._work)

    @cached_property
    def _work(self) -> HeldWork:
        return read_work(self._files, self._import)


class ObjectsOverKept:
    """Work objects for functions that go on where one has ended: what it kept, and beneath that the bucket."""

    def __init__(self, kept: KeptWork, files: ObjectFiles) -> None:
        self._kept = kept
        self._files = files

    def read_file(self, key: str) -> bytes:
        """Does what `ObjectFiles.read_file` says."""
        return self._of(key).read_file(key)

    def read_ranges(self, ranges: Sequence[FileRange]) -> Iterator[bytes | None]:
        """Does what `ObjectFiles.read_ranges` says. What one function has kept is little, and is not read ahead of."""
        for one in ranges:
            yield from self._of(one.key).read_ranges([one])

    def read_end(self, key: str, size_bytes: int) -> bytes:
        """Does what `ObjectFiles.read_end` says."""
        return self._of(key).read_end(key, size_bytes)

    def open_file(self, key: str, *, start: int = 0, end: int | None = None) -> AbstractContextManager[BinaryIO]:
        """Does what `ObjectFiles.open_file` says."""
        return self._of(key).open_file(key, start=start, end=end)

    def write_file(self, key: str, content: bytes) -> object:
        """Does what `ObjectFiles.write_file` says."""
        return self._files.write_file(key, content)

    def list_keys(self, prefix: str) -> list[str]:
        """Does what `ObjectFiles.list_keys` says."""
        return sorted({*self._kept.objects.list_keys(prefix), *self._files.list_keys(prefix)})

    def _of(self, key: str) -> ObjectFiles:
        return self._kept.objects if self._kept.objects.has(key) else self._files


class ResultsOverKept:
    """Task results for functions that go on where one has ended. Keeps `TaskResults` for that import."""

    def __init__(self, kept: KeptWork, results: TaskResults) -> None:
        self._kept = kept
        self._beneath = results

    def put_once(self, import_id: ImportId, attempt: int, result: TaskResult) -> bool:
        """Does what `TaskResults.put_once` promises."""
        if self._find_kept(import_id, attempt, result.phase, result.task):
            return False
        return self._beneath.put_once(import_id, attempt, result)

    def find_result(self, import_id: ImportId, attempt: int, phase: PhaseName, task: int) -> TaskResult | None:
        """Does what `TaskResults.find_result` promises."""
        kept = self._find_kept(import_id, attempt, phase, task)
        return kept or self._beneath.find_result(import_id, attempt, phase, task)

    def list_results(self, import_id: ImportId, attempt: int, phase: PhaseName) -> list[TaskResult]:
        """Does what `TaskResults.list_results` promises."""
        kept = self._kept.results.list_results(import_id, attempt, phase) if attempt == 1 else []
        more = {one.task: one for one in self._beneath.list_results(import_id, attempt, phase)}
        return sorted((more | {one.task: one for one in kept}).values(), key=lambda one: one.task)

    def _find_kept(self, import_id: ImportId, attempt: int, phase: PhaseName, task: int) -> TaskResult | None:
        """Work is held by first attempts alone; what of it counts for others is put into the store."""
        return self._kept.results.find_result(import_id, attempt, phase, task) if attempt == 1 else None


@cache
def _adapter() -> TypeAdapter[TaskResult]:
    return TypeAdapter(TaskResult)
