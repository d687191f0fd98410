"""Objects that are made of parts of others: what is copied, what is sent, and that nothing is left of a failure."""

from collections.abc import Sequence
from random import Random

import pytest

from chalicelib.stores.interfaces import FileRange
from chalicelib.stores.s3_joined import COPY_BYTES, SMALLEST_PART, JoinedPieces, each_part, size_of
from tests.s3_client import RecordingClient

PLACE = {"Bucket": "bucket", "Key": "key"}


def written(client: RecordingClient, pieces: Sequence[FileRange | bytes]) -> None:
    joined = JoinedPieces(client, "bucket", lambda one: b"x" * size_of(one))
    joined.write(pieces, PLACE, "text/csv")


def copied(client: RecordingClient) -> list[str]:
    return sorted(one["CopySourceRange"] for operation, one in client.requests if operation == "upload_part_copy")


def sent(client: RecordingClient) -> list[int]:
    return [len(one["Body"]) for operation, one in client.requests if operation in ("upload_part", "put_object")]


def test_what_is_left_of_a_large_file_joins_its_last_range() -> None:
    client = RecordingClient()

    written(client, [FileRange("large", 0, 2 * COPY_BYTES + 1), FileRange("small", 0, 5)])

    assert copied(client) == ["bytes=0-1073741823", "bytes=1073741824-2147483648"]
    assert sent(client) == [5]


def test_a_small_piece_takes_of_the_next_what_a_part_lacks() -> None:
    client = RecordingClient()

    written(client, [b"[", FileRange("large", 1, 3 * SMALLEST_PART)])

    assert sent(client) == [SMALLEST_PART]
    assert copied(client) == [f"bytes={SMALLEST_PART}-{3 * SMALLEST_PART - 1}"]


def test_small_pieces_are_one_request() -> None:
    client = RecordingClient()

    written(client, [b"[", FileRange("one", 0, 5), b"", FileRange("none", 3, 3), b"]"])

    assert (client.operations, sent(client)) == (["put_object"], [7])


@pytest.mark.parametrize("seed", range(50))
def test_parts_are_all_of_the_pieces_in_order_and_large_enough(seed: int) -> None:
    random = Random(seed)
    sizes = [random.choice([0, 1, 9, SMALLEST_PART - 1, SMALLEST_PART, 11_000_000, 30_000_000]) for _ in range(9)]
    pieces = [
        b"x" * size if size < 10 and number % 2 else FileRange(str(number), 3, 3 + size)
        for number, size in enumerate(sizes)
    ]

    parts = [*each_part(pieces)]

    assert all(sum(map(size_of, part)) >= SMALLEST_PART for part in parts[:-1])
    assert _bytes_of([one for part in parts for one in part]) == _bytes_of(pieces)


def _bytes_of(pieces: Sequence[FileRange | bytes]) -> list[tuple[str, int, int] | bytes]:
    """What follows itself in one object counts as one piece."""
    found: list[tuple[str, int, int] | bytes] = []
    for one in filter(size_of, pieces):
        before = found[-1] if found else b""
        if isinstance(one, bytes):
            found.append(one)
        elif isinstance(before, tuple) and (before[0], before[2]) == (one.key, one.start):
            found[-1] = (one.key, before[1], one.end or 0)
        else:
            found.append((one.key, one.start, one.end or 0))
    return found


def test_a_copy_that_fails_is_aborted() -> None:
    client = RecordingClient(failing="upload_part_copy")

    with pytest.raises(InterruptedError):
        written(client, [FileRange("one", 0, SMALLEST_PART)])

    assert client.operations[-1] == "abort_multipart_upload"
