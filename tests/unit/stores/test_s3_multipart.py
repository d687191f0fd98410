"""Objects that are written in parts: which requests are made, and that nothing is left of an upload that fails."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.stores.interfaces import StoredFile
from chalicelib.stores.s3_multipart import COPY_BYTES, PART_BYTES, MultipartUpload, copy_into_one

PLACE = {"Bucket": "bucket", "Key": "key"}


class Client:
    """Remembers the requests that it was sent."""

    def __init__(self, failing: str = "") -> None:
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self._failing = failing

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def request(**parameters: Any) -> dict[str, Any]:
            self.requests.append((operation, parameters))
            if operation == self._failing:
                raise InterruptedError
            return {"UploadId": "upload", "ETag": "tag", "CopyPartResult": {"ETag": "tag"}}

        return request

    @property
    def operations(self) -> list[str]:
        return [operation for operation, _ in self.requests]


def a_file(key: str, size_bytes: int) -> StoredFile:
    return StoredFile(key=key, size_bytes=size_bytes, version_id="v1", checksum="tag")


def test_a_small_object_is_written_in_one_request() -> None:
    client = Client()
    upload = MultipartUpload(client, PLACE, "text/csv")

    upload.add(b"abc")
    upload.complete()

    assert client.requests == [("put_object", {**PLACE, "Body": b"abc", "ContentType": "text/csv"})]


def test_a_large_object_is_written_in_parts_of_one_size() -> None:
    client = Client()
    upload = MultipartUpload(client, PLACE, "text/csv")

    upload.add(b"x" * (PART_BYTES + 1))
    upload.add(b"y")
    upload.complete()

    sizes = [len(one["Body"]) for operation, one in client.requests if operation == "upload_part"]
    assert client.operations == ["create_multipart_upload", "upload_part", "upload_part", "complete_multipart_upload"]
    assert (sizes, upload.size_bytes) == ([PART_BYTES, 2], PART_BYTES + 2)


def test_an_upload_that_sent_no_part_leaves_nothing_to_abort() -> None:
    client = Client()

    MultipartUpload(client, PLACE, "text/csv").abort()

    assert client.requests == []


def test_an_upload_that_sent_parts_is_aborted() -> None:
    client = Client()
    upload = MultipartUpload(client, PLACE, "text/csv")
    upload.add(b"x" * PART_BYTES)

    upload.abort()

    assert client.requests[-1] == ("abort_multipart_upload", {**PLACE, "UploadId": "upload"})


def test_what_is_left_of_a_large_file_joins_its_last_range() -> None:
    client = Client()

    copy_into_one(client, [a_file("large", 2 * COPY_BYTES + 1), a_file("small", 5)], PLACE, "text/csv")

    ranges = [one["CopySourceRange"] for operation, one in client.requests if operation == "upload_part_copy"]
    assert sorted(ranges) == ["bytes=0-1073741823", "bytes=0-4", "bytes=1073741824-2147483648"]


def test_a_copy_that_fails_is_aborted() -> None:
    client = Client(failing="upload_part_copy")

    with pytest.raises(InterruptedError):
        copy_into_one(client, [a_file("one", 5)], PLACE, "text/csv")

    assert client.operations[-1] == "abort_multipart_upload"
