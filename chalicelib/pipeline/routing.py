"""Which way an import takes through the state machine, from its size and its first bytes."""

import zlib
from enum import StrEnum

from chalicelib.journey import Journey

WORKBOOK = b"PK\x03\x04"
"""How every XLSX file begins: it is a zip archive."""
GZIP = b"\x1f\x8b"
GZIP_GROWTH = 20
"""What a gzipped text is taken to grow to; whoever grows more still gets through, only slower."""
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


def route_of(journey: Journey) -> Route:
    """Raises NotFound where the source's object version is gone."""
    source = journey.import_.source
    if source is None:
        return Route.FINISH
    with journey.stores.files.open_file(source.key, source.version_id) as stream:
        head = stream.read(HEAD_BYTES)
    growth = GZIP_GROWTH if head.startswith(GZIP) else 1
    is_small = source.size_bytes * growth <= journey.limits.small_source_bytes
    if _inflated(head).startswith(WORKBOOK):
        return Route.TRAVEL_WORKBOOK if is_small else Route.READ_WORKBOOK
    return Route.TRAVEL if is_small else Route.READ_SPAN


def _inflated(head: bytes) -> bytes:
    if not head.startswith(GZIP):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, len(WORKBOOK))
    except zlib.error:
        return b""
