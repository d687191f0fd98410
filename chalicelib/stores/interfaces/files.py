"""Objects of one bucket."""

from collections.abc import Iterable, Mapping, Sequence
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


class Files(Protocol):
    """Objects of one bucket."""

    def find_file(self, key: str, version_id: str | None = None) -> StoredFile | None: ...

    def open_file(
        self, key: str, version_id: str | None = None, *, start: int = 0, end: int | None = None
    ) -> AbstractContextManager[BinaryIO]:
        """A stream over the object from byte `start` to before byte `end`; raises NotFound if absent. Reads in chunks,
        never the whole.
        """

    def read_file(self, key: str) -> bytes:
        """The whole of a small object; raises NotFound."""

    def write_file(self, key: str, content: bytes, *, content_type: str = "application/octet-stream") -> StoredFile: ...

    def write_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> StoredFile:
        """Of any length, in bounded memory; nothing is visible before the end, nothing is left over after a failure."""

    def write_streams(self, content_types: Mapping[str, str], chunks: Iterable[tuple[str, bytes]]) -> list[StoredFile]:
        """Several objects side by side, by key, from chunks that say whose they are; each as `write_stream` has it.
        They become visible when all chunks are there, one after the other."""

    def concatenate(self, keys: Sequence[str], key: str, *, content_type: str) -> StoredFile:
        """Objects, put together in order to one; those that are large enough are copied where they lie. Raises
        NotFound if one is absent."""

    def copy_file(self, source: StoredFile, key: str) -> None: ...

    def list_keys(self, prefix: str) -> list[str]:
        """Of the objects under the prefix, in order. Whatever was written before the call is among them."""

    def list_versions(self, key: str) -> list[StoredFile]:
        """What was stored under this key and has not been removed for good, newest first; a thousand at most. Their
        content types are not known."""

    def delete_files(self, prefix: str) -> int:
        """Deletes every object under the prefix; says how many."""

    def upload_url(
        self, key: str, *, expires_s: int, content_type: str | None = None, size_bytes: int | None = None
    ) -> str:
        """A signed PUT; type and length are signed where given."""

    def download_url(self, key: str, *, expires_s: int, filename: str) -> str:
        """A signed GET that saves under `filename`."""
