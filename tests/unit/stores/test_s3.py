"""Parts of an object, read from a server that honours ranges and from one that does not."""

import io
from typing import Any, cast

import boto3
import pytest

from chalicelib.stores.s3 import S3Files

CONTENT = b"0123456789"


class Meta:
    endpoint_url = "https://s3.amazonaws.com"


class Client:
    """Knows one object, and sends all of it whatever range is asked for."""

    meta = Meta()

    def get_object(self, **_asked: Any) -> dict[str, Any]:
        return {"Body": io.BytesIO(CONTENT)}


class Session:
    def client(self, *_args: Any, **_options: Any) -> Client:
        return Client()


@pytest.mark.parametrize(
    ("start", "end", "part"),
    [(0, None, b"0123456789"), (4, None, b"456789"), (4, 7, b"456"), (0, 3, b"012"), (8, 20, b"89"), (20, 30, b"")],
)
def test_a_part_is_a_part_even_where_the_server_sends_the_whole(start: int, end: int | None, part: bytes) -> None:
    files = S3Files(cast(boto3.Session, Session()), "bucket")

    with files.open_file("key", start=start, end=end) as stream:
        assert stream.read() == part
