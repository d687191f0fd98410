"""A versioned bucket in memory.

Signed URLs are strings to recognise, `memory://PUT/<key>?…`: nothing answers them, tests put the object themselves.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from hashlib import md5
from io import BytesIO
from itertools import count
from threading import RLock
from typing import BinaryIO
from urllib.parse import quote, urlencode

from chalicelib.errors import NotFound
from chalicelib.stores.interfaces import FileRange, StoredFile, StoredPart, StoredVersion, VersionMarker, VersionPage
from chalicelib.stores.paging import Clock


@dataclass(frozen=True, slots=True)
class _Version:
    stored: StoredFile
    content: bytes
    stored_at: int


class MemoryFiles:
    """Keeps the promises of `stores.interfaces.Files`."""

    bucket = "bucket"

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._numbers = count(1)
        self._versions: dict[str, list[_Version]] = {}
        self._uploads: dict[tuple[str, str], dict[int, bytes]] = {}
        """Parts by number, by key and id of their upload."""

    @staticmethod
    def checksum_of(content: bytes) -> str:
        """Returns the checksum as S3 makes the entity tag of an object that was written in one go."""
        return md5(content, usedforsecurity=False).hexdigest()

    def find_file(self, key: str, version_id: str | None = None) -> StoredFile | None:
        """Does what `Files.find_file` promises."""
        version = self._find_version(key, version_id)
        return version.stored if version else None

    def open_file(
        self, key: str, version_id: str | None = None, *, start: int = 0, end: int | None = None
    ) -> AbstractContextManager[BinaryIO]:
        """Does what `Files.open_file` promises."""
        return BytesIO(self._get_version(key, version_id).content[start:end])

    def read_file(self, key: str) -> bytes:
        """Does what `Files.read_file` promises."""
        return self._get_version(key, None).content

    def read_ranges(self, ranges: Sequence[FileRange]) -> Iterator[bytes | None]:
        """Does what `Files.read_ranges` promises, one after the other."""
        for one in ranges:
            version = self._find_version(one.key, one.version_id)
            yield version.content[one.start : one.end] if version else None

    def read_end(self, key: str, size_bytes: int) -> bytes:
        """Does what `Files.read_end` promises."""
        return self.read_file(key)[-size_bytes:]

    def write_file(self, key: str, content: bytes, *, content_type: str = "application/octet-stream") -> StoredFile:
        """Does what `Files.write_file` promises."""
        with self._lock:
            stored = StoredFile(
                key=key,
                size_bytes=len(content),
                version_id=f"v{next(self._numbers)}",
                checksum=self.checksum_of(content),
                content_type=content_type,
            )
            self._versions.setdefault(key, []).append(_Version(stored, bytes(content), int(self._clock())))
        return stored

    def write_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> StoredFile:
        """Does what `Files.write_stream` promises."""
        return self.write_file(key, b"".join(chunks), content_type=content_type)

    def write_streams(self, content_types: Mapping[str, str], chunks: Iterable[tuple[str, bytes]]) -> list[StoredFile]:
        """Does what `Files.write_streams` promises."""
        contents: dict[str, list[bytes]] = {key: [] for key in content_types}
        for key, chunk in chunks:
            contents[key].append(chunk)
        return [self.write_stream(key, contents[key], content_type=of) for key, of in content_types.items()]

    def concatenate(self, pieces: Sequence[FileRange | bytes], key: str, *, content_type: str) -> StoredFile:
        """Does what `Files.concatenate` promises."""
        return self.write_file(key, b"".join(map(self._content_of, pieces)), content_type=content_type)

    def _content_of(self, piece: FileRange | bytes) -> bytes:
        if isinstance(piece, bytes):
            return piece
        return self._get_version(piece.key, piece.version_id).content[piece.start : piece.end]

    def copy_file(self, source: StoredFile, key: str) -> None:
        """Does what `Files.copy_file` promises."""
        version = self._get_version(source.key, source.version_id)
        self.write_file(key, version.content, content_type=version.stored.content_type)

    def list_keys(self, prefix: str) -> list[str]:
        """Does what `Files.list_keys` promises."""
        with self._lock:
            return sorted(key for key in self._versions if key.startswith(prefix))

    def list_versions(self, key: str) -> list[StoredFile]:
        """Does what `Files.list_versions` promises."""
        with self._lock:
            return [replace(one.stored, content_type="") for one in reversed(self._versions.get(key, []))]

    def list_version_page(self, prefix: str, *, after: VersionMarker | None = None) -> VersionPage:
        """Does what `Files.list_version_page` promises; a page is never full."""
        with self._lock:
            found = {key: self._versions[key][::-1] for key in self.list_keys(prefix)}
        listed = [
            StoredVersion(replace(one.stored, content_type=""), one.stored_at) for key in found for one in found[key]
        ]
        behind = [one for one in listed if after is None or _is_behind(one.file, after, found.get(after.key, []))]
        return VersionPage(tuple(behind), None)

    def delete_files(self, prefix: str) -> int:
        """Does what `Files.delete_files` promises."""
        with self._lock:
            keys = [key for key in self._versions if key.startswith(prefix)]
            for key in keys:
                del self._versions[key]
        return len(keys)

    def delete_versions(self, versions: Iterable[StoredFile]) -> None:
        """Does what `Files.delete_versions` promises."""
        with self._lock:
            for gone in versions:
                kept = [one for one in self._versions.get(gone.key, []) if one.stored.version_id != gone.version_id]
                if kept:
                    self._versions[gone.key] = kept
                else:
                    self._versions.pop(gone.key, None)

    def upload_url(
        self, key: str, *, expires_s: int, content_type: str | None = None, size_bytes: int | None = None
    ) -> str:
        """Does what `Files.upload_url` promises."""
        return self._url("PUT", key, expires_s, content_type=content_type, size_bytes=size_bytes)

    def start_parts(self, key: str, *, content_type: str) -> str:
        """Does what `Files.start_parts` promises."""
        with self._lock:
            upload_id = f"u{next(self._numbers)}"
            self._uploads[key, upload_id] = {}
        return upload_id

    def part_url(self, key: str, upload_id: str, number: int, *, size_bytes: int, expires_s: int) -> str:
        """Does what `Files.part_url` promises."""
        return self._url("PUT", key, expires_s, upload_id=upload_id, part=number, size_bytes=size_bytes)

    def write_part(self, key: str, upload_id: str, number: int, content: bytes) -> None:
        """Takes a part, as S3 does behind a signed URL. Raises NotFound if the upload is gone."""
        with self._lock:
            if (key, upload_id) not in self._uploads:
                raise NotFound("not_found", f"There is no upload {upload_id!r}.")
            self._uploads[key, upload_id][number] = content

    def list_parts(self, key: str, upload_id: str, numbers: range | None = None) -> list[StoredPart] | None:
        """Does what `Files.list_parts` promises."""
        with self._lock:
            parts = self._uploads.get((key, upload_id))
        if parts is None:
            return None
        return [
            StoredPart(number, len(part), self.checksum_of(part))
            for number, part in sorted(parts.items())
            if numbers is None or number in numbers
        ]

    def complete_parts(self, key: str, upload_id: str, parts: Sequence[StoredPart]) -> None:
        """Does what `Files.complete_parts` promises."""
        with self._lock:
            sent = self._uploads.pop((key, upload_id), None)
            if sent is not None:
                self.write_file(key, b"".join(sent[part.number] for part in parts))

    def download_url(self, key: str, *, expires_s: int, filename: str) -> str:
        """Does what `Files.download_url` promises."""
        return self._url("GET", key, expires_s, filename=filename)

    def _url(self, method: str, key: str, expires_s: int, **signed: str | int | None) -> str:
        given = {name: value for name, value in signed.items() if value is not None}
        query = urlencode({"expires_at": int(self._clock()) + expires_s, **given})
        return f"memory://{method}/{quote(key)}?{query}"

    def _find_version(self, key: str, version_id: str | None) -> _Version | None:
        with self._lock:
            versions = self._versions.get(key, [])
            if version_id is None:
                return versions[-1] if versions else None
            return next((one for one in versions if one.stored.version_id == version_id), None)

    def _get_version(self, key: str, version_id: str | None) -> _Version:
        version = self._find_version(key, version_id)
        if version is None:
            raise NotFound("not_found", f"There is no file {key!r}.")
        return version


def _is_behind(file: StoredFile, marker: VersionMarker, versions: Sequence[_Version]) -> bool:
    """Whether a listing has the file behind the marker; `versions` are those of the marker's key, newest first."""
    if file.key != marker.key:
        return file.key > marker.key
    ids = [one.stored.version_id for one in versions]
    return marker.version_id in ids and ids.index(file.version_id) > ids.index(marker.version_id)
