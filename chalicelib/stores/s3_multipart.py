"""Objects that are written in parts: from bytes as they come, from objects that lie in the bucket already, or by
callers, to signed URLs.

Nothing of an object is visible before it is complete. An upload that fails is aborted, so that no parts are left to be
paid for.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.errors import Retryable
from chalicelib.stores.clients import code_of, retryable_errors
from chalicelib.stores.interfaces import StoredFile, StoredPart

PART_BYTES = 8 << 20
"""Size of a part; S3 takes 10,000 parts of at least 5 MB."""
COPY_BYTES = 1 << 30
"""Size of a part that is copied; S3 takes up to 5 GB."""
COPY_THREADS = 8
GONE = "NoSuchUpload"
"""What S3 says of an upload that was completed or aborted."""

_Range = tuple[StoredFile, int, int]
"""A file, and the bytes of it from one position to before another."""


class MultipartUpload:
    """An object on its way into the bucket, in one request or, if it is large, in parts; holds one part in memory."""

    def __init__(self, client: Any, place: dict[str, Any], content_type: str) -> None:
        """`place` is the bucket and the key, as requests have them."""
        self._client = client
        self._place = place
        self._content_type = content_type
        self._waiting = bytearray()
        self._upload: dict[str, Any] = {}
        """Empty until the first part is full."""
        self._tags: list[Any] = []
        self.size_bytes = 0

    def add(self, chunk: bytes) -> None:
        """Takes the next bytes, and sends every part that is full."""
        self._waiting += chunk
        self.size_bytes += len(chunk)
        while len(self._waiting) >= PART_BYTES:
            self._write_part(bytes(self._waiting[:PART_BYTES]))
            del self._waiting[:PART_BYTES]

    def complete(self) -> Any:
        """Sends the rest and makes the object visible; returns what S3 answered."""
        if not self._upload:
            with retryable_errors(f"writing {self._place['Key']}"):
                return self._client.put_object(**self._place, Body=bytes(self._waiting), ContentType=self._content_type)
        if self._waiting:
            self._write_part(bytes(self._waiting))
        return _complete(self._client, self._upload, self._tags)

    def abort(self) -> None:
        """Removes the parts that were sent."""
        if self._upload:
            _abort(self._client, self._upload)

    def _write_part(self, part: bytes) -> None:
        self._upload = self._upload or _start(self._client, self._place, self._content_type)
        number = len(self._tags) + 1
        with retryable_errors(f"writing {self._place['Key']}"):
            tag = self._client.upload_part(**self._upload, PartNumber=number, Body=part)["ETag"]
        self._tags.append({"ETag": tag, "PartNumber": number})


def copy_into_one(client: Any, files: list[StoredFile], place: dict[str, Any], content_type: str) -> Any:
    """Makes one object of files of the same bucket, in order, without reading them; returns what S3 answered.

    S3 takes no part but the last below 5 MB, so only the last file may be smaller.
    """
    upload = _start(client, place, content_type)
    try:
        return _complete(client, upload, _copied_parts(client, upload, files))
    except BaseException:
        _abort(client, upload)
        raise


def start_upload(client: Any, place: dict[str, Any], content_type: str) -> str:
    """Begins an upload whose parts are sent by others, and returns its id."""
    return str(_start(client, place, content_type)["UploadId"])


def find_parts(client: Any, upload: dict[str, Any], numbers: range | None) -> list[StoredPart] | None:
    """Returns the parts of an upload that were sent, or those of these numbers; None if it is gone."""
    try:
        with retryable_errors(f"listing the parts of {upload['Key']}"):
            if numbers is not None:
                return _find_some(client, upload, numbers)
            pages = client.get_paginator("list_parts").paginate(**upload)
            return [_to_part(one) for page in pages for one in page.get("Parts", [])]
    except ClientError as error:
        if code_of(error) == GONE:
            return None
        raise


def complete_upload(client: Any, upload: dict[str, Any], parts: Iterable[StoredPart]) -> None:
    """Makes the object of its parts, unless the upload is gone."""
    try:
        with retryable_errors(f"finishing {upload['Key']}"):
            client.complete_multipart_upload(**upload, MultipartUpload={"Parts": [_to_tag(one) for one in parts]})
    except ClientError as error:
        if code_of(error) != GONE:
            raise


def _find_some(client: Any, upload: dict[str, Any], numbers: range) -> list[StoredPart]:
    """In one request: of parts that lie close together there are no more than numbers."""
    found = client.list_parts(**upload, PartNumberMarker=numbers.start - 1, MaxParts=len(numbers)).get("Parts", [])
    return [_to_part(one) for one in found if one["PartNumber"] in numbers]


def _to_part(listed: Any) -> StoredPart:
    return StoredPart(listed["PartNumber"], listed["Size"], listed["ETag"])


def _to_tag(part: StoredPart) -> dict[str, Any]:
    return {"ETag": part.checksum, "PartNumber": part.number}


def _copied_parts(client: Any, upload: dict[str, Any], files: list[StoredFile]) -> list[Any]:
    def copy(numbered: tuple[int, _Range]) -> Any:
        number, (file, start, end) = numbered
        source = {"Bucket": upload["Bucket"], "Key": file.key}
        source |= {"VersionId": file.version_id} if file.version_id else {}
        with retryable_errors(f"copying {file.key}"):
            copied = client.upload_part_copy(
                **upload, PartNumber=number, CopySource=source, CopySourceRange=f"bytes={start}-{end - 1}"
            )
        return {"ETag": copied["CopyPartResult"]["ETag"], "PartNumber": number}

    with ThreadPoolExecutor(COPY_THREADS, thread_name_prefix="copying") as threads:
        return list(threads.map(copy, enumerate(_each_range(files), 1)))


def _each_range(files: Iterable[StoredFile]) -> Iterator[_Range]:
    """Yields the byte ranges of the parts. No part may be too small, so the rest of a file joins its last range."""
    for file in files:
        parts = max(1, file.size_bytes // COPY_BYTES)
        starts = [number * COPY_BYTES for number in range(parts)]
        for start, end in zip(starts, [*starts[1:], file.size_bytes], strict=True):
            yield file, start, end


def _start(client: Any, place: dict[str, Any], content_type: str) -> dict[str, Any]:
    with retryable_errors(f"starting to write {place['Key']}"):
        started = client.create_multipart_upload(**place, ContentType=content_type)
    return {**place, "UploadId": started["UploadId"]}


def _complete(client: Any, upload: dict[str, Any], parts: list[Any]) -> Any:
    """An upload that is gone may have been completed, and the answer lost; which version that made, nothing tells."""
    what = f"finishing {upload['Key']}"
    try:
        with retryable_errors(what):
            return client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    except ClientError as error:
        if code_of(error) == GONE:
            raise Retryable(f"{what}: {GONE}") from error
        raise


def _abort(client: Any, upload: dict[str, Any]) -> None:
    """An upload that is gone needs no end: it was completed, and only the answer was lost."""
    try:
        with retryable_errors(f"aborting {upload['Key']}"):
            client.abort_multipart_upload(**upload)
    except ClientError as error:
        if code_of(error) != GONE:
            raise
