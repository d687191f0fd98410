"""`POST /v1/imports/{id}/undo`: what an import has changed is taken back."""

import pytest

from chalicelib.model.children import Occupation
from chalicelib.model.ids import ImportId
from tests.contract.packagex.bodies import NO_UPLOAD, PHASES, a_phase, enveloped, import_body, progress, refusal
from tests.contract.packagex.clients import JSON
from tests.contract.packagex.pipeline import PipelineClient, counted
from tests.world import NOW, OURS

FIRST = b"name,email\nSee Threepio,see@example.com\nKylo Ren,kylo@example.com\n"
SECOND = b"name,email\nThreepio,see@example.com\nHan Solo,han@example.com\n"
LATER = NOW + 60
DAY_S = 24 * 3600


def an_import(pipeline: PipelineClient, **options: object) -> JSON:
    pipeline.upload(FIRST)
    pipeline.client.world.now = LATER
    return pipeline.upload(SECOND, **options)


def ask(pipeline: PipelineClient, import_: JSON, **body: object) -> JSON:
    response = pipeline.client.post(f"/v1/imports/{import_['id']}/undo", body)
    assert response.status_code == 201, response.json_body
    data: JSON = response.json_body["data"]
    return data


def undo(pipeline: PipelineClient, import_: JSON, **body: object) -> JSON:
    return pipeline.run_to_end(ask(pipeline, import_, **body)["id"])


def names(pipeline: PipelineClient) -> set[str]:
    return {one["name"] for one in pipeline.client.get("/v1/records/contacts").json_body["data"]}


def undo_phases(**given: JSON) -> list[JSON]:
    passed = {"prevalidation", "processing"}
    return [a_phase(name, **({} if name in passed else {"status": "skipped"}) | given.get(name, {})) for name in PHASES]


def test_the_undo_of_an_import_is_an_import() -> None:
    pipeline = PipelineClient()
    import_ = an_import(pipeline, name="Spring", duplicate_handling="use_first")

    response = pipeline.client.post(f"/v1/imports/{import_['id']}/undo", {})

    undo_id = response.json_body["data"]["id"]
    assert response.status_code == 201
    assert response.headers["Location"].endswith(f"/v1/imports/{undo_id}")
    shown = import_body(
        id=undo_id,
        status="queued",
        name="Spring",
        duplicate_handling="use_first",
        created_at=LATER,
        updated_at=LATER,
        phases=undo_phases(),
        undo_of=import_["id"],
        **NO_UPLOAD,
    )
    assert response.json_body == enveloped(shown, "Import created.", f"/v1/imports/{import_['id']}/undo", 201)
    ended = {"status": "completed", "total": 2, "processed": 2, "success": 2, "started_at": LATER, "ended_at": LATER}
    assert pipeline.run_to_end(undo_id) == shown | {
        "status": "completed",
        "phases": undo_phases(prevalidation=ended, processing=ended),
        "stats": shown["stats"] | {"total": 2, "updated": 1, "deleted": 1},
        "undo_until": LATER + 7 * DAY_S,
        "progress": progress("completed"),
    }
    assert names(pipeline) == {"See Threepio", "Kylo Ren"}


def test_an_import_shows_what_its_undo_has_come_to() -> None:
    pipeline = PipelineClient()
    import_ = an_import(pipeline)
    pipeline.upload(b"name,email\nC3PO,see@example.com\n")
    shown = {name: import_[name] for name in ("undo_until", "undo", "reverted", "undo_of")}
    assert shown == {"undo_until": LATER + 7 * DAY_S, "undo": None, "reverted": False, "undo_of": None}

    asked = ask(pipeline, import_)
    counts = {"reversed": 0, "kept": 0, "failed": 0, "unprocessed": 0}
    assert pipeline.show(import_["id"])["undo"] == {"id": asked["id"], "status": "processing", **counts}
    pipeline.run_to_end(asked["id"])

    done = pipeline.show(import_["id"])
    assert done["undo"] == {"id": asked["id"], "status": "completed", **counts, "reversed": 1, "kept": 1}
    assert (done["status"], done["reverted"]) == ("completed", False)


def test_an_import_of_which_all_is_reversed_is_reverted_and_keeps_its_status() -> None:
    pipeline = PipelineClient()
    import_ = an_import(pipeline)

    undo(pipeline, import_)

    shown = pipeline.show(import_["id"])
    assert (shown["status"], shown["reverted"]) == ("completed", True)
    answer = pipeline.client.post(f"/v1/imports/{import_['id']}/undo", {})
    assert refusal(answer)[:2] == (409, "already_reverted")
    assert answer.json_body["message"].endswith(f"reversed already, by {shown['undo']['id']}.")


def test_the_rows_of_an_undo_tell_what_became_of_each_record() -> None:
    pipeline = PipelineClient()
    import_ = an_import(pipeline)
    rows = {
        one["row_number"]: one for one in pipeline.client.get(f"/v1/imports/{import_['id']}/rows").json_body["data"]
    }

    done = undo(pipeline, import_)

    listed = pipeline.client.get(f"/v1/imports/{done['id']}/rows").json_body["data"]
    assert [(one["given"], one["outcome"], one["changes"]) for one in listed] == [
        ({"of_row": 2, "resource": "contacts", "record_id": rows[2]["record_id"]}, "deleted", None),
        (
            {"of_row": 1, "resource": "contacts", "record_id": rows[1]["record_id"]},
            "updated",
            {
                "first_name": {"from": "Threepio", "to": "See"},
                "last_name": {"from": None, "to": "Threepio"},
                "name": {"from": "Threepio", "to": "See Threepio"},
            },
        ),
    ]


def test_what_was_changed_since_is_kept_and_stands_in_the_errors_file() -> None:
    pipeline = PipelineClient()
    import_ = an_import(pipeline)
    pipeline.upload(b"name,email\nC3PO,see@example.com\n")

    done = undo(pipeline, import_)

    assert counted(done) == {"total": 2, "deleted": 1, "skipped": 1}
    assert done["problems"] == {"changed_since": 1}
    assert b"changed_since" in pipeline.file(done, "errors.csv")
    assert names(pipeline) == {"C3PO", "Kylo Ren"}


def test_the_preview_of_an_undo_writes_nothing() -> None:
    pipeline = PipelineClient()
    import_ = an_import(pipeline)

    preview = undo(pipeline, import_, preview=True)

    assert (preview["is_preview"], preview["undo_of"], preview["confirm_until"]) == (True, import_["id"], None)
    assert counted(preview) == {"total": 2, "updated": 1, "deleted": 1}
    assert names(pipeline) == {"Threepio", "Kylo Ren", "Han Solo"}
    assert pipeline.show(import_["id"]) == import_
    answer = pipeline.client.post(f"/v1/imports/{preview['id']}", {"status": "confirmed"})
    assert refusal(answer)[:2] == (409, "not_confirmable")


def test_an_undo_is_announced_as_nothing_but_reverted() -> None:
    pipeline = PipelineClient()
    import_ = an_import(pipeline)
    told = len(pipeline.client.world.stores.events.published)  # type: ignore[attr-defined]

    done = undo(pipeline, import_)
    preview = undo(pipeline, done, preview=True)

    events = pipeline.client.world.stores.events.published[told:]  # type: ignore[attr-defined]
    assert [(one.event_type, one.detail_type, one.job_id) for one in events] == [
        ("import.reverted", "Import reverted", done["id"]),
        ("import.previewed", "Import previewed", preview["id"]),
    ]
    body = events[0].to_body()
    assert body["undo_of"] == import_["id"]
    assert body["undo"] == {"reversed": 2, "kept": 0, "failed": 0, "unprocessed": 0}


@pytest.mark.parametrize(
    ("later", "code", "message"),
    [
        pytest.param(7 * DAY_S, "undo_expired", "An import can be undone for 7 days.", id="too late"),
        pytest.param(0, "import_busy", "The import is busy with imp_other. Wait until that has ended.", id="busy"),
    ],
)
def test_an_undo_that_cannot_be_is_refused(later: int, code: str, message: str) -> None:
    pipeline = PipelineClient()
    import_ = an_import(pipeline)
    pipeline.client.world.now += later
    if not later:
        occupation = Occupation(busy_with=ImportId("imp_other"))
        pipeline.client.world.stores.imports.occupy(OURS, ImportId(import_["id"]), occupation)

    answer = pipeline.client.post(f"/v1/imports/{import_['id']}/undo", {})

    assert refusal(answer)[:2] == (409, code)
    assert answer.json_body["message"] == message


def test_an_import_is_not_deleted_while_its_undo_runs() -> None:
    pipeline = PipelineClient()
    import_ = an_import(pipeline)
    asked = ask(pipeline, import_)

    assert pipeline.client.request("DELETE", f"/v1/imports/{import_['id']}").status_code == 409

    pipeline.run_to_end(asked["id"])
    assert pipeline.client.request("DELETE", f"/v1/imports/{import_['id']}").status_code == 200


@pytest.mark.parametrize(
    "body", [pytest.param({"preview": "yes"}, id="no flag"), pytest.param({"other": True}, id="unknown")]
)
def test_a_wrong_body_is_refused(body: JSON) -> None:
    pipeline = PipelineClient()
    import_ = an_import(pipeline)

    assert refusal(pipeline.client.post(f"/v1/imports/{import_['id']}/undo", body))[0] == 400


def test_neither_an_undo_nor_what_it_has_reversed_is_tried_again() -> None:
    pipeline = PipelineClient()
    import_ = an_import(pipeline)
    done = undo(pipeline, import_)

    answers = [pipeline.client.post(f"/v1/imports/{one['id']}/retry", {}) for one in (import_, done)]

    assert [refusal(one)[:2] for one in answers] == [(409, "already_reverted"), (409, "not_retryable")]
