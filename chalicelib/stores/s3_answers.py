"""What S3 answers, and is to answer: bodies as streams of the bytes that were asked for, objects as listings tell of
them, and the header that names a file.
"""

import io
import unicodedata
from typing import Any
from urllib.parse import quote

from botocore.response import StreamingBody

from chalicelib.stores.clients import retryable_errors
from chalicelib.stores.interfaces import StoredFile

READ_BYTES = 256 << 10
LONGEST_FILENAME = 150
"""Characters of a name in Content-Disposition; common file systems end at 255 bytes."""
NO_VERSION = "null"
"""The id of an object that was written while its bucket kept no versions."""


class Body(io.RawIOBase):
    """An answer's body as a stream that a buffered reader can read.

    A server may ignore the range it was asked for and send the whole (RFC 9110, section 14.2); then the range is taken
    out of that here.
    """

    def __init__(self, body: StreamingBody, key: str, *, skipped: int = 0, end: int | None = None) -> None:
        self._body = body
        self._key = key
        self._skipped = skipped
        self._left = None if end is None else end - skipped

    def readable(self) -> bool:
        """Returns True."""
        return True

    def release(self) -> None:
        """Gives the connection back to its pool, or closes it."""
        self._body.close()

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer as far as there are bytes, and returns how many. Raises Retryable where the answer breaks
        off."""
        while self._skipped:
            dropped = len(self._read(min(self._skipped, READ_BYTES)))
            self._skipped = self._skipped - dropped if dropped else 0
        chunk = self._read(len(buffer) if self._left is None else min(len(buffer), self._left))
        self._left = None if self._left is None else self._left - len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _read(self, size: int) -> bytes:
        with retryable_errors(f"reading {self._key}"):
            return self._body.read(size) if size else b""


def to_stored(listed: Any) -> StoredFile:
    """Returns an object version that a listing tells of."""
    return StoredFile(
        key=listed["Key"],
        size_bytes=listed["Size"],
        version_id=version_of(listed),
        checksum=listed["ETag"].strip('"'),
    )


def version_of(answer: Any) -> str | None:
    """Returns the version id; None in a bucket without versions."""
    version_id = answer.get("VersionId")
    return None if version_id in (None, NO_VERSION) else str(version_id)


def content_disposition(filename: str) -> str:
    """Returns the header that saves a file under this name, whatever a customer called it (RFC 6266, RFC 8187): nothing
    of the name can end the header, begin another, leave the folder or turn the text around.
    """
    return f"attachment; filename*=UTF-8''{quote(_harmless(filename), safe='')}"


def _harmless(filename: str) -> str:
    kept = (" " if one in '/\\"' else one for one in filename if not unicodedata.category(one).startswith("C"))
    return "".join(kept).strip(" .")[-LONGEST_FILENAME:] or "download"
