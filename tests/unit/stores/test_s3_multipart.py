"""Objects that are written in parts: which requests are made, and that nothing is left of an upload that fails."""

from chalicelib.stores.s3_multipart import PART_BYTES, MultipartUpload
from tests.s3_client import RecordingClient

PLACE = {"Bucket": "bucket", "Key": "key"}


def test_a_small_object_is_written_in_one_request() -> None:
    client = RecordingClient()
    upload = MultipartUpload(client, PLACE, "text/csv")

    upload.add(b"abc")
    upload.complete()

    assert client.requests == [("put_object", {**PLACE, "Body": b"abc", "ContentType": "text/csv"})]


def test_a_large_object_is_written_in_parts_of_one_size() -> None:
    client = RecordingClient()
    upload = MultipartUpload(client, PLACE, "text/csv")

    upload.add(b"x" * (PART_BYTES + 1))
    upload.add(b"y")
    upload.complete()

    sizes = [len(one["Body"]) for operation, one in client.requests if operation == "upload_part"]
    assert client.operations == ["create_multipart_upload", "upload_part", "upload_part", "complete_multipart_upload"]
    assert (sizes, upload.size_bytes) == ([PART_BYTES, 2], PART_BYTES + 2)


def test_an_upload_that_sent_no_part_leaves_nothing_to_abort() -> None:
    client = RecordingClient()

    MultipartUpload(client, PLACE, "text/csv").abort()

    assert client.requests == []


def test_an_upload_that_sent_parts_is_aborted() -> None:
    client = RecordingClient()
    upload = MultipartUpload(client, PLACE, "text/csv")
    upload.add(b"x" * PART_BYTES)

    upload.abort()

    assert client.requests[-1] == ("abort_multipart_upload", {**PLACE, "UploadId": "upload"})
