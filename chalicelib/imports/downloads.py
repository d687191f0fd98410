"""Signed links of an import: where its source may be sent, and where its files may be fetched.

Links are signed when asked for and stored nowhere; each new answer carries a fresh one.
"""

from chalicelib.access.context import Context
from chalicelib.model.imports import Import, Status
from chalicelib.model.object_keys import ResultFile, result_key, upload_key


def find_upload_link(context: Context, import_: Import) -> str | None:
    """Returns a signed PUT while the import waits for its source. Size and type are signed where the caller stated
    them.
    """
    remaining_s = (import_.upload_expires_at or 0) - context.clock()
    if import_.status is not Status.REQUESTED or remaining_s <= 0:
        return None
    stated = import_.source
    return context.stores.files.upload_url(
        upload_key(import_.tenant_id, import_.import_id),
        expires_s=remaining_s,
        content_type=(stated.content_type or None) if stated else None,
        size_bytes=(stated.size_bytes or None) if stated else None,
    )


def find_download_link(context: Context, import_: Import, file: ResultFile) -> str | None:
    """Returns a signed GET; None if there is no such file, or not yet."""
    key = result_key(import_.tenant_id, import_.import_id, file)
    if context.stores.files.find_file(key) is None:
        return None
    return context.stores.files.download_url(
        key, expires_s=context.limits.download_window_s, filename=f"{import_.import_id}-{file}"
    )
