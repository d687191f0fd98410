"""Reads the records of which the parts of an XLSB workbook are made, and the few kinds of values in them.

Source: [MS-XLSB] 2.1.4 and 2.5.
"""

import struct
from collections.abc import Iterable, Iterator

from chalicelib.formats.zip_package import damaged

_LARGEST_RECORD_BYTES = 4 << 20
"""A text ends at 32,767 characters; with all that may belong to it, it is far smaller than this."""


def each_record(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yields the kind and the content of each record; lazy. Raises Refused `damaged_workbook` where a record is cut off
    or too large."""
    rest = b""
    for block in blocks:
        data, at = rest + block, 0
        while (found := _record_at(data, at)) is not None:
            kind, start, at = found
            yield kind, data[start:at]
        rest = data[at:]
        if len(rest) > _LARGEST_RECORD_BYTES:
            raise damaged("one of its records is too large")
    if rest:
        raise damaged("one of its records is cut off")


def _record_at(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Returns the kind, the start and the end of the content; None where it goes on behind the data. Kind and size are
    written in as many bytes as they need, of seven bits each."""
    end = len(data)
    if at + 2 > end:
        return None
    kind = data[at]
    at += 1
    if kind & 0x80:
        kind = kind & 0x7F | (data[at] & 0x7F) << 7
        at += 1
    size = 0
    for shift in (0, 7, 14, 21):
        if at >= end:
            return None
        byte = data[at]
        at += 1
        size |= (byte & 0x7F) << shift
        if not byte & 0x80:
            break
    return (kind, at, at + size) if at + size <= end else None


def wide_text(record: bytes, at: int) -> tuple[str, int]:
    """Returns a text that states its length, and where it ends. Raises Refused `damaged_workbook`."""
    characters = int.from_bytes(record[at : at + 4], "little")
    end = at + 4 + characters * 2
    if characters == 0xFFFFFFFF:  # no text at all
        return "", at + 4
    if end > len(record):
        raise damaged("one of its texts is cut off")
    return record[at + 4 : end].decode("utf-16-le", "replace"), end


def real(record: bytes, at: int) -> float:
    """Returns the real number of 64 bits at this place. Raises Refused `damaged_workbook`."""
    if at + 8 > len(record):
        raise damaged("one of its numbers is cut off")
    return float(struct.unpack_from("<d", record, at)[0])


def short_number(record: bytes, at: int) -> float:
    """Returns a number written in 30 bits: a whole one or the upper half of a real one, or a hundredth of it where a
    bit says so."""
    (bits,) = struct.unpack("<i", record[at : at + 4].ljust(4, b"\0"))
    if bits & 2:
        number = float(bits >> 2)
    else:
        (number,) = struct.unpack("<d", struct.pack("<iI", 0, bits & 0xFFFFFFFC))
    return float(number / 100 if bits & 1 else number)
