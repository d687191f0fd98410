"""Which way an import takes through the state machine, from its size and its first bytes."""

import zlib
from enum import StrEnum

from chalicelib.imports.task_context import TaskContext

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin: as zip archives, which hold one or are one, or as compound files (XLS)."""
GZIP = b"\x1f\x8b"
PACKED_GROWTH = 20
"""What a gzipped or zipped text is taken to grow to; one that grows more still gets through, only slower."""
_FIRST_NAMES = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"mimetype")
"""With which a workbook's zip archive begins; others hold files of people."""
_NAME_AT = 30
"""Where the name of the first entry stands in a zip archive."""
HEAD_BYTES = 1024


class Route(StrEnum):
    """Where plan and the gates send the machine. A gate also answers with the name of the next phase."""

    TRAVEL = "travel"
    """The whole road in one task."""
    TRAVEL_WORKBOOK = "travel_workbook"
    """The same with the memory a workbook's reader needs."""
    READ_SPAN = "read_span"
    READ_WORKBOOK = "read_workbook"
    FINISH = "finish"


def route_of(journey: TaskContext) -> Route:
    """Raises NotFound where the source's object version is gone."""
    source = journey.import_.source
    if source is None:
        return Route.FINISH
    with journey.stores.files.open_file(source.key, source.version_id) as stream:
        head = stream.read(HEAD_BYTES)
    inflated = _inflated(head)
    is_packed = head.startswith(GZIP) or _is_archive(inflated)
    is_small = source.size_bytes * (PACKED_GROWTH if is_packed else 1) <= journey.limits.small_source_bytes
    if inflated.startswith(WORKBOOKS):
        return Route.TRAVEL_WORKBOOK if is_small else Route.READ_WORKBOOK
    return Route.TRAVEL if is_small else Route.READ_SPAN


def _is_archive(head: bytes) -> bool:
    return head.startswith(WORKBOOKS[0]) and not head[_NAME_AT:].startswith(_FIRST_NAMES)


def _inflated(head: bytes) -> bytes:
    if not head.startswith(GZIP):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
    except zlib.error:
        return b""
