"""The objects of one bucket, each with its versions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """An object version as it lies in the bucket."""

    key: str
    size_bytes: int
    version_id: str | None
    checksum: str
    """Its entity tag, without quotes."""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """An object version as a listing tells of it, without its content type."""

    file: StoredFile
    stored_at: int
    """When it was written; epoch seconds."""


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A page of a listing."""

    versions: tuple[StoredVersion, ...]
    next: "VersionMarker | None"
    """Where the next page begins; None for the last one."""


@dataclass(frozen=True, slots=True)
class VersionMarker:
    """A place in a listing of versions: behind this one."""

    key: str
    version_id: str | None


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part of an object that is not whole yet."""

    number: int
    """From 1."""
    size_bytes: int
    checksum: str
    """Its entity tag, as the store has given it: the MD5 of its bytes in hexadecimal, perhaps in quotes, unless the
    bucket encrypts by a key of its own."""


@dataclass(frozen=True, slots=True)
class FileRange:
    """A part of an object."""

    key: str
    start: int = 0
    """Its first byte."""
    end: int | None = None
    """The byte behind its last; None for the end of the object."""
    version_id: str | None = None
    """None for the newest version."""


class Files(Protocol):
    """The objects of one bucket, by key."""

    @property
    def bucket(self) -> str:
        """The name of the bucket, as events tell it."""

    def find_file(self, key: str, version_id: str | None = None) -> StoredFile | None:
        """Returns what is known of an object, or of one version of it, without its content; None if it is absent."""

    def open_file(
        self, key: str, version_id: str | None = None, *, start: int = 0, end: int | None = None
    ) -> AbstractContextManager[BinaryIO]:
        """Returns a stream over an object from byte `start` to before byte `end`, which reads in chunks and never the
        whole. Raises NotFound if the object is absent.
        """

    def read_file(self, key: str) -> bytes:
        """Returns the whole of a small object. Raises NotFound if it is absent."""

    def read_ranges(self, ranges: Sequence[FileRange]) -> Iterator[bytes | None]:
        """Yields parts of objects in the order in which they are asked for, None for an object that is absent. Lazy; a
        few are read ahead.
        """

    def read_end(self, key: str, size_bytes: int) -> bytes:
        """Returns the last bytes of an object, so many of them; of a shorter one the whole. Raises NotFound if it is
        absent.
        """

    def write_file(self, key: str, content: bytes, *, content_type: str = "application/octet-stream") -> StoredFile:
        """Writes an object in one request, and returns the version that was written."""

    def write_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> StoredFile:
        """Writes an object of any length in bounded memory. It becomes visible at the end; a write that fails leaves
        nothing behind.
        """

    def write_streams(self, content_types: Mapping[str, str], chunks: Iterable[tuple[str, bytes]]) -> list[StoredFile]:
        """Writes several objects side by side, from chunks that each name their key, as `write_stream` writes one. They
        become visible one after the other when all chunks are there.
        """

    def concatenate(self, pieces: Sequence[FileRange | bytes], key: str, *, content_type: str) -> StoredFile:
        """Makes one object of parts of others and of bytes, in their order. Those that are large enough are copied
        where they lie. Raises NotFound if one is absent.
        """

    def copy_file(self, source: StoredFile, key: str) -> None:
        """Copies an object version to a key of the same bucket, with its content type."""

    def list_keys(self, prefix: str) -> list[str]:
        """Returns the keys of the objects under the prefix, in order. Everything that was written before the call is
        among them.
        """

    def list_versions(self, key: str) -> list[StoredFile]:
        """Returns the versions of an object that have not been removed for good, newest first and at most a thousand,
        without their content types.
        """

    def list_version_page(self, prefix: str, *, after: VersionMarker | None = None) -> VersionPage:
        """Returns at most a thousand versions of objects under the prefix, from a place on: in the order of their keys,
        those of one key newest first.
        """

    def delete_files(self, prefix: str) -> int:
        """Deletes every object under the prefix, with all versions, and returns how many objects there were."""

    def delete_versions(self, versions: Iterable[StoredFile]) -> None:
        """Deletes these versions for good, at most a thousand, and no other version of their objects. One that is gone
        already is no error.
        """

    def upload_url(
        self, key: str, *, expires_s: int, content_type: str | None = None, size_bytes: int | None = None
    ) -> str:
        """Returns a signed URL for one PUT. Content type and length are signed where they are given."""

    def start_parts(self, key: str, *, content_type: str) -> str:
        """Begins an object whose parts are sent by others, and returns the id of this upload. An upload that is never
        completed is removed after a day, by a rule of the bucket.
        """

    def part_url(self, key: str, upload_id: str, number: int, *, size_bytes: int, expires_s: int) -> str:
        """Returns a signed URL for one PUT of a part, whose length is signed."""

    def list_parts(self, key: str, upload_id: str, numbers: range | None = None) -> list[StoredPart] | None:
        """Returns the parts that were sent, in order, or those of these numbers that follow each other, at most a
        thousand; None if the upload is gone, completed or removed."""

    def complete_parts(self, key: str, upload_id: str, parts: Sequence[StoredPart]) -> None:
        """Makes the object of its parts, in order. An upload that is gone is no error: it may have been completed."""

    def download_url(self, key: str, *, expires_s: int, filename: str) -> str:
        """Returns a signed URL for a GET, which makes browsers save the file as `filename`."""
