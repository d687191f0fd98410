"""`POST /v1/imports/{id}` with `{"status": "queued"}`: an import that broke off goes on."""

import pytest

from chalicelib.imports.events import FinishEvent
from chalicelib.model.ids import ImportId
from chalicelib.model.stop_reasons import StopCode, StopReason
from tests.contract.packagex.bodies import NO_UPLOAD, enveloped, import_body, refusal
from tests.contract.packagex.clients import JSON
from tests.contract.packagex.pipeline import PipelineClient, counted
from tests.world import NOW, OURS

SOURCE = b"name,email\nSee Threepio,see@example.com\nKylo Ren,kylo\n"
QUEUED: JSON = {"status": "queued"}
DIED = StopReason(StopCode.INTERNAL_ERROR, "the import's execution ended as FAILED")
LATER = NOW + 60


@pytest.fixture
def pipeline() -> PipelineClient:
    return PipelineClient()


def an_interrupted_import(pipeline: PipelineClient) -> JSON:
    asked = {"upload_mode": "async", "resource": "contact", "action": "merge"}
    import_id = pipeline.client.post("/v1/imports", asked).json_body["data"]["id"]
    pipeline.send(import_id, SOURCE)
    dead = FinishEvent(tenant_id=OURS, import_id=ImportId(import_id), attempt=1, stopped_by=DIED)
    pipeline.machine.finish(dead)
    return pipeline.show(import_id)


def test_an_import_that_was_interrupted_goes_on(pipeline: PipelineClient) -> None:
    broken = an_interrupted_import(pipeline)
    assert (broken["status"], broken["reason"]) == ("failed", DIED.text)
    pipeline.client.world.now = LATER

    response = pipeline.client.post(f"/v1/imports/{broken['id']}", QUEUED)

    assert response.status_code == 200
    assert response.json_body == enveloped(
        import_body(
            id=broken["id"], status="queued", created_at=NOW, updated_at=LATER, checksum=broken["checksum"], **NO_UPLOAD
        ),
        "Import updated.",
        f"/v1/imports/{broken['id']}",
    )
    done = pipeline.run_to_end(broken["id"])
    assert (done["status"], counted(done)) == ("completed", {"total": 2, "created": 1, "failed": 1})


def test_an_import_that_has_come_to_its_end_does_not_go_on(pipeline: PipelineClient) -> None:
    done = pipeline.upload(SOURCE)

    answer = pipeline.client.post(f"/v1/imports/{done['id']}", QUEUED)

    assert refusal(answer) == (409, "cannot_redrive", [])
    assert answer.json_body["message"].startswith("The import is completed: only one that was interrupted")
