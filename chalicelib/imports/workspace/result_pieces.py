"""What tasks at the end of a large import leave for the last one: pieces of its result files, section by section, each
a few dozen batches, and which rows those batches hold.

Objects bear no attempt's name: whoever ends an import twice writes the same.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import orjson

from chalicelib.imports.workspace.row_pages import RowRange
from chalicelib.imports.workspace.work_objects import WorkObjects
from chalicelib.model.object_keys import ResultFile
from chalicelib.stores.interfaces import FileRange

BatchRange = tuple[int, RowRange]
"""A batch, and which rows it holds."""


@dataclass(frozen=True, slots=True)
class WrittenSection:
    """A section whose row pages and pieces are there."""

    sizes: dict[ResultFile, int]
    """How many bytes its piece of each file has."""
    ranges: list[BatchRange]
    """Its batches."""


class ResultPieces:
    """The pieces of one attempt of an import."""

    def __init__(self, objects: WorkObjects) -> None:
        self._objects = objects

    def write_files(self, files: Sequence[ResultFile]) -> None:
        """Writes which files there will be, for the tasks that write their pieces."""
        self._objects.write_one("result_pieces/files", files)

    def get_files(self) -> list[ResultFile]:
        """Returns which files there will be. Raises NotFound before the end has begun."""
        return [*map(ResultFile, self._objects.read_one("result_pieces/files"))]

    def key_of(self, section: int, file: ResultFile) -> str:
        """Returns where a piece lies."""
        return self._objects.key_of_shared(f"result_pieces/{section}/{file}")

    def write_section(self, section: int, written: WrittenSection) -> None:
        """Notes that a section is there: after all of its pieces."""
        ranges = [(batch, astuple(range_)) for batch, range_ in written.ranges]
        self._objects.write_one(
            f"result_pieces/{section}", [{file.value: size for file, size in written.sizes.items()}, ranges]
        )

    def find_sections(self, sections: int) -> dict[int, WrittenSection]:
        """Returns those of the first sections that are there, by number."""
        keys = [self._objects.key_of_shared(f"result_pieces/{section}.json") for section in range(sections)]
        found = enumerate(self._objects.read_ranges([*map(FileRange, keys)]))
        return {section: _to_section(content) for section, content in found if content is not None}


def _to_section(content: bytes) -> WrittenSection:
    sizes, ranges = orjson.loads(content)
    return WrittenSection(
        {ResultFile(file): size for file, size in sizes.items()},
        [(batch, RowRange(*range_)) for batch, range_ in ranges],
    )
