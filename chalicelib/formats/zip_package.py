"""Looks at the zip package that a workbook or an archive is, before anything unpacks it.

In comes a file, out go its format and its entries as blocks of bytes, or a refusal: documents that hold no table, what
is damaged or encrypted, and what would grow beyond the limits. Sizes are counted while inflating, since those that a
package states about itself may lie.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from operator import attrgetter
from typing import BinaryIO

from chalicelib.errors import Refused
from chalicelib.formats.detect import unreadable
from chalicelib.formats.registry import Format, find_format_of_members
from chalicelib.formats.streams import BLOCK_BYTES
from chalicelib.model.limits import Limits
from chalicelib.model.reading_budget import ReadingBudget

_IS_ENCRYPTED = 0x1
_LOCAL_HEADER_BYTES = 30
_ENTRY_MAGIC = b"PK\x01\x02"
_SIGNATURES_PER_ENTRY = 4
"""Files within the package may be packages themselves, whose tables of contents are counted with its own."""
_DOCUMENTS = (
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("index/document.iwa", "a Numbers document"),
)


def damaged(detail: str) -> Refused:
    """Returns a refusal `damaged_workbook`; the detail is a clause that says what is wrong."""
    message = f"The workbook is damaged: {detail}. Open it in your spreadsheet program, save it anew, and send that."
    return Refused("damaged_workbook", message, detail=detail)


def encrypted() -> Refused:
    """Returns a refusal `encrypted_workbook`."""
    return Refused("encrypted_workbook", "The workbook is protected by a password. Save it without one, and send that.")


def too_expansive(detail: str, **numbers: object) -> Refused:
    """Returns a refusal `expansion_refused`; the detail is a clause that says what would be too much."""
    message = f"The workbook was not unpacked: {detail}. Save the data as CSV, or split it."
    return Refused("expansion_refused", message, param=None, **numbers)


class ZipPackage:
    """The entries of a zip file. Names are told apart without regard to case, as spreadsheet programs do."""

    def __init__(self, file: BinaryIO, size_bytes: int, limits: Limits, budget: ReadingBudget) -> None:
        """Raises Refused where the table of contents already says that this cannot or must not be read."""
        self._file = file
        self._budget = budget
        self.size_bytes = size_bytes
        self._refuse_many_entries(_signatures_in(file), _SIGNATURES_PER_ENTRY * limits.workbook_entries, limits)
        try:
            archive = zipfile.ZipFile(file)
            self.entries = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, struct.error) as error:
            raise damaged("its table of contents cannot be read") from error
        if any(entry.header_offset < 0 for entry in self.entries):
            raise damaged("its table of contents cannot be read")
        self._by_name = {_normalised(entry.filename): entry for entry in self.entries}
        self.format = self._find_format()
        """The workbook that the package is; None for an archive of files."""
        self._refuse_strange_entries(limits)
        self._refuse_bombs(size_bytes, limits)
        self._refuse_overlaps(archive.start_dir)

    def has(self, name: str) -> bool:
        """Returns whether there is an entry of this name."""
        return _normalised(name) in self._by_name

    def blocks_of(self, name: str) -> Iterator[bytes]:
        """Returns the content of the entry of this name, lazily, as `each_block`. Raises Refused `damaged_workbook` at
        once where there is no such entry."""
        if not self.has(name):
            raise damaged(f"its part {name[:80]!r} is missing")
        return self.each_block(self._by_name[_normalised(name)])

    def each_block(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yields the entry's content; lazy. Raises Refused where it is not what the table of contents says."""
        size = 0
        for block in self._each_inflated(entry):
            size += len(block)
            if size > entry.file_size:
                raise damaged(f"its part {entry.filename[:80]!r} is larger than stated")
            self._budget.check_time()
            yield block

    def _each_inflated(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        inflater = zlib.decompressobj(wbits=-15)
        for block in self._each_stored(entry):
            if entry.compress_type == zipfile.ZIP_STORED:
                yield block
                continue
            try:
                yield from _inflated(inflater, block)
            except zlib.error as error:
                raise damaged(f"its part {entry.filename[:80]!r} cannot be unpacked") from error

    def _each_stored(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        self._file.seek(entry.header_offset)
        header = self._file.read(_LOCAL_HEADER_BYTES)
        if len(header) < _LOCAL_HEADER_BYTES:
            raise damaged(f"its part {entry.filename[:80]!r} is missing")
        names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        position, left = entry.header_offset + _LOCAL_HEADER_BYTES + names, entry.compress_size
        while left > 0:
            self._file.seek(position)
            block = self._file.read(min(BLOCK_BYTES, left))
            if not block:
                raise damaged(f"its part {entry.filename[:80]!r} is cut off")
            position, left = position + len(block), left - len(block)
            yield block

    def _find_format(self) -> Format | None:
        for name, what in _DOCUMENTS:
            if name in self._by_name:
                raise unreadable(what)
        return find_format_of_members(self._by_name.keys())

    def _refuse_many_entries(self, entries: int, most: int, limits: Limits) -> None:
        if entries > most:
            detail = f"it has {entries} parts, {limits.workbook_entries} are allowed"
            raise too_expansive(detail, entries=entries, limit=limits.workbook_entries)

    def _refuse_strange_entries(self, limits: Limits) -> None:
        self._refuse_many_entries(len(self.entries), limits.workbook_entries, limits)
        if len(self._by_name) < len(self.entries):
            raise damaged("two of its parts have the same name")
        if any(entry.flag_bits & _IS_ENCRYPTED for entry in self.entries):
            raise encrypted()
        if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in self.entries):
            raise damaged("it is packed in an unusual way")

    def _refuse_bombs(self, size_bytes: int, limits: Limits) -> None:
        expanded = sum(entry.file_size for entry in self.entries)
        is_steep = expanded > limits.expansion_free_bytes and expanded > limits.expansion_ratio * size_bytes
        most = limits.expanded_bytes if self.format is None else limits.workbook_expanded_bytes
        if is_steep or expanded > most:
            detail = f"it would grow from {size_bytes} to {expanded} bytes"
            raise too_expansive(detail, compressed_bytes=size_bytes, expanded_bytes=expanded)

    def _refuse_overlaps(self, contents_at: int) -> None:
        """Refuses entries that share bytes, by which a small file holds much (https://www.bamsoftware.com/hacks/zipbomb).
        Each takes its header and its content at least; behind the last comes the table of contents."""
        last_end = 0
        for entry in sorted(self.entries, key=attrgetter("header_offset")):
            if entry.header_offset < last_end:
                raise damaged("its parts overlap")
            last_end = entry.header_offset + _LOCAL_HEADER_BYTES + entry.compress_size
        if last_end > contents_at:
            raise damaged("its parts overlap")


def _signatures_in(file: BinaryIO) -> int:
    """Returns how many entries the table of contents has at most, before all of them are held in memory."""
    found = 0
    file.seek(0)
    while block := file.read(BLOCK_BYTES):
        found += block.count(_ENTRY_MAGIC)
    file.seek(0)
    return found


def _normalised(name: str) -> str:
    """Returns the name in lower case, with slashes, and none in front."""
    return name.lower().replace("\\", "/").lstrip("/")


def _inflated(inflater: "zlib._Decompress", block: bytes) -> Iterator[bytes]:
    """Yields the block unpacked, in small blocks, so that a bomb never stands in memory."""
    while block:
        yield inflater.decompress(block, BLOCK_BYTES)
        block = inflater.unconsumed_tail
