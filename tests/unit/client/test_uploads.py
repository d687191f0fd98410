import io
import os
from pathlib import Path

import anyio
import httpx
import pytest

from chalicelib.model.limits import Limits
from sluice import ApiError, Conflict, Progress, SourceUnreadable
from sluice.uploads import content_type_of, source_file
from tests.service_in_memory import ServiceInMemory, passed, refused, unanswered, unconnected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("people.csv", "text/csv"),
        ("people.csv.gz", "application/gzip"),
        ("people.ndjson", "application/x-ndjson"),
        ("people.json", "application/json"),
        ("people", "application/octet-stream"),
        ("people.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_the_name_tells_the_type(name: str, expected: str) -> None:
    assert content_type_of(name) == expected


def test_rows_are_written_a_line_each() -> None:
    with source_file({"name": name} for name in ("Ann", "Bén")) as file:
        content = file.path.read_text(encoding="utf-8")

    assert (file.name, content) == ("rows.ndjson", '{"name": "Ann"}\n{"name": "Bén"}\n')
    assert not file.path.exists()


def test_a_stream_is_sent_under_the_name_that_is_given() -> None:
    with source_file(io.BytesIO(b"a,b\n"), "stdin.csv") as file:
        assert (file.name, file.size_bytes, file.content_type) == ("stdin.csv", 4, "text/csv")


@pytest.mark.parametrize("source", [b"", [], io.BytesIO()], ids=["bytes", "rows", "stream"])
def test_nothing_is_no_source(source: object) -> None:
    with pytest.raises(SourceUnreadable, match="is empty"), source_file(source):  # type: ignore[arg-type]
        pass


def test_a_folder_is_no_source(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="is a folder"), source_file(tmp_path):
        pass


def test_an_upload_that_was_dropped_is_sent_again_from_its_beginning(tmp_path: Path) -> None:
    service = ServiceInMemory()
    (tmp_path / "people.csv").write_bytes(b"Name,Email\nAnn,ann@example.com\n")
    sent: list[int] = []

    done = service.client(passed, refused(503), unanswered(service)).imports.run(
        tmp_path / "people.csv", resource="contacts", on_progress=lambda told: sent.append(told.bytes_sent)
    )

    assert (done.stats.created, sent[0]) == (1, 31)


def test_what_the_store_does_not_take_is_told() -> None:
    service = ServiceInMemory()
    denied = httpx.Response(400, text="<Code>EntityTooLarge</Code>")

    with pytest.raises(ApiError, match="EntityTooLarge"):
        service.client(passed, lambda _: denied).imports.run(b"a", resource="contacts", filename="a.csv")


def test_a_file_that_changes_while_it_is_sent_is_told(tmp_path: Path) -> None:
    path, service = tmp_path / "people.csv", ServiceInMemory()
    path.write_bytes(b"Name,Email\n")

    def shrink(_: httpx.Request) -> httpx.Response:
        os.truncate(path, 4)
        return httpx.Response(403)

    with pytest.raises(SourceUnreadable, match="changed while it was sent"):
        service.client(passed, shrink).imports.run(path, resource="contacts")


def test_a_file_of_another_length_than_was_signed_is_tried_once() -> None:
    service, tried = ServiceInMemory(), list[str]()

    def fall_short(request: httpx.Request) -> httpx.Response:
        tried.append(request.method)
        raise httpx.LocalProtocolError("Too little data for declared Content-Length", request=request)

    with pytest.raises(SourceUnreadable, match="changed while it was sent"):
        service.client(passed, *[fall_short] * 4).imports.run(b"Name\n", resource="contacts", filename="a.csv")

    assert tried == ["PUT"]


ROWS = b"Name,Email\n" + b"".join(b"P%03d,p%d@example.com\n" % (n, n) for n in range(30))


def sent_parts(service: ServiceInMemory) -> list[int]:
    parts = (one.url.params.get("part") for one in service.requests if one.method == "PUT")
    return sorted(int(part) for part in parts if part)


def test_a_large_file_is_sent_in_parts_and_of_them_only_what_was_lost_again() -> None:
    service, told = ServiceInMemory(Limits(upload_part_bytes=20)), list[Progress]()
    client = service.client(*[passed] * 6, refused(503), unanswered(service), unconnected, parts_from_bytes=100)

    done = client.imports.run(ROWS, resource="contacts", filename="people.csv", on_progress=told.append)

    assert (done.stats.created, done.findings) == (30, ())
    assert len(set(sent_parts(service))) == -(-len(ROWS) // 20)
    assert len(sent_parts(service)) == len(set(sent_parts(service))) + 1
    sent = [one.bytes_sent for one in told if one.bytes_total]
    assert (sent[-1], sorted(sent)) == (len(ROWS), sent)


def test_parts_are_sent_by_what_awaits_too() -> None:
    service = ServiceInMemory(Limits(upload_part_bytes=100))

    async def run() -> int:
        async with service.async_client(parts_from_bytes=100) as sluice:
            return (await sluice.imports.run(ROWS, resource="contacts", filename="people.csv")).stats.created

    assert anyio.run(run) == 30


def test_an_import_that_was_canceled_meanwhile_takes_no_more_parts() -> None:
    service = ServiceInMemory(Limits(upload_part_bytes=20))

    def cancel(_: httpx.Request) -> None:
        [import_] = service.client().imports.each()
        import_.cancel()

    with pytest.raises(Conflict, match="takes no file any more"):
        service.client(passed, cancel, parts_from_bytes=100).imports.run(ROWS, resource="contacts")


def test_what_awaits_goes_on_with_what_another_process_has_left() -> None:
    service = ServiceInMemory(Limits(upload_part_bytes=20))

    def interrupt(_: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        service.client(*[passed] * 5, interrupt, parts_from_bytes=100).imports.start(ROWS, resource="contacts")
    told: list[Progress] = []

    async def go_on() -> int:
        async with service.async_client() as sluice:
            [waiting] = [one async for one in sluice.imports.each()]
            await waiting.send(ROWS, on_progress=told.append)
            return (await waiting.wait()).stats.created

    assert anyio.run(go_on) == 30
    assert sent_parts(service) == [*range(1, -(-len(ROWS) // 20) + 1)]
    assert told[-1].bytes_sent == len(ROWS)
