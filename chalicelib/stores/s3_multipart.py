"""Objects that are written in parts: from bytes as they come, or by callers, to signed URLs.

Nothing of an object is visible before it is complete. An upload that fails is aborted, so that no parts are left to be
paid for.
"""

from collections.abc import Iterable
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.errors import Retryable
from chalicelib.stores.clients import code_of, retryable_errors
from chalicelib.stores.interfaces import StoredPart

PART_BYTES = 8 << 20
"""Size of a part; S3 takes 10,000 parts of at least 5 MB."""
ABSENT = frozenset({"404", "NoSuchKey", "NoSuchVersion", "NotFound", "InvalidVersionId"})
"""What S3 says of an object that is not there."""
GONE = "NoSuchUpload"
"""What S3 says of an upload that was completed or aborted."""


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
        return complete(self._client, self._upload, self._tags)

    def abort(self) -> None:
        """Removes the parts that were sent."""
        if self._upload:
            abort(self._client, self._upload)

    def _write_part(self, part: bytes) -> None:
        self._upload = self._upload or start(self._client, self._place, self._content_type)
        number = len(self._tags) + 1
        with retryable_errors(f"writing {self._place['Key']}"):
            tag = self._client.upload_part(**self._upload, PartNumber=number, Body=part)["ETag"]
        self._tags.append({"ETag": tag, "PartNumber": number})


def start_upload(client: Any, place: dict[str, Any], content_type: str) -> str:
    """Begins an upload whose parts are sent by others, and returns its id."""
    return str(start(client, place, content_type)["UploadId"])


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


def start(client: Any, place: dict[str, Any], content_type: str) -> dict[str, Any]:
    with retryable_errors(f"starting to write {place['Key']}"):
        started = client.create_multipart_upload(**place, ContentType=content_type)
    return {**place, "UploadId": started["UploadId"]}


def complete(client: Any, upload: dict[str, Any], parts: list[Any]) -> Any:
    """An upload that is gone may have been completed, and the answer lost; which version that made, nothing tells."""
    what = f"finishing {upload['Key']}"
    try:
        with retryable_errors(what):
            return client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    except ClientError as error:
        if code_of(error) == GONE:
            raise Retryable(f"{what}: {GONE}") from error
        raise


def abort(client: Any, upload: dict[str, Any]) -> None:
    """An upload that is gone needs no end: it was completed, and only the answer was lost."""
    try:
        with retryable_errors(f"aborting {upload['Key']}"):
            client.abort_multipart_upload(**upload)
    except ClientError as error:
        if code_of(error) != GONE:
            raise
