"""A source that is sent in parts, through the PackageX dialect: whole bodies."""

import json
from hashlib import md5
from typing import Any

import pytest

from chalicelib.model.ids import ImportId
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import upload_key
from chalicelib.stores.memory.files import MemoryFiles
from tests.contract.packagex.bodies import enveloped, import_body, refusal
from tests.contract.packagex.clients import JSON, PackageXClient
from tests.real_pipeline import connect_pipeline
from tests.world import NOW, OURS, World

CSV = b"name,email\nAnn,ann@example.com\n"
HEADERS = {"Content-Type": "application/json", "Idempotency-Key": "one"}
KEY = upload_key(OURS, ImportId("imp_1"))
ASKED = {"upload_mode": "async", "resource": "contact", "action": "merge", "size_bytes": len(CSV), "parts": True}


@pytest.fixture
def client() -> PackageXClient:
    """Of a service whose parts have ten bytes."""
    world = World(Limits(upload_part_bytes=10, upload_parts_shown=3))
    connect_pipeline(world)
    return PackageXClient(world)


def create(client: PackageXClient, **asked: Any) -> JSON:
    response = client.post("/v1/imports", ASKED | asked)
    assert response.status_code == 201, response.json_body
    data: JSON = response.json_body["data"]
    return data


def files(client: PackageXClient) -> MemoryFiles:
    store = client.world.stores.files
    assert isinstance(store, MemoryFiles)
    return store


def send(client: PackageXClient, created: JSON, *numbers: int) -> None:
    for part in created["_upload_parts"]:
        if part["number"] in numbers:
            files(client).write_part(KEY, "u1", part["number"], CSV[part["from"] : part["to"]])


def url(number: int, size_bytes: int = 10) -> str:
    return f"memory://PUT/{KEY}?expires_at={NOW + 3600}&upload_id=u1&part={number}&size_bytes={size_bytes}"


PARTS = [
    {"number": 1, "url": url(1), "from": 0, "to": 10, "received": None},
    {"number": 2, "url": url(2), "from": 10, "to": 20, "received": None},
    {"number": 3, "url": url(3), "from": 20, "to": 30, "received": None},
    {"number": 4, "url": url(4, 1), "from": 30, "to": 31, "received": None},
]


def test_an_import_in_parts_shows_where_each_goes(client: PackageXClient) -> None:
    response = client.post("/v1/imports", ASKED)

    body = import_body(_upload_url=None, _upload_parts=PARTS)
    message = "Import created. PUT its parts to _upload_parts."
    assert response.status_code == 201
    assert response.json_body == enveloped(body, message, "/v1/imports", status=201)


@pytest.mark.parametrize(("asked", "parts"), [("2", [1]), ("2-3", [1, 2]), ("3-5", [2, 3]), ("9", [])])
def test_parts_are_signed_anew_when_they_are_asked_for(client: PackageXClient, asked: str, parts: list[int]) -> None:
    create(client)

    shown = client.get(f"/v1/imports/imp_1?parts={asked}").json_body["data"]

    assert shown["_upload_parts"] == [PARTS[place] for place in parts]
    assert shown["_upload_expires_at"] == NOW + 3600


def test_what_was_received_of_a_part_is_told(client: PackageXClient) -> None:
    send(client, create(client), 2, 4)
    files(client).write_part(KEY, "u1", 3, b"short")

    shown = client.get("/v1/imports/imp_1?parts=1-3").json_body["data"]["_upload_parts"]

    assert [one["received"] for one in shown] == [
        None,
        {"size_bytes": 10, "checksum": md5(CSV[10:20], usedforsecurity=False).hexdigest()},
        {"size_bytes": 5, "checksum": md5(b"short", usedforsecurity=False).hexdigest()},
    ]


def test_parts_of_an_upload_that_is_gone_were_not_received(client: PackageXClient) -> None:
    send(client, create(client), 1)
    files(client).complete_parts(KEY, "u1", [])

    shown = client.get("/v1/imports/imp_1?parts=1").json_body["data"]["_upload_parts"]

    assert [one["received"] for one in shown] == [None]


def test_no_part_is_signed_unasked(client: PackageXClient) -> None:
    create(client)

    assert client.get("/v1/imports/imp_1").json_body["data"]["_upload_parts"] == []
    assert client.get("/v1/imports").json_body["data"][0]["_upload_parts"] == []


@pytest.mark.parametrize("parts", ["0", "3-2", "1-4", "x", "1-", "-2", "1,2", ""])
def test_what_names_no_parts_is_refused(client: PackageXClient, parts: str) -> None:
    create(client)

    status, code, errors = refusal(client.get(f"/v1/imports/imp_1?parts={parts}"))

    assert (status, code) == (400, "validation_failed")
    assert errors[0].startswith("parts: ")


def test_an_import_whose_parts_were_sent_begins(client: PackageXClient) -> None:
    send(client, create(client), 1, 2, 3, 4)

    shown = client.post("/v1/imports/imp_1", {"status": "uploaded"}).json_body["data"]

    assert (shown["status"], shown["_upload_parts"], shown["_upload_url"]) == ("queued", None, None)
    assert files(client).read_file(KEY) == CSV
    assert client.world.started == ["imp_1-1"]


def test_to_say_it_twice_changes_nothing(client: PackageXClient) -> None:
    send(client, create(client), 1, 2, 3, 4)

    first = client.post("/v1/imports/imp_1", {"status": "uploaded"}).json_body["data"]
    second = client.post("/v1/imports/imp_1", {"status": "uploaded"}).json_body["data"]

    assert first == second
    assert len(files(client).list_versions(KEY)) == 1


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ((1, 2, 4), "Part 3 of 4 has not been sent. Send them, and say so again."),
        ((), "Part 1 of 4 has not been sent, and 3 more. Send them, and say so again."),
    ],
)
def test_parts_that_are_missing_are_told(client: PackageXClient, sent: tuple[int, ...], message: str) -> None:
    send(client, create(client), *sent)

    response = client.post("/v1/imports/imp_1", {"status": "uploaded"})

    assert refusal(response)[:2] == (409, "upload_incomplete")
    assert response.json_body["message"] == message
    assert client.get("/v1/imports/imp_1").json_body["data"]["status"] == "requested"


def test_a_part_of_another_length_is_missing(client: PackageXClient) -> None:
    send(client, create(client), 1, 2, 3, 4)
    files(client).write_part(KEY, "u1", 2, b"short")

    response = client.post("/v1/imports/imp_1", {"status": "uploaded"})

    assert response.json_body["message"].startswith("Part 2 of 4")


def test_an_import_without_parts_is_told_of_its_file_too(client: PackageXClient) -> None:
    created = create(client, parts=False)
    missing = client.post("/v1/imports/imp_1", {"status": "uploaded"})
    files(client).write_file(KEY, CSV)

    shown = client.post("/v1/imports/imp_1", {"status": "uploaded"}).json_body["data"]
    again = client.post("/v1/imports/imp_1", {"status": "uploaded"}).json_body["data"]

    assert refusal(missing)[:2] == (409, "file_missing")
    assert (created["status"], shown["status"], shown["_upload_url"]) == ("requested", "queued", None)
    assert again == shown
    assert client.world.started == ["imp_1-1"]


def test_an_import_that_came_with_its_data_takes_no_file(client: PackageXClient) -> None:
    body = {"upload_mode": "sync", "resource": "contact", "action": "merge", "data": [{"name": "Ann"}]}
    import_id = client.post("/v1/imports", body).json_body["data"]["id"]

    shown = client.post(f"/v1/imports/{import_id}", {"status": "uploaded"})

    assert refusal(shown)[:2] == (409, "import_already_ended")


def test_a_canceled_import_takes_no_parts(client: PackageXClient) -> None:
    send(client, create(client), 1, 2, 3, 4)
    client.post("/v1/imports/imp_1", {"status": "canceled"})

    response = client.post("/v1/imports/imp_1", {"status": "uploaded"})

    assert refusal(response)[:2] == (409, "import_already_ended")
    assert client.get("/v1/imports/imp_1?parts=1").json_body["data"]["_upload_parts"] is None


def test_parts_that_are_gone_are_told(client: PackageXClient) -> None:
    create(client)
    files(client).complete_parts(KEY, "u1", [])
    files(client).delete_files(KEY)

    response = client.post("/v1/imports/imp_1", {"status": "uploaded"})

    assert response.json_body["message"] == "The parts are no longer kept. Create the import again."


def test_an_upload_whose_answer_was_lost_is_found(client: PackageXClient) -> None:
    """The store has completed it, and no event has come."""
    send(client, create(client), 1, 2, 3, 4)
    parts = files(client).list_parts(KEY, "u1")
    assert parts is not None
    files(client).complete_parts(KEY, "u1", parts)

    shown = client.post("/v1/imports/imp_1", {"status": "uploaded"}).json_body["data"]

    assert shown["status"] == "queued"


def test_parts_need_a_size(client: PackageXClient) -> None:
    response = client.post("/v1/imports", {key: value for key, value in ASKED.items() if key != "size_bytes"})

    assert refusal(response) == (
        400,
        "validation_failed",
        ["parts: Say size_bytes, too: the parts follow from it."],
    )


def test_parts_belong_to_async(client: PackageXClient) -> None:
    response = client.post(
        "/v1/imports", ASKED | {"upload_mode": "sync", "data": [{"name": "Ann"}], "size_bytes": None}
    )

    assert refusal(response) == (400, "validation_failed", ["parts: Belongs to async only."])


def test_what_is_larger_than_all_parts_may_be_is_refused() -> None:
    client = PackageXClient(World(Limits(upload_bytes=20, parts_upload_bytes=30)))

    assert refusal(client.post("/v1/imports", ASKED))[:2] == (413, "payload_too_large")
    assert client.post("/v1/imports", ASKED | {"size_bytes": 30}).status_code == 201


def test_a_repeated_request_shows_the_same_parts(client: PackageXClient) -> None:
    first, second = (
        client.request("POST", "/v1/imports", body=json.dumps(ASKED).encode(), headers=HEADERS) for _ in range(2)
    )

    assert first.json_body == second.json_body
    assert [one["number"] for one in first.json_body["data"]["_upload_parts"]] == [1, 2, 3, 4]
