"""`POST /v1/imports/{id}` with `{"status": "confirmed"}`: the import that a preview was about."""

from collections.abc import Callable

import pytest

from chalicelib.maintenance import reap_all
from chalicelib.model.children import Occupation
from chalicelib.model.ids import ImportId
from tests.contract.packagex.bodies import NO_UPLOAD, enveloped, import_body, refusal
from tests.contract.packagex.clients import JSON
from tests.contract.packagex.pipeline import PipelineClient, counted, data_url
from tests.world import NOW, OURS

FIRST = b"name,email\nSee Threepio,see@example.com\nKylo Ren,kylo@example.com\n"
SECOND = b"name,email\nThreepio,see@example.com\nHan Solo,han@example.com\nLuke Skywalker,wrong\n"
CONFIRMED: JSON = {"status": "confirmed"}
LATER = NOW + 60


def a_preview(pipeline: PipelineClient, **options: object) -> JSON:
    pipeline.upload(FIRST)
    pipeline.client.world.now = LATER
    return pipeline.upload(SECOND, preview=True, **options)


def names(pipeline: PipelineClient) -> set[str]:
    return {one["name"] for one in pipeline.client.get("/v1/records/contacts").json_body["data"]}


def test_a_preview_that_is_confirmed_becomes_the_import() -> None:
    pipeline = PipelineClient()
    preview = a_preview(pipeline, name="Spring", duplicate_handling="use_first", max_failed=5)

    response = pipeline.client.post(f"/v1/imports/{preview['id']}", CONFIRMED)

    child_id = response.json_body["data"]["id"]
    assert response.status_code == 201
    assert response.headers["Location"].endswith(f"/v1/imports/{child_id}")
    assert response.json_body == enveloped(
        import_body(
            id=child_id,
            status="queued",
            name="Spring",
            duplicate_handling="use_first",
            created_at=LATER,
            updated_at=LATER,
            checksum=preview["checksum"],
            **NO_UPLOAD,
            preview_of=preview["id"],
            max_failed=5,
        ),
        "Import created.",
        f"/v1/imports/{preview['id']}",
        201,
    )
    done = pipeline.run_to_end(child_id)
    assert (done["status"], counted(done)) == ("completed", counted(preview))
    assert names(pipeline) == {"Threepio", "Kylo Ren", "Han Solo"}


def test_a_preview_that_came_with_its_rows_can_be_confirmed() -> None:
    pipeline = PipelineClient()
    preview = pipeline.run(upload_mode="sync", data=data_url(FIRST), preview=True)

    child_id = pipeline.client.post(f"/v1/imports/{preview['id']}", CONFIRMED).json_body["data"]["id"]

    assert counted(pipeline.run_to_end(child_id)) == {"total": 2, "created": 2}
    assert names(pipeline) == {"See Threepio", "Kylo Ren"}


def test_new_records_get_the_ids_that_the_preview_told() -> None:
    pipeline = PipelineClient()
    preview = a_preview(pipeline)
    child = pipeline.client.post(f"/v1/imports/{preview['id']}", CONFIRMED).json_body["data"]
    pipeline.run_to_end(child["id"])

    rows = [pipeline.client.get(f"/v1/imports/{one['id']}/rows").json_body["data"] for one in (preview, child)]

    assert rows[0] == rows[1]


def test_rows_that_come_to_another_outcome_are_counted_as_drift() -> None:
    pipeline = PipelineClient()
    preview = a_preview(pipeline)
    pipeline.upload(b"name,email\nHan,han@example.com\nThreepio,see@example.com\n")

    child_id = pipeline.client.post(f"/v1/imports/{preview['id']}", CONFIRMED).json_body["data"]["id"]

    done = pipeline.run_to_end(child_id)
    assert done["drift"] == {"created>updated": 1, "updated>unchanged": 1}
    assert counted(done) == {"total": 3, "updated": 1, "unchanged": 1, "failed": 1}


def test_a_strict_import_fails_rows_whose_record_has_changed_since() -> None:
    pipeline = PipelineClient()
    preview = a_preview(pipeline)
    pipeline.upload(b"name,email\nHan,han@example.com\n")

    child = pipeline.client.post(f"/v1/imports/{preview['id']}", CONFIRMED | {"strict": True}).json_body["data"]
    done = pipeline.run_to_end(child["id"])

    assert (child["strict"], done["problems"]) == (True, {"changed_since_preview": 1, "invalid_email": 1})
    assert counted(done) == {"total": 3, "updated": 1, "failed": 2}
    assert done["drift"] == {"created>failed": 1}
    row = pipeline.client.get(f"/v1/imports/{child['id']}/rows?code=changed_since_preview").json_body["data"][0]
    assert (row["row_number"], {*row["problems"][0]["facts"]}) == (2, {"previewed", "found"})


def test_strictness_without_confirming_is_refused() -> None:
    pipeline = PipelineClient()
    preview = a_preview(pipeline)

    answer = pipeline.client.post(f"/v1/imports/{preview['id']}", {"name": "Spring", "strict": True})

    assert refusal(answer) == (400, "validation_failed", ['strict: Belongs to {"status": "confirmed"}.'])


def test_guard_rails_hold_for_the_import_too() -> None:
    pipeline = PipelineClient()
    preview = a_preview(pipeline, action="create", max_failed=2)
    pipeline.upload(b"name,email\nHan,han@example.com\n")

    child_id = pipeline.client.post(f"/v1/imports/{preview['id']}", CONFIRMED).json_body["data"]["id"]

    assert pipeline.run_to_end(child_id)["reason"] == "max_failed: 3 of 3 rows, limit 2"


def test_a_name_that_is_given_is_that_of_the_import() -> None:
    pipeline = PipelineClient()
    preview = a_preview(pipeline, name="Try")

    child = pipeline.client.post(f"/v1/imports/{preview['id']}", CONFIRMED | {"name": "The real one"}).json_body["data"]

    assert (child["name"], pipeline.show(preview["id"])["name"]) == ("The real one", "Try")


def test_a_bad_name_is_refused_before_an_import_is_made() -> None:
    pipeline = PipelineClient()
    preview = a_preview(pipeline)

    answer = pipeline.client.post(f"/v1/imports/{preview['id']}", CONFIRMED | {"name": "ab"})

    assert refusal(answer) == (400, "validation_failed", ["name: A name has 3 to 127 characters."])
    assert pipeline.show(preview["id"])["confirmed_as"] is None


def test_a_preview_is_confirmed_once() -> None:
    pipeline = PipelineClient()
    preview = a_preview(pipeline)
    child = pipeline.client.post(f"/v1/imports/{preview['id']}", CONFIRMED).json_body["data"]

    busy = pipeline.client.post(f"/v1/imports/{preview['id']}", CONFIRMED)
    pipeline.run_to_end(child["id"])
    again = pipeline.client.post(f"/v1/imports/{preview['id']}", CONFIRMED)

    for answer in (busy, again):
        assert refusal(answer) == (409, "already_confirmed", [])
        assert answer.json_body["message"] == f"The preview was confirmed already, as {child['id']}."
    assert pipeline.show(preview["id"])["confirmed_as"] == child["id"]


def test_a_request_that_is_repeated_under_its_key_gets_the_same_import() -> None:
    pipeline = PipelineClient()
    preview = a_preview(pipeline)
    key = {"Idempotency-Key": "once", "Content-Type": "application/json"}

    answers = [
        pipeline.client.request("POST", f"/v1/imports/{preview['id']}", body=b'{"status": "confirmed"}', headers=key)
        for _ in range(2)
    ]

    assert answers[0].json_body == answers[1].json_body
    assert answers[1].headers["Location"] == answers[0].headers["Location"]


def test_a_preview_is_not_deleted_while_its_import_runs() -> None:
    pipeline = PipelineClient()
    preview = a_preview(pipeline)
    path = f"/v1/imports/{preview['id']}"
    child = pipeline.client.post(path, CONFIRMED).json_body["data"]

    early = pipeline.client.request("DELETE", path)
    pipeline.run_to_end(child["id"])
    late = pipeline.client.request("DELETE", path)

    assert refusal(early) == (409, "import_busy", [])
    assert early.json_body["message"] == f"The import is busy with {child['id']}. Wait until that has ended."
    assert late.status_code == 200
    assert pipeline.show(child["id"])["status"] == "completed"


def test_a_preview_that_is_being_deleted_is_not_confirmed() -> None:
    pipeline = PipelineClient()
    preview = a_preview(pipeline)
    imports = pipeline.client.world.stores.imports
    imports.occupy(OURS, ImportId(preview["id"]), Occupation(busy_with=ImportId(preview["id"])))

    answer = pipeline.client.post(f"/v1/imports/{preview['id']}", CONFIRMED)

    assert refusal(answer) == (409, "import_busy", [])
    assert answer.json_body["message"] == "The import is being deleted. Wait until that has ended."


def test_a_source_that_is_not_kept_is_there_for_the_import() -> None:
    pipeline = PipelineClient()
    preview = a_preview(pipeline, save_upload=False)
    files, key = pipeline.client.world.stores.files, f"uploads/{OURS}/{preview['id']}/source"
    assert files.find_file(key) is not None

    child = pipeline.client.post(f"/v1/imports/{preview['id']}", CONFIRMED).json_body["data"]

    assert counted(pipeline.run_to_end(child["id"])) == counted(preview)
    assert files.find_file(key) is None


def test_a_source_that_is_not_kept_goes_when_the_preview_can_be_confirmed_no_more() -> None:
    pipeline = PipelineClient()
    preview = a_preview(pipeline, save_upload=False)
    world, key = pipeline.client.world, f"uploads/{OURS}/{preview['id']}/source"
    world.now = preview["confirm_until"]
    reap_all(world.context)
    assert world.stores.files.find_file(key) is not None

    world.now += world.context.limits.child_start_s + 1
    reap_all(world.context)

    assert world.stores.files.find_file(key) is None
    assert counted(pipeline.show(preview["id"])) == counted(preview)


def expired(pipeline: PipelineClient) -> JSON:
    preview = a_preview(pipeline)
    pipeline.client.world.now = preview["confirm_until"]
    return preview


def requested(pipeline: PipelineClient) -> JSON:
    asked = {"upload_mode": "async", "resource": "contact", "action": "merge", "preview": True}
    shown: JSON = pipeline.client.post("/v1/imports", asked).json_body["data"]
    return shown


@pytest.mark.parametrize(
    ("prepare", "code", "message"),
    [
        pytest.param(
            lambda pipeline: pipeline.upload(FIRST),
            "not_confirmable",
            "Only a preview that has completed can be confirmed.",
            id="no preview",
        ),
        pytest.param(
            lambda pipeline: a_preview(pipeline, max_failed=0),
            "not_confirmable",
            "Only a preview that has completed can be confirmed.",
            id="a preview that has failed",
        ),
        pytest.param(
            requested,
            "import_not_ended",
            "The preview is still requested. It can be confirmed when it has ended.",
            id="a preview without its file",
        ),
        pytest.param(
            expired, "preview_expired", "A preview can be confirmed for 7 days. Preview the file again.", id="too late"
        ),
    ],
)
def test_what_cannot_be_confirmed_is_refused(
    prepare: Callable[[PipelineClient], JSON], code: str, message: str
) -> None:
    pipeline = PipelineClient()
    given = prepare(pipeline)
    before = pipeline.client.get("/v1/imports").json_body["pagination"]["total_count"]

    answer = pipeline.client.post(f"/v1/imports/{given['id']}", CONFIRMED)

    assert refusal(answer) == (409, code, [])
    assert answer.json_body["message"] == message
    assert pipeline.client.get("/v1/imports").json_body["pagination"]["total_count"] == before
