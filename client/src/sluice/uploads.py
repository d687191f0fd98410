"""What can be imported, and how it is sent to signed URLs: in one request, or above a size in parts.

A source is a file on disk, so that each try reads it anew and nothing is held in memory: bytes, rows and streams are
written to a temporary file first. A part that failed is sent again alone, and so are, after an interruption, the parts
that the service does not have yet (docs/adr/0039).
"""

import json
import mimetypes
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

import httpx

from sluice.errors import ApiError, Refusal, SourceUnreadable, api_error
from sluice.session import Session
from sluice.transport import Compute, FileRange, Flow, Outgoing, Together

KEPT_AS = "source"
"""The name of the temporary file that has what is no file."""
PARTS_AT_ONCE = 4
PARTS_ASKED = 20
"""Signed URLs that are asked for at once; they stay good for an hour, in which they are used."""

OnSent = Callable[[int, int], None]
"""Is told how many bytes of how many have been sent; fewer than before where a try begins anew."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to send."""

    path: Path
    name: str
    content_type: str
    size_bytes: int

    @classmethod
    def from_path(cls, path: Path, name: str | None = None) -> "SourceFile":
        """Returns the file at a path. Raises SourceUnreadable where there is none, or nothing in it."""
        if path.is_dir():
            raise SourceUnreadable(f"{path} is a folder.")
        try:
            with path.open("rb") as file:
                size_bytes = os.fstat(file.fileno()).st_size
        except OSError as error:
            raise SourceUnreadable(f"{path} cannot be read: {error.strerror or error}") from error
        if not size_bytes:
            raise SourceUnreadable(f"{name or path} is empty.")
        plain = _printable(name or path.name)
        return cls(path, plain, content_type_of(plain), size_bytes)


Source = str | Path | bytes | BinaryIO | Iterable[Mapping[str, Any]] | SourceFile
"""A path, the bytes of a file, a stream of them, rows as mappings, or a file that has been looked at already."""


def _printable(name: str) -> str:
    """Returns a name as the service takes it: that of a file may have line ends, and bytes that are no text."""
    return "".join(one if one.isprintable() else "_" for one in name)


def content_type_of(name: str) -> str:
    """Returns the media type that the name of a file stands for."""
    kind, encoding = mimetypes.guess_type(name)
    if name.endswith(".ndjson"):
        kind = "application/x-ndjson"
    return "application/gzip" if encoding == "gzip" else kind or "application/octet-stream"


@contextmanager
def source_file(source: Source, filename: str | None = None) -> Iterator[SourceFile]:
    """Gives a source as a file on disk, for as long as it is needed. Raises SourceUnreadable."""
    if isinstance(source, SourceFile):
        yield source
        return
    if isinstance(source, str | Path) and Path(source).is_fifo():
        with Path(source).open("rb") as pipe, source_file(pipe, filename or Path(source).name) as file:
            yield file
        return
    if isinstance(source, str | Path):
        yield SourceFile.from_path(Path(source), filename)
        return
    with tempfile.TemporaryDirectory(prefix="sluice-") as folder:
        path = Path(folder) / KEPT_AS
        is_rows = not isinstance(source, bytes) and not hasattr(source, "read")
        with path.open("wb") as file:
            _write(source, file)
        yield SourceFile.from_path(path, filename or ("rows.ndjson" if is_rows else "source"))


def _write(source: Any, file: BinaryIO) -> None:
    if isinstance(source, bytes):
        file.write(source)
    elif hasattr(source, "read"):
        shutil.copyfileobj(source, file)
    else:
        for row in source:
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


class _Count:
    """How many bytes of a file have been sent, over all its parts and tries."""

    def __init__(self, file: SourceFile, on_sent: OnSent | None) -> None:
        self._total, self._on_sent, self._lock = file.size_bytes, on_sent, Lock()
        self._sent: dict[int, int] = {}

    def of_part(self, number: int) -> Callable[[int], None]:
        """Returns what counts the bytes of a part."""

        def add(size: int) -> None:
            with self._lock:
                self._sent[number] = self._sent.get(number, 0) + size
                if self._on_sent:
                    self._on_sent(min(self._total, sum(self._sent.values())), self._total)

        return add


def send_whole(session: Session, file: SourceFile, url: str, on_sent: OnSent | None = None) -> Flow[None]:
    """Sends a file to the URL that was signed for it. Raises ApiError and SourceUnreadable."""
    count = _Count(file, on_sent)
    body = FileRange(file.path, 0, file.size_bytes, count.of_part(1))
    headers = {"Content-Type": file.content_type, "Content-Length": str(file.size_bytes)}
    yield from _put(session, Outgoing("PUT", url, headers, body), file)


def send_parts(session: Session, file: SourceFile, import_id: str, on_sent: OnSent | None = None) -> Flow[None]:
    """Sends a file in parts to the URLs that the import shows, some at once, and says when all are there. Parts that
    the service has received are left out where they are those of this file. Raises what `send_whole` raises."""
    path, count, sent_bytes, first = f"/v1/imports/{import_id}", _Count(file, on_sent), 0, 1
    while sent_bytes < file.size_bytes:
        answer = yield from session.get(path, parts=f"{first}-{first + PARTS_ASKED - 1}")
        parts = answer.data["_upload_parts"]
        _check_fits(file, parts, sent_bytes)
        yield Together([_send_part(session, file, part, count) for part in parts], PARTS_AT_ONCE)
        sent_bytes, first = int(parts[-1]["to"]), int(parts[-1]["number"]) + 1
    yield from session.post(path, {"status": "uploaded"})


def takes_no_file() -> ApiError:
    """Returns the error of an import that does not wait for a file."""
    return api_error(Refusal(409, "import_already_ended", "The import takes no file any more."))


def _send_part(session: Session, file: SourceFile, part: Mapping[str, Any], count: _Count) -> Flow[None]:
    number, start, size_bytes = int(part["number"]), int(part["from"]), int(part["to"]) - int(part["from"])
    counter = count.of_part(number)
    if (yield from _is_received(file, part, start, size_bytes)):
        counter(size_bytes)
        return
    body = FileRange(file.path, start, size_bytes, counter)
    yield from _put(session, Outgoing("PUT", str(part["url"]), {"Content-Length": str(size_bytes)}, body), file)


def _is_received(file: SourceFile, part: Mapping[str, Any], start: int, size_bytes: int) -> Flow[bool]:
    """Returns whether the service has this part already; only a part with other bytes, or none, is worth sending."""
    received = part.get("received") or {}
    if received.get("size_bytes") != size_bytes:
        return False
    digest = yield Compute(FileRange(file.path, start, size_bytes).md5)
    return bool(digest == received.get("checksum"))


def _check_fits(file: SourceFile, parts: Sequence[Mapping[str, Any]] | None, sent_bytes: int) -> None:
    """Raises ApiError where the import takes no parts any more, and SourceUnreadable where it waits for a file of
    another size."""
    if parts and parts[-1]["to"] <= file.size_bytes:
        return
    if not (parts or sent_bytes):
        raise takes_no_file()
    raise SourceUnreadable(f"The import waits for another file: {file.name} has {file.size_bytes:,} bytes.")


def _put(session: Session, request: Outgoing, file: SourceFile) -> Flow[None]:
    try:
        response = yield from session.put(request)
    except httpx.LocalProtocolError as error:
        raise _changed(file) from error
    if response.status_code == httpx.codes.FORBIDDEN and file.path.stat().st_size != file.size_bytes:
        raise _changed(file)
    if not response.is_success:
        raise api_error(Refusal(response.status_code, message=f"The file is not taken: {response.text[:200]}"))


def _changed(file: SourceFile) -> SourceUnreadable:
    return SourceUnreadable(f"{file.name} changed while it was sent. Send it again.")
