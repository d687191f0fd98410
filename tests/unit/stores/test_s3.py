"""Parts of an object from a server that ignores ranges, and versions that are not deleted."""

import io
from typing import Any, cast

import boto3
import pytest
from botocore.response import StreamingBody

from chalicelib.errors import Retryable
from chalicelib.stores.interfaces import StoredFile
from chalicelib.stores.s3 import S3Files

CONTENT = b"0123456789"


class Meta:
    endpoint_url = "https://s3.amazonaws.com"


class Client:
    """Knows one object, and sends all of it whatever range is asked for."""

    meta = Meta()

    def __init__(self, length: int = len(CONTENT)) -> None:
        self._length = length

    def get_object(self, **_asked: Any) -> dict[str, Any]:
        return {"Body": StreamingBody(io.BytesIO(CONTENT), self._length)}

    def delete_objects(self, **_asked: Any) -> dict[str, Any]:
        return {"Errors": [{"Key": "key", "Code": "InternalError"}]}


class Session:
    def __init__(self, client: Client | None = None) -> None:
        self._client = client or Client()

    def client(self, *_args: Any, **_options: Any) -> Client:
        return self._client


@pytest.mark.parametrize(
    ("start", "end", "part"),
    [(0, None, b"0123456789"), (4, None, b"456789"), (4, 7, b"456"), (0, 3, b"012"), (8, 20, b"89"), (20, 30, b"")],
)
def test_a_part_is_a_part_even_where_the_server_sends_the_whole(start: int, end: int | None, part: bytes) -> None:
    files = S3Files(cast(boto3.Session, Session()), "bucket")

    with files.open_file("key", start=start, end=end) as stream:
        assert stream.read() == part


@pytest.mark.parametrize("announced", [11, 100_000])
def test_a_body_that_ends_before_its_announced_length_is_to_be_read_again(announced: int) -> None:
    files = S3Files(cast(boto3.Session, Session(Client(announced))), "bucket")

    with pytest.raises(Retryable, match="reading key"):
        files.read_file("key")
    with files.open_file("key") as stream, pytest.raises(Retryable, match="reading key"):
        list(iter(lambda: stream.read(4), b""))


def test_versions_that_s3_did_not_delete_are_to_be_deleted_again() -> None:
    files = S3Files(cast(boto3.Session, Session()), "bucket")

    with pytest.raises(Retryable, match="did not delete 1 of 1"):
        files.delete_versions([StoredFile(key="key", size_bytes=1, version_id="v1", checksum="")])
