"""`value_mapping`: words of the source that mean a choice because the caller says so."""

import pytest

from tests.contract.packagex.bodies import refusal
from tests.contract.packagex.clients import JSON
from tests.contract.packagex.pipeline import PipelineClient

SOURCE = b"name,email,status\nAnn,ann@x.com,paused\nBob,bob@x.com,gone away\n"
WORDS = {"status": {"paused": "inactive"}}


def statuses(pipeline: PipelineClient) -> dict[str, object]:
    listed = pipeline.client.get("/v1/records/customers").json_body["data"]
    return {one["name"]: one.get("status") for one in listed}


def test_a_word_means_what_is_stated_and_any_other_fails_its_row() -> None:
    pipeline = PipelineClient()

    done = pipeline.upload(SOURCE, resource="customer", value_mapping=WORDS, reading={"date_order": "dmy"})

    assert statuses(pipeline) == {"Ann": "inactive"}
    assert done["problems"] == {"not_a_choice": 1}
    assert (done["value_mapping"], done["reading"]) == (WORDS, {"date_order": "day_first"})


def test_a_retry_reads_words_as_the_first_import_did() -> None:
    pipeline = PipelineClient()
    done = pipeline.upload(SOURCE, resource="customer", value_mapping=WORDS)

    correction: JSON = {"rows": [{"row_number": 2, "values": {"status": "Paused"}}]}
    child = pipeline.client.post(f"/v1/imports/{done['id']}/retry", correction).json_body["data"]
    pipeline.run_to_end(child["id"])

    assert statuses(pipeline) == {"Ann": "inactive", "Bob": "inactive"}


def test_an_errors_file_is_read_as_the_import_that_it_comes_from() -> None:
    pipeline = PipelineClient()
    done = pipeline.upload(SOURCE, resource="customer", value_mapping=WORDS)
    mended = pipeline.file(done, "errors.csv").replace(b"gone away", b"paused", 1)

    pipeline.upload(mended, resource="customer")

    assert statuses(pipeline)["Bob"] == "inactive"


def test_a_profile_has_it_and_a_request_goes_before() -> None:
    pipeline = PipelineClient()
    made = pipeline.client.post("/v1/import-profiles", {"name": "shop", "resource": "customer", "value_mapping": WORDS})

    of_profile = pipeline.upload(SOURCE, resource="customer", profile="shop")
    without = pipeline.upload(SOURCE, resource="customer", profile="shop", value_mapping=None)

    assert made.json_body["data"]["options"]["value_mapping"] == WORDS
    assert (of_profile["value_mapping"], without["value_mapping"]) == (WORDS, {})
    assert without["problems"] == {"not_a_choice": 2}


def test_it_can_be_stated_while_an_import_is_held() -> None:
    pipeline = PipelineClient()
    asked: JSON = {"upload_mode": "async", "resource": "customer", "action": "merge", "hold": True}
    held = pipeline.client.post("/v1/imports", asked).json_body["data"]

    changed = pipeline.client.post(f"/v1/imports/{held['id']}", {"value_mapping": WORDS})

    assert changed.json_body["data"]["value_mapping"] == WORDS


@pytest.mark.parametrize("mapping", [{"stat": {"a": "active"}}, {"status": {"a": "paused"}}, {"status": {"a": 1}}])
def test_unknown_fields_and_choices_are_refused(mapping: JSON) -> None:
    pipeline = PipelineClient()
    asked: JSON = {"upload_mode": "async", "resource": "customer", "action": "merge", "value_mapping": mapping}

    status, code, _ = refusal(pipeline.client.post("/v1/imports", asked))

    assert (status, code) == (400, "validation_failed")
