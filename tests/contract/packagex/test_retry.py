"""`POST /v1/imports/{id}/retry`: rows that were rejected are tried again, as they are or corrected."""

import pytest

from chalicelib.model.children import Occupation
from chalicelib.model.ids import ImportId
from chalicelib.model.limits import DEFAULT_LIMITS
from tests.contract.packagex.bodies import NO_UPLOAD, enveloped, import_body, refusal
from tests.contract.packagex.clients import JSON
from tests.contract.packagex.pipeline import PipelineClient, counted, data_url
from tests.world import NOW, OURS

DIRTY = b"name,email\nSee Threepio,see@example.com\nKylo Ren,kylo\nHan Solo,han\n"
LATER = NOW + 60
FAILED_ROWS: JSON = {"rows": [{"row_number": 2, "values": {"email": "kylo@example.com"}}]}


@pytest.fixture
def pipeline() -> PipelineClient:
    return PipelineClient()


@pytest.fixture
def root(pipeline: PipelineClient) -> JSON:
    done = pipeline.upload(DIRTY, name="Spring", match_by=["email"], merge_rules={"name": "if_empty"})
    pipeline.client.world.now = LATER
    return done


def retried(pipeline: PipelineClient, root: JSON, body: JSON | None = None) -> JSON:
    answer = pipeline.client.post(f"/v1/imports/{root['id']}/retry", body or {})
    assert answer.status_code == 201, answer.json_body
    return pipeline.run_to_end(answer.json_body["data"]["id"])


def rows(pipeline: PipelineClient, import_: JSON) -> list[JSON]:
    data: list[JSON] = pipeline.client.get(f"/v1/imports/{import_['id']}/rows").json_body["data"]
    return data


def names(pipeline: PipelineClient) -> set[str]:
    return {one["name"] for one in pipeline.client.get("/v1/records/contacts").json_body["data"]}


def refused(pipeline: PipelineClient, import_: JSON, body: JSON) -> tuple[int, str, list[str]]:
    return refusal(pipeline.client.post(f"/v1/imports/{import_['id']}/retry", body))


def test_the_answer_is_the_import_that_tries_rows_again(pipeline: PipelineClient, root: JSON) -> None:
    response = pipeline.client.post(f"/v1/imports/{root['id']}/retry", FAILED_ROWS)

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
            **NO_UPLOAD,
            retry_of=root["id"],
            match_by=["email"],
            merge_rules={"name": "if_empty"},
        ),
        "Import created.",
        f"/v1/imports/{root['id']}/retry",
        201,
    )


def test_corrected_rows_become_records(pipeline: PipelineClient, root: JSON) -> None:
    done = retried(pipeline, root, FAILED_ROWS)

    assert (done["status"], counted(done)) == ("completed", {"total": 2, "created": 1, "failed": 1})
    assert names(pipeline) == {"See Threepio", "Kylo Ren"}
    assert [(row["row_number"], row["line"], row["given"], row["outcome"]) for row in rows(pipeline, done)] == [
        (2, 3, {"name": "Kylo Ren", "email": "kylo@example.com"}, "created"),
        (3, 4, {"name": "Han Solo", "email": "han"}, "failed"),
    ]


def test_the_first_import_tells_what_was_mended(pipeline: PipelineClient, root: JSON) -> None:
    first = retried(pipeline, root, FAILED_ROWS)
    second = retried(pipeline, root, {"rows": [{"row_number": 3, "values": {"email": "han@example.com"}}]})

    shown = pipeline.show(root["id"])
    assert (shown["mended"], shown["retries"]) == (2, [first["id"], second["id"]])
    assert (shown["stats"], shown["problems"]) == (root["stats"], root["problems"])
    assert refused(pipeline, root, {}) == (409, "nothing_to_retry", [])


def test_a_retry_of_a_retry_is_one_of_the_first_import(pipeline: PipelineClient, root: JSON) -> None:
    first = retried(pipeline, root, FAILED_ROWS)

    second = retried(pipeline, first)

    assert second["retry_of"] == root["id"]
    assert [row["row_number"] for row in rows(pipeline, second)] == [3]


def test_only_given_rows_are_tried(pipeline: PipelineClient, root: JSON) -> None:
    done = retried(pipeline, root, FAILED_ROWS | {"only_given": True})

    assert counted(done) == {"total": 1, "created": 1}


def test_a_preview_of_a_retry_writes_nothing_and_keeps_nothing_busy(pipeline: PipelineClient, root: JSON) -> None:
    done = retried(pipeline, root, FAILED_ROWS | {"preview": True})

    assert (done["is_preview"], done["confirm_until"], done["retry_of"]) == (True, None, root["id"])
    assert counted(done) == {"total": 2, "created": 1, "failed": 1}
    assert (names(pipeline), pipeline.show(root["id"])["mended"]) == ({"See Threepio"}, 0)
    answer = pipeline.client.post(f"/v1/imports/{done['id']}", {"status": "confirmed"})
    assert refusal(answer) == (409, "not_confirmable", [])


def test_rows_that_came_with_their_request_can_be_tried_again(pipeline: PipelineClient) -> None:
    root = pipeline.run(upload_mode="sync", data=data_url(DIRTY))

    assert counted(retried(pipeline, root, FAILED_ROWS)) == {"total": 2, "created": 1, "failed": 1}


WRONG_BODIES: dict[str, tuple[JSON, str]] = {
    "another row": (
        {"rows": [{"row_number": 1, "values": {"name": "x"}}]},
        "rows: Row 1 is created; tried again are rows that are failed.",
    ),
    "no such row": (
        {"rows": [{"row_number": 9, "values": {"name": "x"}}]},
        "rows: The import has 3 rows, and no row 9.",
    ),
    "no such field": (
        {"rows": [{"row_number": 2, "values": {"E-Mail": "x"}}]},
        "rows: No field of contacts that a row can give: E-Mail.",
    ),
    "a field that the service sets": (
        {"rows": [{"row_number": 2, "values": {"created_at": "x"}}]},
        "rows: No field of contacts that a row can give: created_at.",
    ),
    "a row twice": (
        {"rows": [{"row_number": 2}, {"row_number": 2}]},
        "rows: Each row may be given once.",
    ),
    "no row at all": (
        {"only_given": True},
        "rows: Give the rows that are to be tried again, or leave out only_given.",
    ),
    "an outcome that is no failure": (
        {"include": ["created"]},
        "include.0: Input should be 'failed', 'skipped' or 'unprocessed'.",
    ),
}


@pytest.mark.parametrize("kind", WRONG_BODIES)
def test_what_cannot_be_tried_is_refused_before_anything_is_made(
    pipeline: PipelineClient, root: JSON, kind: str
) -> None:
    body, message = WRONG_BODIES[kind]

    assert refused(pipeline, root, body) == (400, "validation_failed", [message])
    assert pipeline.show(root["id"])["retries"] == []


def test_more_corrections_than_the_limit_are_refused(pipeline: PipelineClient, root: JSON) -> None:
    rows = [{"row_number": number} for number in range(1, DEFAULT_LIMITS.retry_corrections + 2)]

    status, code, errors = refused(pipeline, root, {"rows": rows})

    assert (status, code) == (400, "validation_failed")
    assert errors[0].startswith("rows: Tuple should have at most 10000 items")


def test_an_import_is_tried_again_when_it_has_ended(pipeline: PipelineClient) -> None:
    asked = {"upload_mode": "async", "resource": "contact", "action": "merge"}
    waiting = pipeline.client.post("/v1/imports", asked).json_body["data"]

    assert refused(pipeline, waiting, {}) == (409, "import_not_ended", [])


def test_a_preview_is_not_tried_again(pipeline: PipelineClient) -> None:
    preview = pipeline.upload(DIRTY, preview=True)

    assert refused(pipeline, preview, {}) == (409, "not_retryable", [])


def test_corrections_of_a_preview_are_rehearsed(pipeline: PipelineClient) -> None:
    preview = pipeline.upload(DIRTY, preview=True)
    number = pipeline.client.get(f"/v1/imports/{preview['id']}/rows?outcome=failed").json_body["data"][0]["row_number"]
    rows = [{"row_number": number, "values": {"email": "right@example.com"}}]

    made = pipeline.client.post(
        f"/v1/imports/{preview['id']}/retry", {"rows": rows, "only_given": True, "preview": True}
    ).json_body["data"]
    tried = pipeline.run_to_end(made["id"])

    assert (tried["is_preview"], tried["retry_of"], tried["stats"]["total"]) == (True, preview["id"], 1)
    assert tried["stats"]["created"] == 1
    shown = pipeline.show(preview["id"])
    assert (shown["retries"], shown["mended"]) == (preview["retries"], preview["mended"])
    confirmed = pipeline.client.post(f"/v1/imports/{preview['id']}", {"status": "confirmed"})
    assert confirmed.status_code == 201


def test_nothing_is_tried_while_the_import_is_busy(pipeline: PipelineClient, root: JSON) -> None:
    busy = Occupation(busy_with=ImportId("imp_other"))
    pipeline.client.world.stores.imports.occupy(OURS, ImportId(root["id"]), busy)

    assert refused(pipeline, root, {}) == (409, "import_busy", [])


def test_nobody_tries_rows_of_others_again(pipeline: PipelineClient) -> None:
    assert refused(pipeline, {"id": "imp_unknown"}, {}) == (404, "import_not_found", [])
