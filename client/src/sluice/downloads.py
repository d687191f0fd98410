"""How a file behind a signed URL comes to lie on disk: whole, or not at all."""

import shutil
import tempfile
from pathlib import Path

from sluice.errors import NotFound, Refusal
from sluice.session import Session
from sluice.transport import Bytes, Flow, ignore_bytes

PART = ".part"
"""Behind the name of a file that is not whole yet."""


def saved(session: Session, url: str | None, path: Path, on_bytes: Bytes = ignore_bytes) -> Flow[Path]:
    """Writes what lies behind the URL to a file beside the path, and renames it when it is whole. Raises NotFound
    where there is no URL, since then there is no file."""
    if url is None:
        raise NotFound(Refusal(404, "file_not_found", "There is no such file."))
    if path.exists() and not path.is_file():
        return (yield from _copied(session, url, path, on_bytes))
    part = path.with_name(path.name + PART)
    try:
        with part.open("w+b") as file:
            yield from session.save(url, file, on_bytes)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _copied(session: Session, url: str, path: Path, on_bytes: Bytes) -> Flow[Path]:
    """A device or a pipe is written to, when the file is whole, and never replaced."""
    with path.open("wb") as device, tempfile.TemporaryFile() as file:
        yield from session.save(url, file, on_bytes)
        file.seek(0)
        shutil.copyfileobj(file, device)
    return path
