"""A source that is sent in parts: which part holds which bytes, where each may be sent, and which are still missing.

The caller states the size, from which all parts follow, sends each to a URL of its own, and says when it is done; the
service then asks the store for the parts, so that no caller has to keep their entity tags. The import's source says
which upload they belong to.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.access.context import Context
from chalicelib.errors import Conflict
from chalicelib.model.imports import Source
from chalicelib.model.limits import Limits
from chalicelib.stores.interfaces import StoredPart

FIRST_PARTS = range(1, 11)
"""The parts that the answer to a new import shows."""


@dataclass(frozen=True, slots=True)
class UploadPart:
    """A part of a source that is to come."""

    number: int
    """From 1."""
    start: int
    """The place of its first byte."""
    end: int
    """The place behind its last byte."""

    @property
    def size_bytes(self) -> int:
        """Returns how many bytes it has."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class PartLink:
    """Where a part may be sent by PUT."""

    part: UploadPart
    url: str
    received: StoredPart | None = None
    """What was sent as this part so far, where it was asked for and there is something."""


def count_parts(size_bytes: int, limits: Limits) -> int:
    """Returns how many parts a source of this size has."""
    return -(-size_bytes // limits.upload_part_bytes)


def each_part(size_bytes: int, numbers: Iterable[int], limits: Limits) -> list[UploadPart]:
    """Returns the parts of these numbers, without those that a source of this size does not have."""
    last, part_bytes = count_parts(size_bytes, limits), limits.upload_part_bytes
    return [
        UploadPart(number, (number - 1) * part_bytes, min(number * part_bytes, size_bytes))
        for number in numbers
        if 1 <= number <= last
    ]


def find_received(context: Context, source: Source, numbers: range) -> dict[int, StoredPart]:
    """Returns which of these parts have been sent, by number; none where the upload is gone."""
    found = context.stores.files.list_parts(source.key, source.upload_id, numbers) if numbers else None
    return {part.number: part for part in found or ()}


def sign_parts(
    context: Context,
    source: Source,
    numbers: Iterable[int],
    *,
    expires_s: int,
    received: Mapping[int, StoredPart] = MappingProxyType({}),
) -> list[PartLink]:
    """Returns signed URLs for these parts of a source that is sent in parts, with what was received of them."""
    return [
        PartLink(
            part,
            context.stores.files.part_url(
                source.key, source.upload_id, part.number, size_bytes=part.size_bytes, expires_s=expires_s
            ),
            received.get(part.number),
        )
        for part in each_part(source.size_bytes, numbers, context.limits)
    ]


def complete_upload(context: Context, source: Source) -> None:
    """Makes the source of its parts. Raises Conflict `upload_incomplete`. An upload that is gone already is no error:
    the source may be there."""
    stored = context.stores.files.list_parts(source.key, source.upload_id)
    if stored is None:
        return
    _check_whole(source.size_bytes, stored, context.limits)
    context.stores.files.complete_parts(source.key, source.upload_id, stored)


def _check_whole(size_bytes: int, stored: Sequence[StoredPart], limits: Limits) -> None:
    sizes = {part.number: part.size_bytes for part in stored}
    last = count_parts(size_bytes, limits)
    expected = each_part(size_bytes, range(1, last + 1), limits)
    missing = [part.number for part in expected if sizes.get(part.number) != part.size_bytes]
    if missing:
        more = f", and {len(missing) - 1} more" if missing[1:] else ""
        message = f"Part {missing[0]} of {last} has not been sent{more}. Send them, and say so again."
        raise Conflict("upload_incomplete", message)
