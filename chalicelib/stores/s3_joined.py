"""One object made of parts of others, and of bytes between them: what is large enough is copied where it lies.

S3 takes no part but the last below 5 MB, so that what is smaller is read, and sent together with the beginning of what
follows it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.errors import NotFound
from chalicelib.stores.clients import code_of, retryable_errors
from chalicelib.stores.interfaces import FileRange
from chalicelib.stores.read_ahead import each_ahead
from chalicelib.stores.s3_multipart import ABSENT, abort, complete, start

SMALLEST_PART = 5 << 20
COPY_BYTES = 1 << 30
"""Size of a part that is copied; S3 takes up to 5 GB."""
THREADS = 16
"""S3 copies on its own; what is sent by one of them is 10 MB at most."""

Piece = FileRange | bytes
"""Of an object, with its end, or as it is."""
Part = Sequence[Piece]
"""A single piece of `SMALLEST_PART` or more, which is copied, or small ones, which are sent."""


def size_of(piece: Piece) -> int:
    """Returns how many bytes a piece has; of an object, its end must be known."""
    if isinstance(piece, bytes):
        return len(piece)
    assert piece.end is not None, "the end of a piece is known"
    return piece.end - piece.start


def each_part(pieces: Sequence[Piece]) -> Iterator[Part]:
    """Yields what each part consists of. Only the last one may have less than `SMALLEST_PART`."""
    small: list[Piece] = []
    for piece in filter(size_of, pieces):
        lacking = SMALLEST_PART - sum(map(size_of, small)) if small else 0
        beginning, rest = _divided(piece, lacking)
        small += beginning
        for one in rest:
            if isinstance(one, bytes) or size_of(one) < SMALLEST_PART:
                small.append(one)
                continue
            if small:
                yield small
            yield from ([copied] for copied in _each_copied(one))
            small = []
        if sum(map(size_of, small)) >= SMALLEST_PART:
            yield small
            small = []
    if small:
        yield small


def _divided(piece: Piece, size_bytes: int) -> tuple[Part, Part]:
    """The first bytes of a piece of an object, and the others; all of it goes with its beginning where either would be
    too small to stand alone."""
    if isinstance(piece, bytes) or not size_bytes:
        return [], [piece]
    if size_of(piece) < size_bytes + SMALLEST_PART:
        return [piece], []
    at = piece.start + size_bytes
    return [replace(piece, end=at)], [replace(piece, start=at)]


def _each_copied(piece: FileRange) -> Iterator[FileRange]:
    """No part may be too small, so the rest of a piece joins its last part."""
    assert piece.end is not None, "the end of a piece is known"
    starts = [piece.start + number * COPY_BYTES for number in range(max(1, size_of(piece) // COPY_BYTES))]
    for begin, end in zip(starts, [*starts[1:], piece.end], strict=True):
        yield replace(piece, start=begin, end=end)


@dataclass(frozen=True, slots=True)
class JoinedPieces:
    """Writes objects of pieces of others in the same bucket."""

    client: Any
    bucket: str
    read: Callable[[FileRange], bytes]

    def write(self, pieces: Sequence[Piece], place: dict[str, Any], content_type: str) -> Any:
        """Writes one object, and returns what S3 answered. Raises NotFound where a piece is absent; nothing is left
        behind then.
        """
        parts = [*each_part(pieces)]
        if len(parts) < 2 and not any(map(_is_copied, parts)):
            content = b"".join(map(self._content_of, parts))
            with retryable_errors(f"writing {place['Key']}"):
                return self.client.put_object(**place, Body=content, ContentType=content_type)
        upload = start(self.client, place, content_type)
        try:
            tags = [*each_ahead(lambda one: self._write(upload, *one), [*enumerate(parts, 1)], threads=THREADS)]
            return complete(self.client, upload, tags)
        except BaseException:
            abort(self.client, upload)
            raise

    def _write(self, upload: dict[str, Any], number: int, part: Part) -> Any:
        tag = self._copy(upload, number, part[0]) if _is_copied(part) else self._send(upload, number, part)
        return {"ETag": tag, "PartNumber": number}

    def _send(self, upload: dict[str, Any], number: int, part: Part) -> str:
        content = self._content_of(part)
        with retryable_errors(f"writing {upload['Key']}"):
            return str(self.client.upload_part(**upload, PartNumber=number, Body=content)["ETag"])

    def _copy(self, upload: dict[str, Any], number: int, piece: Piece) -> str:
        assert isinstance(piece, FileRange), "bytes are sent"
        source = {"Bucket": self.bucket, "Key": piece.key}
        source |= {"VersionId": piece.version_id} if piece.version_id else {}
        copied = f"bytes={piece.start}-{(piece.end or 0) - 1}"
        try:
            with retryable_errors(f"copying {piece.key}"):
                answer = self.client.upload_part_copy(
                    **upload, PartNumber=number, CopySource=source, CopySourceRange=copied
                )
        except ClientError as error:
            if code_of(error) in ABSENT:
                raise NotFound("not_found", f"There is no file {piece.key!r}.") from error
            raise
        return str(answer["CopyPartResult"]["ETag"])

    def _content_of(self, part: Part) -> bytes:
        return b"".join(one if isinstance(one, bytes) else self.read(one) for one in part)


def _is_copied(part: Part) -> bool:
    return len(part) == 1 and isinstance(part[0], FileRange) and size_of(part[0]) >= SMALLEST_PART
