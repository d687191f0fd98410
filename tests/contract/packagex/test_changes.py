"""Imports canceled, renamed and deleted, and every status they pass, as PackageX clients see them."""

import json
from typing import Any

import pytest

from chalicelib.imports.uploads import receive_file
from chalicelib.maintenance import reap_all
from chalicelib.model.imports import Status
from chalicelib.model.stop_reasons import CANCELED, EndReason, end_reason_of
from tests.contract.packagex.bodies import NO_UPLOAD, PHASES, a_phase, enveloped, import_body, refusal
from tests.contract.packagex.clients import JSON, PackageXClient
from tests.world import NOW, OURS, THEIRS

CSV = b"name,email\nAnn,ann@example.com\nBob,bob@example.com\n"


@pytest.mark.parametrize("path", ["/v1/imports/imp_1", "/v1/imports/imp%2F1", "/v1/imports/%FF", "/v1/imports/imp%00"])
@pytest.mark.parametrize(("method", "body"), [("GET", None), ("POST", {"name": "abc"}), ("DELETE", None)])
def test_a_foreign_or_unknown_import_is_not_found(path: str, method: str, body: JSON | None) -> None:
    client = PackageXClient()
    theirs = client.world.add_import(Status.COMPLETED, import_id="imp_1", tenant_id=THEIRS)

    response = client.request(method, path, body=json.dumps(body).encode())

    assert refusal(response)[0] == 404
    assert client.world.stored_import(theirs) == theirs


def test_a_requested_import_is_canceled_at_once() -> None:
    client = PackageXClient()
    client.world.add_import(Status.REQUESTED, import_id="imp_1")

    response = client.post("/v1/imports/imp_1", {"status": "canceled"})

    assert response.json_body == enveloped(
        import_body(
            status="failed",
            reason="canceled",
            phases=[a_phase(name, status="skipped") for name in PHASES],
            _upload_url=None,
            _upload_expires_at=None,
        ),
        "Import updated.",
        "/v1/imports/imp_1",
    )


def test_a_running_import_is_processing_until_it_has_stopped() -> None:
    client = PackageXClient()
    import_ = client.world.add_import(Status.PROCESSING, import_id="imp_1")

    asked = client.post("/v1/imports/imp_1", {"status": "canceled"}).json_body["data"]
    client.world.runner.end(client.world.stored_import(import_), end_reason_of(CANCELED))
    ended = client.get("/v1/imports/imp_1").json_body["data"]

    assert (asked["status"], asked["reason"]) == ("processing", None)
    assert (ended["status"], ended["reason"]) == ("failed", "canceled")


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED, Status.CANCELED, Status.TIMED_OUT, Status.EXPIRED])
def test_canceling_what_has_ended_is_a_conflict_and_keeps_the_name(status: Status) -> None:
    client = PackageXClient()
    import_ = client.world.add_import(status, import_id="imp_1", name="Spring list")

    response = client.post("/v1/imports/imp_1", {"status": "canceled", "name": "Autumn list"})

    assert refusal(response) == (409, "import_already_ended", [])
    assert client.world.stored_import(import_) == import_


def test_an_import_is_renamed() -> None:
    client = PackageXClient()
    client.world.add_import(Status.COMPLETED, import_id="imp_1", updated_by="key_other")
    client.world.now += 5

    response = client.post("/v1/imports/imp_1", {"name": "Autumn list"})

    data = import_body(status="completed", name="Autumn list", updated_at=NOW + 5, **NO_UPLOAD)
    assert response.json_body == enveloped(data, "Import updated.", "/v1/imports/imp_1")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, 'status: Give a name, an option, or {"status": "canceled"}, "confirmed", "queued" or "uploaded".'),
        ({"status": "completed"}, "status: Input should be 'canceled', 'confirmed', 'queued' or 'uploaded'."),
        ({"name": "ab"}, "name: A name has 3 to 127 characters."),
        ({"resource": "group"}, "resource: Unknown parameter."),
    ],
)
def test_a_bad_update_is_refused(body: JSON, error: str) -> None:
    client = PackageXClient()
    client.world.add_import(Status.REQUESTED, import_id="imp_1")

    assert refusal(client.post("/v1/imports/imp_1", body)) == (400, "validation_failed", [error])


def test_a_bad_name_is_refused_before_anything_is_canceled() -> None:
    client = PackageXClient()
    import_ = client.world.add_import(Status.REQUESTED, import_id="imp_1")

    response = client.post("/v1/imports/imp_1", {"status": "canceled", "name": "ab"})

    assert refusal(response) == (400, "validation_failed", ["name: A name has 3 to 127 characters."])
    assert client.world.stored_import(import_) == import_


def test_a_deleted_import_is_gone() -> None:
    client = PackageXClient()
    client.world.add_import(Status.COMPLETED, import_id="imp_1")

    response = client.request("DELETE", "/v1/imports/imp_1")

    data = {"object": "import", "id": "imp_1", "deleted": True}
    assert response.json_body == enveloped(data, "Import deleted.", "/v1/imports/imp_1")
    assert client.get("/v1/imports/imp_1").status_code == 404
    assert client.get("/v1/imports").json_body["data"] == []
    assert client.request("DELETE", "/v1/imports/imp_1").status_code == 404


def test_a_running_import_cannot_be_deleted() -> None:
    client = PackageXClient()
    client.world.add_import(Status.PROCESSING, import_id="imp_1")

    assert refusal(client.request("DELETE", "/v1/imports/imp_1")) == (409, "import_not_ended", [])


def test_every_status_of_the_model_is_reached() -> None:
    """By the ways imports really go, but for the machine, which is played."""
    client = PackageXClient()
    world = client.world
    seen = []

    def ask(mode: str, **given: Any) -> str:
        body = {"upload_mode": mode, "resource": "contact", "action": "merge"} | given
        return str(client.post("/v1/imports", body).json_body["data"]["id"])

    def note(import_id: str) -> None:
        data = client.get(f"/v1/imports/{import_id}").json_body["data"]
        seen.append((data["status"], data["reason"], data["_upload_url"] is not None))

    waiting, arriving = ask("async"), ask("async")
    note(waiting)
    file = world.stores.files.write_file(f"uploads/{OURS}/{arriving}/source", CSV)
    receive_file(world.context, file.key, file.version_id)
    note(arriving)
    for ending, reason in ((Status.COMPLETED, ""), (Status.FAILED, "no_rows"), (Status.TIMED_OUT, "too slow")):
        running = ask("sync", data=[{"name": "Ann"}])
        if ending is Status.COMPLETED:
            note(running)
        import_ = world.stores.imports.find(OURS, running)  # type: ignore[arg-type]
        assert import_ is not None
        world.runner.end(import_, EndReason(ending, reason))
        note(running)
    world.now += 86401
    reap_all(world.context)
    note(waiting)

    assert seen == [
        ("requested", None, True),
        ("queued", None, False),
        ("processing", None, False),
        ("completed", "", False),
        ("failed", "no_rows", False),
        ("timed_out", "too slow", False),
        ("expired", "upload_not_received: no file arrived until 2023-11-15T22:13:20Z.", False),
    ]
