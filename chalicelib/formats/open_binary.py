"""Opens what is not text: workbooks of all formats, and zip archives that hold one table.

All of them are read from their end, so the source is copied to a temporary file first, within the limits. Content, not
the name, tells what it is. In an archive, files that systems add to others are passed over; of several tables none is
taken, because nothing says which is meant.
"""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from zipfile import ZipInfo

from chalicelib.errors import Refused
from chalicelib.formats.detect import unreadable
from chalicelib.formats.registry import FORMATS, MAGIC_BYTES, Format, find_format_of_magic
from chalicelib.formats.streams import BLOCK_BYTES, BrokenStream, Peekable
from chalicelib.formats.table import Table
from chalicelib.formats.workbooks.table import table_of
from chalicelib.formats.zip_package import ZipPackage, damaged
from chalicelib.model.limits import Limits
from chalicelib.model.reading_budget import ReadingBudget
from chalicelib.model.reading_options import ReadingOptions

_IN_MEMORY_BYTES = 16 << 20

OpenMember = Callable[[Peekable, str], Table]
"""Opens the file within an archive, by its content and its name."""

_SYSTEM_FOLDERS = frozenset({"__macosx", ".git", ".svn", "@eadir"})
_SYSTEM_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".gitkeep", ".gitignore"})
_NAMED = 20


def open_packed(
    source: Peekable, options: ReadingOptions, limits: Limits, budget: ReadingBudget, open_member: OpenMember
) -> Table:
    """Returns the table in a workbook or in an archive, whose one file is opened by `open_member`.

    Raises Refused for what is no workbook and no archive of one table, or must not be unpacked. A workbook without any
    content is a table without headers and rows, with the finding `empty_source`.
    """
    file = cast(BinaryIO, SpooledTemporaryFile(_IN_MEMORY_BYTES))  # noqa: SIM115  rows are read from it later on
    size_bytes = _spool(source, file, limits)
    file.seek(0)
    if format_ := find_format_of_magic(file.read(MAGIC_BYTES)):
        file.seek(0)
        return _open_book(format_, file.read(), options, limits)
    package = ZipPackage(file, size_bytes, limits, budget)
    if package.format is None:
        member = only_member(package)
        return open_member(Peekable(_Member(package.each_block(member))), member.filename)
    return _open_book(package.format, package, options, limits)


def _spool(source: Peekable, file: BinaryIO, limits: Limits) -> int:
    """Copies the source into the file, and returns its size in bytes. Raises Refused `too_large`."""
    size = 0
    try:
        while block := source.read(BLOCK_BYTES):
            size += file.write(block)
            if size > limits.workbook_bytes:
                message = f"The file is larger than {limits.workbook_bytes} bytes. Split it, or send it as CSV."
                raise Refused("too_large", message, limit=limits.workbook_bytes)
    except BrokenStream as broken:
        raise damaged(str(broken)) from broken
    return size


def _open_book(format_: Format, content: ZipPackage | bytes, options: ReadingOptions, limits: Limits) -> Table:
    open_book = FORMATS[format_].open_book
    assert open_book is not None, "workbooks alone are recognised by their magic or their members"
    book = open_book(content, limits)
    if options.format is not None and not FORMATS[options.format].is_workbook:
        raise unreadable(f"a workbook, not {options.format}")
    return table_of(book, options, limits)


class _Member:
    """The file within an archive, as a stream."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        """Returns the next bytes, at most `size`; nothing at the end."""
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._rest = block
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


def only_member(package: ZipPackage) -> ZipInfo:
    """Returns the only file of an archive. Raises Refused `unreadable_format` where there is none, or more than one."""
    members = [
        entry
        for entry in package.entries
        if not entry.filename.endswith(("/", "\\")) and not _is_system(entry.filename)
    ]
    if not members:
        raise Refused(
            "unreadable_format", "The ZIP archive holds no file. Put the file to import into it.", found="a ZIP archive"
        )
    if len(members) > 1:
        raise _too_many(members)
    return members[0]


def _is_system(name: str) -> bool:
    """Returns whether a system has added the file, as macOS and Windows do."""
    *folders, file = PurePosixPath(name.replace("\\", "/").lower()).parts or ("",)
    return bool(_SYSTEM_FOLDERS.intersection(folders)) or file in _SYSTEM_FILES or file.startswith(("._", "~$"))


def _too_many(members: list[ZipInfo]) -> Refused:
    listed = ", ".join(repr(one.filename[:80]) for one in members[:_NAMED])
    more = f" and {len(members) - _NAMED} more" if len(members) > _NAMED else ""
    message = f"The ZIP archive holds {len(members)} files: {listed}{more}. Send one of them, or each by itself."
    return Refused("unreadable_format", message, found="a ZIP archive", files=len(members))
