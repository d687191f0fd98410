"""Signed links of an import: where its source may be sent, and where its files may be fetched.

Links are signed when asked for and stored nowhere; each new answer carries a fresh one.
"""

from dataclasses import dataclass

from chalicelib.access.context import Context
from chalicelib.imports.upload_parts import PartLink, find_received, sign_parts
from chalicelib.model.imports import Import, Status
from chalicelib.model.object_keys import ResultFile, result_key, upload_key


@dataclass(frozen=True, slots=True)
class UploadLink:
    """Where a source may be sent by PUT, and until when."""

    url: str
    expires_at: int
    """Epoch seconds; the import may wait for longer, and have another link then."""


@dataclass(frozen=True, slots=True)
class PartLinks:
    """Where parts of a source may be sent, and until when."""

    links: tuple[PartLink, ...]
    expires_at: int
    """Epoch seconds."""


def find_upload_link(context: Context, import_: Import) -> UploadLink | None:
    """Returns a signed PUT while the import waits for its source as a whole, good for `Limits.upload_link_s` at most.
    Size and type are signed where the caller stated them.
    """
    expires_at, stated = _links_expire_at(context, import_), import_.source
    if expires_at is None or (stated and stated.upload_id):
        return None
    url = context.stores.files.upload_url(
        upload_key(import_.tenant_id, import_.import_id),
        expires_s=expires_at - context.clock(),
        content_type=(stated.content_type or None) if stated else None,
        size_bytes=(stated.size_bytes or None) if stated else None,
    )
    return UploadLink(url, expires_at)


def find_part_links(context: Context, import_: Import, numbers: range, *, is_new: bool = False) -> PartLinks | None:
    """Returns signed PUTs for these parts while the import waits for its source in parts, good as `find_upload_link`
    says, with what was received of them; nothing was where the import is new."""
    expires_at, source = _links_expire_at(context, import_), import_.source
    if expires_at is None or source is None or not source.upload_id:
        return None
    expires_s = expires_at - context.clock()
    received = {} if is_new else find_received(context, source, numbers)
    links = sign_parts(context, source, numbers, expires_s=expires_s, received=received)
    return PartLinks(tuple(links), expires_at)


def _links_expire_at(context: Context, import_: Import) -> int | None:
    now = context.clock()
    expires_at = min(import_.upload_expires_at or 0, now + context.limits.upload_link_s)
    is_waiting = import_.status is Status.REQUESTED and not import_.is_held
    return expires_at if is_waiting and expires_at > now else None


def find_download_link(context: Context, import_: Import, file: ResultFile) -> str | None:
    """Returns a signed GET; None if there is no such file, or not yet."""
    key = result_key(import_.tenant_id, import_.import_id, file)
    if context.stores.files.find_file(key) is None:
        return None
    return context.stores.files.download_url(
        key, expires_s=context.limits.download_window_s, filename=f"{import_.import_id}-{file}"
    )
