"""An object on its way into the bucket, written as its bytes come: in one request, or in parts where it is large.

Nothing of it is visible before it is finished. Whoever fails gives it up, so that no parts are left to be paid for.
"""

from typing import Any

from chalicelib.stores.clients import retryable_errors

PART_BYTES = 8 << 20
"""Of a multipart upload; S3 takes 10,000 parts of at least 5 MB."""


class MultipartUpload:
    """Holds up to one part and what it was given last."""

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
        self._waiting += chunk
        self.size_bytes += len(chunk)
        while len(self._waiting) >= PART_BYTES:
            self._write_part(bytes(self._waiting[:PART_BYTES]))
            del self._waiting[:PART_BYTES]

    def finish(self) -> Any:
        """What S3 answered."""
        if not self._upload:
            with retryable_errors(f"writing {self._place['Key']}"):
                return self._client.put_object(**self._place, Body=bytes(self._waiting), ContentType=self._content_type)
        if self._waiting:
            self._write_part(bytes(self._waiting))
        with retryable_errors(f"finishing {self._place['Key']}"):
            return self._client.complete_multipart_upload(**self._upload, MultipartUpload={"Parts": self._tags})

    def abort(self) -> None:
        if self._upload:
            with retryable_errors(f"aborting {self._place['Key']}"):
                self._client.abort_multipart_upload(**self._upload)

    def _write_part(self, part: bytes) -> None:
        if not self._upload:
            self._begin()
        number = len(self._tags) + 1
        with retryable_errors(f"writing {self._place['Key']}"):
            tag = self._client.upload_part(**self._upload, PartNumber=number, Body=part)["ETag"]
        self._tags.append({"ETag": tag, "PartNumber": number})

    def _begin(self) -> None:
        with retryable_errors(f"starting to write {self._place['Key']}"):
            begun = self._client.create_multipart_upload(**self._place, ContentType=self._content_type)
        self._upload = {**self._place, "UploadId": begun["UploadId"]}
