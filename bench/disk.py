"""A bucket in a folder, for imports larger than memory: what tasks hand each other lies on disk, as it does in S3.

Keys become paths. Versions are not kept: nobody writes a source twice here. Signed URLs there are none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from io import SEEK_END, BytesIO
from itertools import chain
from pathlib import Path
from shutil import copyfile
from typing import BinaryIO, cast

from chalicelib.errors import NotFound
from chalicelib.stores.interfaces import FileRange, StoredFile, StoredPart, VersionMarker, VersionPage

CHUNK_BYTES = 1 << 20
"""Held at a time where objects are put together, which S3 does where they lie."""


class DiskFiles:
    """Keeps `stores.interfaces.Files`, as far as imports need it."""

    bucket = "disk"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, key: str) -> Path:
        return self._folder / key

    def find_file(self, key: str, version_id: str | None = None) -> StoredFile | None:
        path = self.path_of(key)
        size_bytes = path.stat().st_size if path.is_file() else None
        if size_bytes is None:
            return None
        return StoredFile(key=key, size_bytes=size_bytes, version_id=None, checksum=str(size_bytes))

    @contextmanager
    def open_file(
        self, key: str, version_id: str | None = None, *, start: int = 0, end: int | None = None
    ) -> Iterator[BinaryIO]:
        with self._existing(key).open("rb") as file:
            file.seek(start)
            yield file if end is None else BytesIO(file.read(end - start))

    def read_file(self, key: str) -> bytes:
        return self._existing(key).read_bytes()

    def read_ranges(self, ranges: Sequence[FileRange]) -> Iterator[bytes | None]:
        for one in ranges:
            try:
                with self.open_file(one.key, start=one.start, end=one.end) as file:
                    yield file.read()
            except NotFound:
                yield None

    def read_end(self, key: str, size_bytes: int) -> bytes:
        with self._existing(key).open("rb") as file:
            file.seek(-min(size_bytes, file.seek(0, SEEK_END)), SEEK_END)
            return file.read()

    def write_file(self, key: str, content: bytes, *, content_type: str = "application/octet-stream") -> StoredFile:
        return self.write_stream(key, [content], content_type=content_type)

    def write_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> StoredFile:
        return self.write_streams({key: content_type}, ((key, chunk) for chunk in chunks))[0]

    def write_streams(self, content_types: Mapping[str, str], chunks: Iterable[tuple[str, bytes]]) -> list[StoredFile]:
        with ExitStack() as opened:
            files = {key: opened.enter_context(self._created(key)) for key in content_types}
            for key, chunk in chunks:
                files[key].write(chunk)
        return [cast(StoredFile, self.find_file(key)) for key in content_types]

    def concatenate(self, pieces: Sequence[FileRange | bytes], key: str, *, content_type: str) -> StoredFile:
        return self.write_stream(key, chain.from_iterable(map(self._each_chunk, pieces)), content_type=content_type)

    def _each_chunk(self, piece: FileRange | bytes) -> Iterator[bytes]:
        if isinstance(piece, bytes):
            yield piece
            return
        assert piece.end is not None, "the end of a piece is known"
        with self._existing(piece.key).open("rb") as file:
            file.seek(piece.start)
            for start in range(piece.start, piece.end, CHUNK_BYTES):
                yield file.read(min(CHUNK_BYTES, piece.end - start))

    def copy_file(self, source: StoredFile, key: str) -> None:
        path = self.path_of(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        copyfile(self._existing(source.key), path)

    def list_keys(self, prefix: str) -> list[str]:
        found = self._folder.glob(f"{prefix}**/*")
        return sorted(str(one.relative_to(self._folder)) for one in found if one.is_file())

    def list_versions(self, key: str) -> list[StoredFile]:
        found = self.find_file(key)
        return [found] if found else []

    def list_version_page(self, prefix: str, *, after: VersionMarker | None = None) -> VersionPage:
        raise NotImplementedError

    def delete_files(self, prefix: str) -> int:
        found = [one for one in self._folder.glob(f"{prefix}**/*") if one.is_file()]
        for one in found:
            one.unlink()
        return len(found)

    def delete_versions(self, versions: Iterable[StoredFile]) -> None:
        for one in versions:
            self.path_of(one.key).unlink(missing_ok=True)

    def upload_url(
        self, key: str, *, expires_s: int, content_type: str | None = None, size_bytes: int | None = None
    ) -> str:
        raise NotImplementedError

    def start_parts(self, key: str, *, content_type: str) -> str:
        raise NotImplementedError

    def part_url(self, key: str, upload_id: str, number: int, *, size_bytes: int, expires_s: int) -> str:
        raise NotImplementedError

    def list_parts(self, key: str, upload_id: str, numbers: range | None = None) -> list[StoredPart] | None:
        raise NotImplementedError

    def complete_parts(self, key: str, upload_id: str, parts: Sequence[StoredPart]) -> None:
        raise NotImplementedError

    def download_url(self, key: str, *, expires_s: int, filename: str) -> str:
        raise NotImplementedError

    def _created(self, key: str) -> BinaryIO:
        path = self.path_of(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("wb")

    def _existing(self, key: str) -> Path:
        path = self.path_of(key)
        if not path.is_file():
            raise NotFound("not_found", f"There is no file {key!r}.")
        return path
