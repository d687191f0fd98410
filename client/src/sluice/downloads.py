"""How a file behind a signed URL comes to lie on disk: whole, or not at all."""

from pathlib import Path

from sluice.errors import NotFound, Refusal
from sluice.session import Session
from sluice.transport import Bytes, Flow, ignore_bytes


def saved(session: Session, url: str | None, path: Path, on_bytes: Bytes = ignore_bytes) -> Flow[Path]:
    """Writes what lies behind the URL to a file beside the path, and renames it when it is whole. Raises NotFound
    where there is no URL, since then there is no file."""
    if url is None:
        raise NotFound(Refusal(404, "file_not_found", "There is no such file."))
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w+b") as file:
            yield from session.save(url, file, on_bytes)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
