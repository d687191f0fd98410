"""What `Files` promises."""

import io
from collections.abc import Iterator
from dataclasses import replace
from hashlib import md5
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from chalicelib.errors import NotFound
from chalicelib.model.ids import TenantId
from chalicelib.stores.interfaces import FileRange, Stores, VersionMarker, VersionPage
from chalicelib.stores.memory.files import MemoryFiles
from tests.contract.stores.conftest import StoresUnderTest

MB = 1 << 20


@pytest.fixture
def key(tenant: TenantId) -> str:
    return f"tenants/{tenant}/a file, ünïcode & so on.csv"


def content(
    stores: Stores, key: str, version_id: str | None = None, *, start: int = 0, end: int | None = None
) -> bytes:
    with stores.files.open_file(key, version_id, start=start, end=end) as stream:
        return stream.read()


def test_a_file_is_read_as_it_was_written(stores: Stores, key: str) -> None:
    written = stores.files.write_file(key, b"abc", content_type="text/csv")

    assert (written.key, written.size_bytes, written.content_type) == (key, 3, "text/csv")
    assert written.checksum == "900150983cd24fb0d6963f7d28e17f72"
    assert written.version_id is not None
    assert stores.files.find_file(key) == written
    assert stores.files.read_file(key) == b"abc"


def test_an_absent_file_is_not_found(stores: Stores, key: str) -> None:
    assert stores.files.find_file(key) is None
    with pytest.raises(NotFound):
        stores.files.read_file(key)
    with pytest.raises(NotFound):
        stores.files.read_end(key, 9)
    with pytest.raises(NotFound), stores.files.open_file(key):
        pass


def test_the_end_of_a_file_is_read_by_itself(stores: Stores, key: str) -> None:
    stores.files.write_file(key, b"abcdef")

    assert [stores.files.read_end(key, size_bytes) for size_bytes in (2, 6, 100)] == [b"ef", b"abcdef", b"abcdef"]


def test_parts_of_files_are_read_in_the_order_asked_for(stores: Stores, key: str) -> None:
    stores.files.write_file(key, b"abcdef")
    stores.files.write_file(f"{key}.2", b"uvw")
    ranges = [FileRange(f"{key}.2", 1), FileRange(key, 0, 2), FileRange(f"{key}.absent", 0, 2), FileRange(key, 4, 9)]

    assert [*stores.files.read_ranges(ranges)] == [b"vw", b"ab", None, b"ef"]
    assert [*stores.files.read_ranges(ranges[:1])] == [b"vw"]
    assert [*stores.files.read_ranges([])] == []


def test_a_part_behind_the_end_of_a_file_is_empty(stores: Stores, key: str) -> None:
    stores.files.write_file(key, b"abc")

    assert [*stores.files.read_ranges([FileRange(key, 3, 5), FileRange(key, 7), FileRange(key, 1, 1)])] == [
        b"",
        b"",
        b"",
    ]


def test_an_empty_file_has_an_empty_end(stores: Stores, key: str) -> None:
    stores.files.write_file(key, b"")

    assert stores.files.read_end(key, 4) == b""


def test_an_older_version_stays_as_it_was(stores: Stores, key: str) -> None:
    first = stores.files.write_file(key, b"first")
    second = stores.files.write_file(key, b"second")

    assert stores.files.find_file(key) == second
    assert stores.files.find_file(key, first.version_id) == first
    assert content(stores, key, first.version_id) == b"first"
    assert content(stores, key) == b"second"


@pytest.mark.parametrize(("start", "rest"), [(0, b"abc"), (1, b"bc"), (3, b""), (9, b"")])
def test_a_stream_starts_where_it_is_told(stores: Stores, key: str, start: int, rest: bytes) -> None:
    stores.files.write_file(key, b"abc")

    assert content(stores, key, start=start) == rest


@pytest.mark.parametrize(
    ("start", "end", "part"), [(0, 1, b"a"), (1, 3, b"bc"), (1, 99, b"bc"), (2, 2, b""), (0, 0, b""), (7, 9, b"")]
)
def test_a_stream_ends_before_the_byte_it_is_told(stores: Stores, key: str, start: int, end: int, part: bytes) -> None:
    stores.files.write_file(key, b"abc")

    assert content(stores, key, start=start, end=end) == part


def test_a_stream_reads_piece_by_piece_and_line_by_line(stores: Stores, key: str) -> None:
    stores.files.write_file(key, b"ab\ncd\nef")

    with stores.files.open_file(key) as stream:
        assert stream.read(1) == b"a"
        assert stream.readline() == b"b\n"
        assert list(stream) == [b"cd\n", b"ef"]
        assert stream.read() == b""
        assert io.TextIOWrapper(stream).read() == ""


def test_an_empty_file_is_a_file(stores: Stores, key: str) -> None:
    stores.files.write_file(key, b"")

    assert content(stores, key) == b""
    assert stores.files.write_stream(key, iter([]), content_type="text/csv").size_bytes == 0


@pytest.mark.parametrize("size", [0, 1, 8 * MB - 1, 8 * MB, 8 * MB + 1, 17 * MB])
def test_a_stream_of_any_length_is_written(stores: Stores, key: str, size: int) -> None:
    chunk = bytes(range(256)) * 4096
    whole = (chunk * 17)[:size]

    written = stores.files.write_stream(key, chunks(whole, 3 * MB), content_type="text/csv")

    assert (written.size_bytes, written.content_type) == (size, "text/csv")
    assert stores.files.find_file(key) == written
    assert content(stores, key) == whole


def chunks(whole: bytes, size: int) -> Iterator[bytes]:
    return (whole[start : start + size] for start in range(0, len(whole), size))


@pytest.mark.parametrize("sent", [0, 1, 9 * MB, 20 * MB])
def test_a_stream_that_fails_leaves_nothing(world: StoresUnderTest, key: str, sent: int) -> None:
    def failing() -> Iterator[bytes]:
        yield bytes(sent)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        world.stores.files.write_stream(key, failing(), content_type="text/csv")

    assert world.stores.files.find_file(key) is None
    assert unfinished_uploads(world, key) == []


@pytest.mark.parametrize("rounds", [0, 1, 3])
def test_streams_are_written_side_by_side(stores: Stores, key: str, rounds: int) -> None:
    large, small, empty = f"{key}.large", f"{key}.small", f"{key}.empty"
    types = {large: "text/csv", small: "application/json", empty: "text/csv"}
    chunks = [(name, one) for _ in range(rounds) for name, one in ((large, bytes(4 * MB)), (small, b"abc"))]

    written = stores.files.write_streams(types, iter(chunks))

    assert [(one.key, one.size_bytes, one.content_type) for one in written] == [
        (large, 4 * MB * rounds, "text/csv"),
        (small, 3 * rounds, "application/json"),
        (empty, 0, "text/csv"),
    ]
    assert [stores.files.find_file(name) for name in types] == written
    assert [content(stores, name) for name in types] == [bytes(4 * MB * rounds), b"abc" * rounds, b""]


@pytest.mark.parametrize("sent", [0, 9 * MB])
def test_streams_of_which_one_fails_leave_nothing(world: StoresUnderTest, key: str, sent: int) -> None:
    large, small = f"{key}.large", f"{key}.small"

    def failing() -> Iterator[tuple[str, bytes]]:
        yield small, b"abc"
        yield large, bytes(sent)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        world.stores.files.write_streams({small: "text/csv", large: "text/csv"}, failing())

    assert [world.stores.files.find_file(name) for name in (large, small)] == [None, None]
    assert [unfinished_uploads(world, name) for name in (large, small)] == [[], []]


def unfinished_uploads(world: StoresUnderTest, key: str) -> list[str]:
    if world.aws is None:
        return []
    listed = world.aws.session.client("s3").list_multipart_uploads(Bucket=world.aws.resources.bucket)
    return [one["UploadId"] for one in listed.get("Uploads", []) if one["Key"] == key]


def test_a_copy_is_of_the_version_named(stores: Stores, key: str) -> None:
    first = stores.files.write_file(key, b"first", content_type="text/csv")
    stores.files.write_file(key, b"second")

    stores.files.copy_file(first, f"{key}.copy")

    copy = stores.files.find_file(f"{key}.copy")
    assert copy is not None
    assert copy.content_type == "text/csv"
    assert stores.files.read_file(f"{key}.copy") == b"first"


def test_every_version_under_a_prefix_is_deleted(stores: Stores, key: str) -> None:
    first = stores.files.write_file(f"{key}/1", b"a")
    stores.files.write_file(f"{key}/1", b"b")
    stores.files.write_file(f"{key}/2", b"c")
    stores.files.write_file(f"{key}-kept", b"d")

    deleted = stores.files.delete_files(f"{key}/")

    assert deleted == 2
    assert stores.files.find_file(f"{key}/1") is None
    assert stores.files.find_file(f"{key}/1", first.version_id) is None
    assert stores.files.find_file(f"{key}-kept") is not None
    assert stores.files.delete_files(f"{key}/") == 0


def test_versions_are_deleted_one_by_one(stores: Stores, key: str) -> None:
    first, second, third = (stores.files.write_file(key, content) for content in (b"one", b"two", b"three"))

    for _ in range(2):
        stores.files.delete_versions([first, third])
    stores.files.delete_versions([])

    assert [one.version_id for one in stores.files.list_versions(key)] == [second.version_id]
    assert stores.files.read_file(key) == b"two"


def test_an_object_whose_versions_are_all_deleted_is_gone(stores: Stores, key: str) -> None:
    stores.files.delete_versions([stores.files.write_file(key, b"one")])

    assert stores.files.find_file(key) is None
    assert stores.files.list_keys(key) == []


def test_the_keys_under_a_prefix_are_listed_in_order(stores: Stores, key: str) -> None:
    for name in ("b", "a/2", "a/1", "a/1"):
        stores.files.write_file(f"{key}/{name}", b"x")
    stores.files.write_file(f"{key}-other", b"x")

    assert stores.files.list_keys(f"{key}/") == [f"{key}/{name}" for name in ("a/1", "a/2", "b")]
    assert stores.files.list_keys(f"{key}/c") == []


def test_signed_urls_name_the_key_and_differ_by_what_is_signed(stores: Stores, key: str) -> None:
    plain = stores.files.upload_url(key, expires_s=60)
    strict = stores.files.upload_url(key, expires_s=60, content_type="text/csv", size_bytes=5)
    download = stores.files.download_url(key, expires_s=60, filename="report.csv")

    assert all(key in unquote(url) for url in (plain, strict, download))
    assert len({plain, strict, download}) == 3


def signed(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_an_upload_url_signs_type_and_length(world: StoresUnderTest, key: str) -> None:
    if world.aws is None:
        pytest.skip("memory signs nothing")

    url = world.stores.files.upload_url(key, expires_s=60, content_type="text/csv", size_bytes=5)

    assert signed(url)["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert signed(url)["X-Amz-SignedHeaders"] == "content-length;content-type;host"
    assert signed(url)["X-Amz-Expires"] == "60"


def test_an_upload_url_without_type_and_length_signs_the_host_alone(world: StoresUnderTest, key: str) -> None:
    if world.aws is None:
        pytest.skip("memory signs nothing")

    assert signed(world.stores.files.upload_url(key, expires_s=60))["X-Amz-SignedHeaders"] == "host"


def test_a_download_url_saves_under_the_name(world: StoresUnderTest, key: str) -> None:
    if world.aws is None:
        pytest.skip("memory signs nothing")

    url = world.stores.files.download_url(key, expires_s=60, filename='errors "März"\r\nX: 1.csv')

    disposition = signed(url)["response-content-disposition"]
    assert disposition == "attachment; filename*=UTF-8''errors%20%20M%C3%A4rz%20X%3A%201.csv"


def test_the_bucket_is_named_in_the_host_on_aws_and_in_the_path_on_emulators(world: StoresUnderTest, key: str) -> None:
    if world.aws is None:
        pytest.skip("memory has no host")

    url = urlsplit(world.stores.files.upload_url(key, expires_s=60))

    is_in_host = str(url.hostname).startswith(f"{world.aws.resources.bucket}.")
    assert (is_in_host, url.path.startswith(f"/{world.aws.resources.bucket}/")) == (
        (True, False) if str(url.hostname).endswith("amazonaws.com") else (False, True)
    )


@pytest.mark.parametrize("sizes", [[5 * MB, 6 * MB, 1], [5 * MB, 0, 7], [1, 2, 3], [9 * MB], [0, 0], [10]])
def test_objects_are_put_together_in_order(world: StoresUnderTest, key: str, sizes: list[int]) -> None:
    pieces = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    keys = [f"{key}/{number}" for number in range(len(pieces))]
    for name, piece in zip(keys, pieces, strict=True):
        world.stores.files.write_file(name, piece)

    stored = world.stores.files.concatenate([*map(FileRange, keys)], f"{key}/whole", content_type="text/csv")

    assert content(world.stores, f"{key}/whole") == b"".join(pieces)
    assert (stored.size_bytes, stored.content_type) == (sum(sizes), "text/csv")
    assert unfinished_uploads(world, f"{key}/whole") == []


@pytest.mark.parametrize("sizes", [[6 * MB, 7 * MB, 9], [11 * MB, 2, 3], [4, 12 * MB, 5 * MB], [1, 1]])
def test_parts_of_objects_are_put_together_with_what_stands_between_them(
    world: StoresUnderTest, key: str, sizes: list[int]
) -> None:
    contents = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    pieces: list[FileRange | bytes] = [b"["]
    for number, one in enumerate(contents):
        world.stores.files.write_file(f"{key}/{number}", b"," + one + b"!")
        pieces += [FileRange(f"{key}/{number}", 0 if number else 1, 1 + len(one))]

    world.stores.files.concatenate([*pieces, b"]"], f"{key}/whole", content_type="text/csv")

    assert content(world.stores, f"{key}/whole") == b"[" + b",".join(contents) + b"]"


def test_nothing_is_put_together_with_what_is_absent(world: StoresUnderTest, key: str) -> None:
    world.stores.files.write_file(f"{key}/0", bytes(6 * MB))

    with pytest.raises(NotFound):
        world.stores.files.concatenate(
            [FileRange(f"{key}/0"), FileRange(f"{key}/1")], f"{key}/whole", content_type="text/csv"
        )

    with pytest.raises(NotFound):
        world.stores.files.concatenate([FileRange(f"{key}/1", 0, 6 * MB)], f"{key}/whole", content_type="text/csv")

    assert world.stores.files.find_file(f"{key}/whole") is None
    assert unfinished_uploads(world, f"{key}/whole") == []


def test_versions_of_a_key_are_listed_newest_first(stores: Stores, key: str) -> None:
    first, second = (stores.files.write_file(key, content) for content in (b"one", b"three"))
    stores.files.write_file(key + "er", b"another")

    listed = stores.files.list_versions(key)

    assert [(one.key, one.version_id, one.size_bytes, one.checksum) for one in listed] == [
        (key, second.version_id, 5, second.checksum),
        (key, first.version_id, 3, first.checksum),
    ]
    assert stores.files.list_versions(key[:-1]) == []


def test_versions_are_listed_page_by_page_in_the_order_of_keys_the_newest_first(stores: Stores, key: str) -> None:
    first, second = (stores.files.write_file(key, content, content_type="text/csv") for content in (b"a", b"bc"))
    other = stores.files.write_file(f"{key}.more", b"d")
    stores.files.write_file(f"another/{key}", b"e")

    page = stores.files.list_version_page(key[: -len(".csv")])

    wanted = [replace(one, content_type="") for one in (second, first, other)]
    assert ([one.file for one in page.versions], page.next) == (wanted, None)
    assert all(one.stored_at > 1_500_000_000 for one in page.versions)


def test_a_listing_of_versions_goes_on_behind_a_version(stores: Stores, key: str) -> None:
    first, second = (stores.files.write_file(key, content) for content in (b"a", b"bc"))
    other = stores.files.write_file(f"{key}.more", b"d")

    behind_second = stores.files.list_version_page(key, after=VersionMarker(key, second.version_id))
    behind_first = stores.files.list_version_page(key, after=VersionMarker(key, first.version_id))

    assert [one.file.version_id for one in behind_second.versions] == [first.version_id, other.version_id]
    assert [one.file.version_id for one in behind_first.versions] == [other.version_id]


def test_nothing_is_listed_where_there_is_nothing(stores: Stores, key: str) -> None:
    assert stores.files.list_version_page(key) == VersionPage((), None)


def send_part(world: StoresUnderTest, key: str, upload_id: str, number: int, part: bytes) -> None:
    """What S3 does behind a signed URL."""
    if isinstance(world.stores.files, MemoryFiles):
        world.stores.files.write_part(key, upload_id, number, part)
        return
    assert world.aws is not None
    place = {"Bucket": world.stores.files.bucket, "Key": key, "UploadId": upload_id}
    world.aws.session.client("s3").upload_part(**place, PartNumber=number, Body=part)


def test_parts_become_a_file_in_their_order(world: StoresUnderTest, key: str) -> None:
    files = world.stores.files
    upload_id = files.start_parts(key, content_type="text/csv")
    for number, part in ((2, b"end"), (1, b"old" * MB * 2), (1, b"a" * 5 * MB)):
        send_part(world, key, upload_id, number, part)

    parts = files.list_parts(key, upload_id)
    assert parts is not None
    before = files.find_file(key)
    files.complete_parts(key, upload_id, parts)

    assert [(one.number, one.size_bytes) for one in parts] == [(1, 5 * MB), (2, 3)]
    assert before is None
    assert files.read_file(key) == b"a" * 5 * MB + b"end"


def test_an_upload_that_was_completed_is_gone_and_may_be_completed_again(world: StoresUnderTest, key: str) -> None:
    files = world.stores.files
    upload_id = files.start_parts(key, content_type="")
    send_part(world, key, upload_id, 1, b"whole")
    parts = files.list_parts(key, upload_id)
    assert parts is not None

    files.complete_parts(key, upload_id, parts)
    files.complete_parts(key, upload_id, parts)

    assert files.list_parts(key, upload_id) is None
    assert len(files.list_versions(key)) == 1


def test_some_parts_are_listed_by_their_numbers(world: StoresUnderTest, key: str) -> None:
    upload_id = world.stores.files.start_parts(key, content_type="text/csv")
    for number in (1, 2, 3, 5):
        send_part(world, key, upload_id, number, b"%d" % number)

    found = [world.stores.files.list_parts(key, upload_id, numbers) for numbers in (range(2, 3), range(3, 5))]

    assert [[one.number for one in parts or ()] for parts in found] == [[2], [3]]
    assert [one.checksum.strip('"') for one in (found[0] or ())] == [md5(b"2", usedforsecurity=False).hexdigest()]


def test_an_upload_without_parts_has_none(world: StoresUnderTest, key: str) -> None:
    assert world.stores.files.list_parts(key, world.stores.files.start_parts(key, content_type="")) == []


def test_the_url_of_a_part_names_it_and_signs_its_length(world: StoresUnderTest, key: str) -> None:
    upload_id = world.stores.files.start_parts(key, content_type="text/csv")

    url = world.stores.files.part_url(key, upload_id, 7, size_bytes=5, expires_s=60)

    assert key in unquote(url)
    assert upload_id in unquote(url)
    assert world.aws is None or signed(url)["partNumber"] == "7"
    assert world.aws is None or signed(url)["X-Amz-SignedHeaders"] == "content-length;host"
