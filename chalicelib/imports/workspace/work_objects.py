"""Work objects in the bucket, under the import and its attempt: blocks of a thousand, one JSON line each."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import orjson

from chalicelib.errors import NotFound
from chalicelib.formats.blocks import each_block
from chalicelib.imports.workspace.codec import from_drafts, from_fields, from_rows, to_line
from chalicelib.imports.workspace.request_work import ObjectFiles
from chalicelib.model.phases import PhaseName
from chalicelib.model.rows import Draft, FieldBlock, RowBlock

BLOCK_ROWS = 1_000

T = TypeVar("T")

CommittedAttempts = dict[int, str]
"""Of a phase: by task, the id of the attempt whose result counts."""


class BlockBuffer:
    """Blocks that become one object. They are spelled as they come, so that what they were made from can go."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def add(self, block: object) -> None:
        """Adds a block, which is spelled at once."""
        self.lines.append(to_line(block))


class ReadBlocks:
    """Rows of a batch as they were given, and what was read from them, spelled block by block: they need a third of the
    memory that they take as objects, and each block is spelled while it is in the processor's cache.
    """

    def __init__(self) -> None:
        self.rows, self.drafts, self.fields = BlockBuffer(), BlockBuffer(), BlockBuffer()

    def add(self, block: RowBlock, drafts: list[Draft], fields: FieldBlock) -> None:
        """Adds a block of rows, and the drafts and fields that were read from it."""
        self.rows.add(from_rows(block))
        self.drafts.add(from_drafts(drafts))
        self.fields.add(from_fields(fields))


class WorkObjects:
    """The objects of one attempt of one import in the bucket. A task attempt writes under its own id; readers see what
    committed attempts wrote (ADR 1).
    """

    def __init__(self, files: ObjectFiles, prefix: str, attempt_id: str) -> None:
        self._files = files
        self._prefix = prefix
        self._attempt_id = attempt_id
        self._committed: dict[PhaseName, CommittedAttempts] = {}

    def write(self, phase: PhaseName, name: str, ones: Iterable[T], encode: Callable[[list[T]], object] = list) -> None:
        """Writes an object in blocks of `BLOCK_ROWS`, each encoded as a whole. Where there is nothing to write, no
        object is written: an absent one reads as empty.
        """
        self.write_blocks(phase, name, map(encode, each_block(ones, BLOCK_ROWS)))

    def write_blocks(self, phase: PhaseName, name: str, blocks: Iterable[object]) -> None:
        """Writes an object of these blocks."""
        buffer = BlockBuffer()
        for block in blocks:
            buffer.add(block)
        self.write_buffer(phase, name, buffer)

    def write_buffer(self, phase: PhaseName, name: str, buffer: BlockBuffer) -> None:
        """Writes an object of blocks that are spelled already."""
        if buffer.lines:
            self._files.write_file(f"{self._prefix}/{phase}/{name}.{self._attempt_id}", b"".join(buffer.lines))

    def each(self, phase: PhaseName, task: int, name: str, decode: Callable[[Any], Iterable[T]] = iter) -> Iterator[T]:
        """Yields what the committed attempt of a task wrote, block by block."""
        for block in self.each_block(phase, task, name):
            yield from decode(block)

    def each_block(self, phase: PhaseName, task: int, name: str) -> Iterator[Any]:
        """Yields the blocks that the committed attempt of a task wrote; none where there is no object."""
        attempt_id = self.get_committed_attempts(phase).get(task)
        return self.each_block_of(attempt_id, phase, name) if attempt_id else iter(())

    def each_block_of(self, attempt_id: str, phase: PhaseName, name: str) -> Iterator[Any]:
        """Yields the blocks that one attempt of a task wrote; none where there is no object."""
        try:
            content = self._files.read_file(f"{self._prefix}/{phase}/{name}.{attempt_id}")
        except NotFound:
            return
        yield from map(orjson.loads, _each_line(content))

    def get_committed_attempts(self, phase: PhaseName) -> CommittedAttempts:
        """Returns which attempt of each task counts; empty while the phase has not passed its gate."""
        if not self._committed.get(phase):
            try:
                self._committed[phase] = dict(self.read_one(f"{phase}/committed_attempts"))
            except NotFound:
                return {}
        return self._committed[phase]

    def write_one(self, name: str, content: object) -> None:
        """Writes one JSON value under a name that all attempts share."""
        self._files.write_file(f"{self._prefix}/{name}.json", orjson.dumps(content))

    def read_one(self, name: str) -> Any:
        """Returns what `write_one` wrote. Raises NotFound."""
        return orjson.loads(self._files.read_file(f"{self._prefix}/{name}.json"))

    def each_one(self, folder: str) -> Iterator[Any]:
        """Yields what all attempts have written with `write_one` under names in this folder, also those that were not
        committed.
        """
        for key in self._files.list_keys(f"{self._prefix}/{folder}/"):
            yield orjson.loads(self._files.read_file(key))


def _each_line(content: bytes) -> Iterator[memoryview]:
    """Without a copy of them all."""
    whole, start = memoryview(content), 0
    while (end := content.find(b"\n", start)) >= 0:
        yield whole[start:end]
        start = end + 1
