"""`"hold": true`: the import waits with its file, may be changed, and is let go."""

import pytest

from chalicelib.imports.uploads import receive_file
from chalicelib.model.imports import Status
from tests.contract.packagex.bodies import NO_UPLOAD, enveloped, import_body, refusal
from tests.contract.packagex.clients import JSON
from tests.contract.packagex.pipeline import PipelineClient, counted
from tests.world import NOW, OURS

FILE = b"Kunde,Mail\nKylo Ren,kylo@example.com\nHan Solo,han@example.com\n"
ASKED: JSON = {"upload_mode": "async", "resource": "contact", "action": "merge", "hold": True}
WEEK_S = 7 * 24 * 3600


def requested(pipeline: PipelineClient, **options: object) -> str:
    return str(pipeline.client.post("/v1/imports", ASKED | options).json_body["data"]["id"])


def sent(pipeline: PipelineClient, import_id: str, content: bytes = FILE) -> None:
    file = pipeline.client.world.stores.files.write_file(f"uploads/{OURS}/{import_id}/source", content)
    receive_file(pipeline.client.world.context, file.key, file.version_id)


def held(pipeline: PipelineClient, **options: object) -> str:
    import_id = requested(pipeline, **options)
    sent(pipeline, import_id)
    return import_id


def test_an_import_that_is_held_shows_until_when() -> None:
    pipeline = PipelineClient()

    import_id = held(pipeline)

    shown = pipeline.client.get(f"/v1/imports/{import_id}").json_body
    checksum = shown["data"]["checksum"]
    assert shown == enveloped(
        import_body(hold=True, held=True, held_until=NOW + WEEK_S, checksum=checksum, **NO_UPLOAD),
        "Import retrieved.",
        "/v1/imports/imp_1",
    )


def test_options_are_stated_anew_and_hold_for_its_rows() -> None:
    pipeline = PipelineClient()
    import_id = held(pipeline)
    changes = {"column_mapping": {"name": "Kunde", "email": "Mail"}, "duplicate_handling": "use_first", "max_failed": 3}

    response = pipeline.client.post(f"/v1/imports/{import_id}", changes)

    assert response.json_body == enveloped(
        import_body(
            hold=True,
            held=True,
            held_until=NOW + WEEK_S,
            checksum=response.json_body["data"]["checksum"],
            **changes,
            **NO_UPLOAD,
        ),
        "Import updated.",
        "/v1/imports/imp_1",
    )
    let_go = pipeline.client.post(f"/v1/imports/{import_id}", {"status": "queued"}).json_body["data"]
    assert (let_go["status"], let_go["held"], let_go["held_until"]) == ("queued", False, NOW + WEEK_S)
    assert counted(pipeline.run_to_end(import_id)) == {"total": 2, "created": 2}


def test_it_may_become_a_preview_and_be_let_go_at_once() -> None:
    pipeline = PipelineClient()
    import_id = held(pipeline, column_mapping={"name": "Kunde", "email": "Mail"})

    pipeline.client.post(f"/v1/imports/{import_id}", {"preview": True, "status": "queued", "name": "A try"})
    done = pipeline.run_to_end(import_id)

    assert (done["status"], done["is_preview"], done["name"]) == ("completed", True, "A try")
    assert pipeline.client.get("/v1/records/contacts").json_body["data"] == []


def test_before_its_file_is_here_it_is_not_let_go() -> None:
    pipeline = PipelineClient()
    import_id = requested(pipeline)

    response = pipeline.client.post(f"/v1/imports/{import_id}", {"status": "queued"})

    message = "Its file has not come yet. PUT it to _upload_url first."
    assert (*refusal(response), response.json_body["message"]) == (409, "file_missing", [], message)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (Status.PROCESSING, {"match_by": ["email"]}, "import_started"),
        (Status.COMPLETED, {"match_by": ["email"]}, "import_started"),
        (Status.EXPIRED, {"match_by": ["email"]}, "import_started"),
        (Status.PROCESSING, {"status": "queued"}, "import_started"),
        (Status.COMPLETED, {"status": "queued"}, "cannot_redrive"),
        (Status.EXPIRED, {"status": "queued"}, "cannot_redrive"),
    ],
)
def test_what_has_begun_or_ended_does_not_change(status: Status, body: JSON, code: str) -> None:
    pipeline = PipelineClient()
    import_ = pipeline.client.world.add_import(status, "imp_1", hold=True)

    response = pipeline.client.post("/v1/imports/imp_1", body)

    assert refusal(response) == (409, code, [])
    assert pipeline.client.world.stored_import(import_) == import_


def test_options_of_an_import_that_is_not_to_be_held_stay() -> None:
    pipeline = PipelineClient()
    import_id = requested(pipeline, hold=False)

    response = pipeline.client.post(f"/v1/imports/{import_id}", {"match_by": ["email"]})

    message = "Only an import that is held waits for changes; this one begins as soon as its file is here."
    assert (*refusal(response), response.json_body["message"]) == (409, "import_started", [], message)


@pytest.mark.parametrize(
    ("body", "code", "error"),
    [
        ({"match_by": ["phone"]}, "validation_failed", "match_by: 'phone' is no unique identity of contacts."),
        ({"column_mapping": {"nme": "Kunde"}}, "validation_failed", "column_mapping: 'nme' is no field of"),
        ({"max_failed": "500%"}, "validation_failed", "max_failed: Must be a number from 0 to 1000000000, or a part"),
        ({"max_failed": -1}, "validation_failed", "max_failed: Must be a number from 0 to 1000000000, or a part"),
        ({"max_deleted": True}, "validation_failed", "max_deleted: Must be a number from 0 to 1000000000, or a part"),
        ({"max_deleted": 1.5}, "validation_failed", "max_deleted: Must be a number from 0 to 1000000000, or a part"),
        ({"max_deleted": ["5%"]}, "validation_failed", "max_deleted: Must be a number from 0 to 1000000000, or a part"),
        ({"create_missing": ["company_name"] * 2}, "validation_failed", "create_missing: "),
        ({"resource": "companies"}, "validation_failed", "resource: Unknown parameter."),
    ],
)
def test_a_change_is_checked_as_the_import_was(body: JSON, code: str, error: str) -> None:
    pipeline = PipelineClient()
    import_id = held(pipeline)
    before = pipeline.show(import_id)

    status, found, errors = refusal(pipeline.client.post(f"/v1/imports/{import_id}", body))

    assert (status, found) == (400, code)
    assert errors[0].startswith(error)
    assert pipeline.show(import_id) == before


def test_data_that_comes_along_cannot_be_held() -> None:
    pipeline = PipelineClient()

    response = pipeline.client.post("/v1/imports", ASKED | {"upload_mode": "sync", "data": [{"name": "Ann"}]})

    assert refusal(response) == (400, "validation_failed", ["hold: Belongs to async only."])


def test_a_field_that_is_mapped_to_null_is_fed_by_no_column() -> None:
    pipeline = PipelineClient()

    shown = pipeline.upload(b"name,email,phone\nJane,jane@x.example,none of yours\n", column_mapping={"phone": None})

    assert shown["column_mapping"] == {"phone": None}
    assert [(one["header"], one["field"], one["why"]) for one in shown["columns"]] == [
        ("name", "name", "name"),
        ("email", "email", "name"),
        ("phone", None, "unknown"),
    ]
    assert shown["stats"]["created"] == 1
