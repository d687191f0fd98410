"""How many requests the tasks of an import make for what they shuffle: writes grow with the batches, and with the tasks
that look for duplicates, but not with both.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chalicelib.errors import NotFound
from chalicelib.imports.events import Event
from chalicelib.imports.workspace import Workspace
from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.stores.interfaces import FileRange, StoredFile
from chalicelib.stores.memory import MemoryFiles
from tests.import_world import ImportWorld, run_import

BATCH_ROWS = 100
BATCHES, PARTITIONS = 12, 7


class CountedFiles(MemoryFiles):
    """Counts the writes, and the reads of what is there and of what is absent, by what they are about."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: 0.0)
        self.writes: Counter[str] = Counter()
        self.reads: Counter[str] = Counter()
        self.absent: Counter[str] = Counter()

    def write_file(self, key: str, content: bytes, *, content_type: str = "application/octet-stream") -> StoredFile:
        self.writes[_kind(key)] += 1
        return super().write_file(key, content, content_type=content_type)

    def read_file(self, key: str) -> bytes:
        try:
            content = super().read_file(key)
        except NotFound:
            self.absent[_kind(key)] += 1
            raise
        self.reads[_kind(key)] += 1
        return content

    def read_ranges(self, ranges: Sequence[FileRange]) -> Iterator[bytes | None]:
        for one, content in zip(ranges, super().read_ranges(ranges), strict=True):
            (self.absent if content is None else self.reads)[_kind(one.key)] += 1
            yield content


def _kind(key: str) -> str:
    """The phase and the name of a work object, without the number of a batch."""
    return "/".join(key.split("/")[4:6]) if key.startswith("work/") else key.split("/", maxsplit=1)[0]


def imported(*, duplicates: int = 0) -> tuple[CountedFiles, Import]:
    """An import of customers whose keys are divided among `PARTITIONS`, and its bucket. Its last rows repeat the e-mail
    of its first ones."""
    world, files = ImportWorld(limits=Limits(small_source_bytes=0, batch_rows=BATCH_ROWS)), CountedFiles()
    world.stores = replace(world.stores, files=files)
    world.machine = replace(world.machine, stores=world.stores)
    rows = BATCHES * BATCH_ROWS
    numbers = (number % (rows - duplicates) for number in range(rows))
    import_ = world.queue("name,email\n" + "".join(f"P,p{number}@example.com\n" for number in numbers))
    _divide_keys(world, import_)
    run_import(world.machine, import_)
    return files, world.get(import_)


def _divide_keys(world: ImportWorld, import_: Import) -> None:
    """As the plan of a larger source does; an import that goes on keeps its plan."""
    world.machine.plan(Event(tenant_id=import_.tenant_id, import_id=import_.import_id, attempt=import_.attempt))
    workspace = Workspace(world.stores.files, import_, attempt_id="")
    workspace.write_manifest(replace(workspace.get_manifest(), partitions=PARTITIONS))


def test_keys_are_one_write_for_each_batch_and_one_read_for_each_batch_and_partition() -> None:
    files, import_ = imported()

    assert import_.stats.created == BATCHES * BATCH_ROWS
    assert files.writes["prevalidation/keyed_rows"] == BATCHES + 1
    assert files.reads["prevalidation/keyed_rows"] == BATCHES + PARTITIONS * (1 + BATCHES)
    assert files.absent["prevalidation/keyed_rows"] == 0


def test_what_nobody_has_written_is_not_asked_for() -> None:
    files, _ = imported()

    shuffled = ("preparsing/duplicates", "transforming/keyed_rows", "parsing/duplicates")
    assert [files.writes[kind] + files.reads[kind] + files.absent[kind] for kind in shuffled] == [0, 0, 0]


def test_duplicates_are_one_write_for_each_task_that_finds_some() -> None:
    files, import_ = imported(duplicates=BATCH_ROWS)

    assert import_.stats.skipped == BATCH_ROWS
    assert 1 < files.writes["preparsing/duplicates"] <= PARTITIONS + 1
    assert files.absent["preparsing/duplicates"] == 0
    tasks = files.writes["preparsing/duplicates"] - 1
    assert files.reads["preparsing/duplicates"] == tasks + BATCHES + tasks


def test_ten_million_rows_take_less_than_half_the_writes_of_an_object_for_each_partition() -> None:
    """Such a source has 500 batches and 40 partitions."""
    files, _ = imported()
    keys = files.writes.pop("prevalidation/keyed_rows") - 1
    others = sum(files.writes.values()) / BATCHES * 500

    assert keys / BATCHES * 500 + 1 + others < (40 * 500 + others) / 2
