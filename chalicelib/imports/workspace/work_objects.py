"""Work objects in the bucket, under the import and its attempt: blocks of a thousand, one JSON line each.

An object of rows ends with a line that says where each of its blocks lies, so that one of them can be read by itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, TypeVar

import orjson

from chalicelib.errors import NotFound
from chalicelib.formats.blocks import each_block
from chalicelib.imports.workspace.codec import from_drafts, from_fields, from_rows, to_line
from chalicelib.imports.workspace.held_work import ObjectFiles
from chalicelib.model.limits import KB
from chalicelib.model.phases import PhaseName
from chalicelib.model.rows import Draft, FieldBlock, RowBlock
from chalicelib.stores.interfaces import FileRange

BLOCK_ROWS = 1_000

T = TypeVar("T")

CommittedAttempts = dict[int, str]
"""Of a phase: by task, the id of the attempt whose result counts. Where its objects lie under an earlier attempt of the
import, `address_of` has put that before it."""

_WITH_WRITERS = 3
"""How many parts an entry has that says which writers in a shuffle a task was."""
_BEHIND_PLACE = "/"
"""Between the number of an import's attempt and the id of a task's; no id has it."""


def address_of(attempt_id: str, place: int) -> str:
    """Returns how the objects of a task's attempt are found; `place` is the import's attempt under which they lie, 0
    for the one that looks for them.
    """
    return f"{place}{_BEHIND_PLACE}{attempt_id}" if place else attempt_id


RowCounts = dict[str, int]
"""How many rows there are of a kind; which kinds there are, the writer knows."""

_PLACES = b"#"
"""What the line of places begins with: no JSON value does."""
_PLACES_BYTES = 16 * KB
"""How much of an object's end is read for the line of places, which is seldom longer."""


@dataclass(frozen=True, slots=True)
class BlockPlace:
    """Where a block of consecutive rows lies in its object."""

    first_row: int
    rows: int
    """From the first row to the last; where row numbers have gaps, the block has fewer."""
    start: int
    """Its first byte."""
    end: int
    """The byte behind its last."""
    counts: RowCounts | None = None
    """What is counted of its rows; None where nothing is, or there are too many kinds of them."""
    gaps: int = 0
    """How many numbers within belong to rows of another import."""


class BlockBuffer:
    """Blocks that become one object. They are spelled as they come, so that what they were made from can go."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.places: list[BlockPlace] = []

    def add(self, block: object) -> None:
        """Adds a block, which is spelled at once."""
        self.lines.append(to_line(block))

    def add_rows(
        self, block: object, first_row: int, rows: int, counts: RowCounts | None = None, *, gaps: int = 0
    ) -> None:
        """Adds a block of rows in file order, whose place the object will tell; either all of its blocks are such, or
        none is."""
        start = self.places[-1].end if self.places else 0
        self.add(block)
        self.places.append(BlockPlace(first_row, rows, start, start + len(self.lines[-1]), counts, gaps))

    def to_bytes(self) -> bytes:
        """Returns the object."""
        last = [_PLACES + to_line([*map(astuple, self.places)])] if self.places else []
        return b"".join([*self.lines, *last])


class ReadBlocks:
    """Rows of a batch as they were given, and what was read from them, spelled block by block: they need a third of the
    memory that they take as objects, and each block is spelled while it is in the processor's cache.
    """

    def __init__(self) -> None:
        self.rows, self.drafts, self.fields = BlockBuffer(), BlockBuffer(), BlockBuffer()

    def add(self, block: RowBlock, drafts: list[Draft], fields: FieldBlock) -> None:
        """Adds a block of rows, and the drafts and fields that were read from it."""
        first_row, rows = block.numbers[0], block.numbers[-1] - block.numbers[0] + 1
        gaps = rows - len(block)
        self.rows.add_rows(from_rows(block), first_row, rows, gaps=gaps)
        self.drafts.add(from_drafts(drafts))
        self.fields.add_rows(from_fields(fields), first_row, rows, gaps=gaps)


class WorkObjects:
    """The objects of one attempt of one import in the bucket. A task attempt writes under its own id; readers see what
    committed attempts wrote (ADR 1).
    """

    def __init__(self, files: ObjectFiles, prefix: str, attempt_id: str) -> None:
        self._files = files
        self._prefix = prefix
        self._folder = prefix.rpartition("/")[0]
        self._attempt_id = attempt_id
        self._entries: dict[PhaseName, list[Any]] = {}
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
            self.write_content(phase, name, buffer.to_bytes())

    def write_content(self, phase: PhaseName, name: str, content: bytes) -> None:
        """Writes an object as it is; it must be text."""
        self._files.write_file(f"{self._prefix}/{phase}/{name}.{self._attempt_id}", content)

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
        yield from self._each_block_under(self.key_of(phase, name, attempt_id))

    def write_committed_attempts(
        self, phase: PhaseName, committed: CommittedAttempts, writers: Mapping[int, Sequence[int]]
    ) -> None:
        """Records which attempt of each task of a phase counts, and by task which writers it was in a shuffle."""
        entries = [(task, address, [*writers.get(task, ())]) for task, address in committed.items()]
        self.write_one(f"{phase}/committed_attempts", entries)

    def get_committed_attempts(self, phase: PhaseName) -> CommittedAttempts:
        """Returns which attempt of each task counts; empty while the phase has not passed its gate."""
        if not self._committed.get(phase):
            self._committed[phase] = {task: address for task, address, *_ in self._find_entries(phase)}
        return self._committed[phase]

    def get_writers(self, phase: PhaseName) -> dict[int, int]:
        """Returns the writers in the shuffle of a phase, in order, each with its task; empty while the phase has not
        passed its gate. Raises NotFound for a phase that has recorded none, as earlier code did.
        """
        entries = sorted(self._find_entries(phase))
        if any(len(one) < _WITH_WRITERS for one in entries):
            raise NotFound("not_found", f"Which tasks of {phase} have written keys was not recorded.")
        return {writer: task for task, _, writers in entries for writer in writers}

    def _find_entries(self, phase: PhaseName) -> list[Any]:
        if not self._entries.get(phase):
            try:
                self._entries[phase] = self.read_one(f"{phase}/committed_attempts")
            except NotFound:
                return []
        return self._entries[phase]

    def find_places(self, phase: PhaseName, task: int, name: str) -> list[BlockPlace]:
        """Returns where the blocks of rows lie that the committed attempt of a task wrote; none where there is no
        object.
        """
        attempt_id = self.get_committed_attempts(phase).get(task)
        try:
            return self._read_places(self.key_of(phase, name, attempt_id)) if attempt_id else []
        except NotFound:
            return []

    def read_block(self, phase: PhaseName, task: int, name: str, place: BlockPlace) -> Any:
        """Returns one block that the committed attempt of a task wrote. Raises NotFound."""
        return self._read_block(self.key_of(phase, name, self.get_committed_attempts(phase)[task]), place)

    def write_shared_buffer(self, name: str, buffer: BlockBuffer) -> None:
        """Writes an object of blocks under a name that all attempts share."""
        self.write_shared(name, buffer.to_bytes())

    def write_shared(self, name: str, content: bytes) -> None:
        """Writes an object as it is, which must be text, under a name that all attempts share."""
        self._files.write_file(self.key_of_shared(name), content)

    def key_of_shared(self, name: str) -> str:
        """Returns the key of an object whose name all attempts share."""
        return f"{self._prefix}/{name}"

    def read_ranges(self, ranges: Sequence[FileRange]) -> Iterator[bytes | None]:
        """Yields parts of objects in their order, None for an object that is absent. Lazy, and read a little ahead."""
        return self._files.read_ranges(ranges)

    def each_shared_block(self, name: str) -> Iterator[Any]:
        """Yields the blocks that `write_shared_buffer` wrote; none where there is no object."""
        return self._each_block_under(f"{self._prefix}/{name}")

    def read_shared_places(self, name: str) -> list[BlockPlace]:
        """Returns where the blocks of rows lie in such an object. Raises NotFound."""
        return self._read_places(f"{self._prefix}/{name}")

    def _read_places(self, key: str) -> list[BlockPlace]:
        end = self._files.read_end(key, _PLACES_BYTES)
        at = end.rfind(b"\n" + _PLACES)
        line = end[at + 2 :] if at >= 0 else self._files.read_file(key).rpartition(b"\n" + _PLACES)[2]
        return [BlockPlace(*one) for one in orjson.loads(line or b"[]")]

    def read_shared_block(self, name: str, place: BlockPlace) -> Any:
        """Returns one block of such an object. Raises NotFound."""
        return self._read_block(f"{self._prefix}/{name}", place)

    def _read_block(self, key: str, place: BlockPlace) -> Any:
        with self._files.open_file(key, start=place.start, end=place.end) as stream:
            return orjson.loads(stream.read())

    def key_of(self, phase: PhaseName, name: str, address: str) -> str:
        """Returns the key of what one attempt of a task wrote; `address` is what `address_of` returns."""
        place, _, attempt_id = address.rpartition(_BEHIND_PLACE)
        return f"{f'{self._folder}/{place}' if place else self._prefix}/{phase}/{name}.{attempt_id}"

    def _each_block_under(self, key: str) -> Iterator[Any]:
        try:
            content = self._files.read_file(key)
        except NotFound:
            return
        yield from map(orjson.loads, _each_line(content))

    def write_one(self, name: str, content: object) -> None:
        """Writes one JSON value under a name that all attempts share."""
        self._files.write_file(f"{self._prefix}/{name}.json", orjson.dumps(content))

    def read_one(self, name: str) -> Any:
        """Returns what `write_one` wrote. Raises NotFound."""
        return orjson.loads(self._files.read_file(f"{self._prefix}/{name}.json"))

    def has_any(self, folder: str) -> bool:
        """Returns whether any attempt has written something under a name in this folder."""
        return bool(self._files.list_keys(f"{self._prefix}/{folder}/"))

    def each_one(self, folder: str) -> Iterator[Any]:
        """Yields what all attempts have written with `write_one` under names in this folder, also those that were not
        committed.
        """
        for key in self._files.list_keys(f"{self._prefix}/{folder}/"):
            yield orjson.loads(self._files.read_file(key))


def _each_line(content: bytes) -> Iterator[memoryview]:
    """The lines of blocks, without a copy of them all."""
    whole, start = memoryview(content), 0
    while (end := content.find(b"\n", start)) >= 0 and not content.startswith(_PLACES, start):
        yield whole[start:end]
        start = end + 1
