"""Takes the records of an XLS workbook out of its compound file, and counts what xlrd would make of them.

In come the bytes of a file, out goes its stream of records, or a refusal: xlrd follows a chain of sectors that comes
back to itself for ever, reads a text again where the sizes in it are negative, and makes large objects of small
records. Source: [MS-XLS] 2.3 and 2.4, [MS-CFB] 2.3.
"""

import struct
from collections.abc import Iterator
from io import StringIO
from typing import Any

from xlrd.compdoc import CompDoc

from chalicelib.formats.registry import OLE_MAGIC
from chalicelib.formats.workbooks.held_memory import HeldMemory
from chalicelib.formats.zip_package import damaged

_EOF, _CONTINUE, _SST = 0x0A, 0x3C, 0xFC
_HEAD = struct.Struct("<HH")
_IS_WIDE, _HAS_PHONETICS, _HAS_RUNS = 0x01, 0x04, 0x08
_CELL_BYTES = 48
"""A number, and its place in the lists of its row."""
_GAP_BYTES = 11
"""A cell without a record, which lies before one with a record."""
_ROW_BYTES = 400
_TEXT_BYTES = 64
_RUN_BYTES = 144
_CELLS = frozenset({0x03, 0x04, 0x06, 0xD6, 0xFD, 0x201, 0x202, 0x203, 0x204, 0x205, 0x206, 0x27E, 0x406})
"""BLANK, NUMBER, LABEL, FORMULA, RSTRING, LABELSST, BOOLERR, RK in all their versions."""
_SEVERAL_CELLS = {0xBD: 6, 0xBE: 2}
"""MULRK and MULBLANK, with the bytes of each of their cells."""
_OBJECT_BYTES = {
    **{0x31: 1_200, 0x231: 1_200, 0xE0: 3_000, 0x41E: 1_500, 0x1E: 1_500, 0x18: 2_000, 0x85: 300, 0x293: 400},
    **{0x17: 400, 0x1AE: 400, 0x23: 400, 0x208: 400, 0x1C: 1_500, 0x5D: 1_500, 0x1B6: 1_500, 0x1B8: 1_500},
    **{0x800: 400, 0x7D: 1_000, 0x1B0: 400, 0x1B1: 400, 0x43: 3_000, 0x243: 3_000, 0x443: 3_000, 0x08: 400},
}
"""FONT, XF, FORMAT, NAME, BOUNDSHEET, STYLE, references, ROW, NOTE, OBJ, TXO, HLINK and its like."""
_LISTS = {0xE5: 24, 0x15F: 24, 0x1B: 24, 0x1A: 24, 0x17: 24, 0x1AE: 2}
"""Merged cells, labels, page breaks and references: what each byte of their lists takes."""


class _Compound(CompDoc):  # type: ignore[misc]  # xlrd has no types
    """A compound file whose chains of sectors end."""

    def _get_stream(
        self, mem: Any, base: Any, sat: Any, sec_size: Any, start_sid: int, *rest: Any, **named: Any
    ) -> Any:
        seen: set[int] = set()
        sector = start_sid
        while 0 <= sector < len(sat):
            if sector in seen:
                raise damaged("one of its streams comes back to its beginning")
            seen.add(sector)
            sector = sat[sector]
        return super()._get_stream(mem, base, sat, sec_size, start_sid, *rest, **named)


def records_of(content: bytes) -> bytes:
    """Returns the stream of records in a file; the file itself where it is no compound file. Raises Refused
    `damaged_workbook`, and what xlrd raises."""
    if not content.startswith(OLE_MAGIC):
        return content
    compound = _Compound(content, logfile=StringIO())
    for name in ("Workbook", "Book"):
        found, start, size = compound.locate_named_stream(name)
        if found:
            return bytes(found[start : start + size])
    raise damaged("it has no sheets")


def charge_globals(stream: bytes, held: HeldMemory) -> None:
    """Charges what stands before the sheets: texts, fonts, styles, names. Raises Refused `expansion_refused` and
    `damaged_workbook`."""
    texts: list[bytes] = []
    last = 0
    for kind, content in _each_record(stream, 0):
        _charge(kind, content, held)
        if kind == _SST or (kind == _CONTINUE and last == _SST):
            texts.append(content)
        last = last if kind == _CONTINUE else kind
    if texts:
        _Texts(texts, held).charge()


def charge_sheet(stream: bytes, start: int, held: HeldMemory) -> None:
    """Charges the cells of the sheet whose records start here, and what else is kept of it. Raises Refused
    `expansion_refused`."""
    widths: dict[int, int] = {}
    last_row = -1
    for kind, content in _each_record(stream, start):
        _charge(kind, content, held)
        if (kind not in _CELLS and kind not in _SEVERAL_CELLS) or len(content) < 4:
            continue
        row, column = _HEAD.unpack_from(content)
        cells = max(1, (len(content) - 6) // _SEVERAL_CELLS[kind]) if kind in _SEVERAL_CELLS else 1
        width = widths.get(row, 0)
        held.add(cells * _CELL_BYTES + max(0, column - width) * _GAP_BYTES + max(0, row - last_row) * _ROW_BYTES)
        widths[row], last_row = max(width, column + cells), max(row, last_row)


def _each_record(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yields the records up to the end of a sheet, or of what stands before all sheets; lazy."""
    end = len(stream) - _HEAD.size
    depth = 0
    while at <= end:
        kind, size = _HEAD.unpack_from(stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind & 0xFF == 9 and kind <= 0x809:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return


def _charge(kind: int, content: bytes, held: HeldMemory) -> None:
    taken = _OBJECT_BYTES.get(kind, 0)
    if taken or kind in _LISTS:
        held.add(taken + len(content) * _LISTS.get(kind, 4))


class _Texts:
    """The table of shared texts, which goes on from one record to the next."""

    def __init__(self, parts: list[bytes], held: HeldMemory) -> None:
        self._parts = parts
        self._held = held
        self._part = 0
        self._at = 8

    def charge(self) -> None:
        """Raises Refused where the texts take too much, or are not where their sizes say."""
        (texts,) = struct.unpack_from("<I", self._parts[0].ljust(8, b"\0"), 4)
        for _ in range(texts):
            if self._part >= len(self._parts):
                raise damaged("some of its texts are missing")
            self._charge_text()

    def _charge_text(self) -> None:
        data = self._parts[self._part]
        head = data[self._at : self._at + 9].ljust(9, b"\0")
        characters, options = int.from_bytes(head[:2], "little"), head[2]
        has_runs, has_phonetics = bool(options & _HAS_RUNS), bool(options & _HAS_PHONETICS)
        runs = int.from_bytes(head[3:5], "little") if has_runs else 0
        after = 5 if has_runs else 3
        phonetics = struct.unpack_from("<i", head, after)[0] if has_phonetics else 0
        if phonetics < 0:
            raise damaged("one of its texts has a negative size")
        self._at += after + (4 if has_phonetics else 0)
        self._held.add(_TEXT_BYTES + characters * (2 if options & _IS_WIDE else 1) + runs * _RUN_BYTES)
        self._skip_characters(characters, is_wide=bool(options & _IS_WIDE))
        self._skip(runs * 4 + phonetics)

    def _skip_characters(self, left: int, *, is_wide: bool) -> None:
        """Each record in which a text goes on says anew how wide its characters are."""
        while True:
            here = max(0, len(self._parts[self._part]) - self._at) >> is_wide
            if here >= left:
                self._at += left << is_wide
                return
            left -= here
            self._part += 1
            if self._part >= len(self._parts):
                raise damaged("one of its texts is cut off")
            is_wide = bool(self._parts[self._part][:1] and self._parts[self._part][0] & _IS_WIDE)
            self._at = 1

    def _skip(self, size_bytes: int) -> None:
        self._at += size_bytes
        while self._part < len(self._parts) and self._at >= len(self._parts[self._part]):
            self._at -= len(self._parts[self._part])
            self._part += 1
