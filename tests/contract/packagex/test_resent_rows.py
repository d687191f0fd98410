"""Rows of an errors file that are uploaded again: what they mean, and what they do not delete."""

import pytest

from tests.contract.packagex.clients import JSON
from tests.contract.packagex.pipeline import PipelineClient

SOURCE = b"name,external_id,email\nAnn,x-1,ann@x.com\nBob,x-2,wrong\nCy,x-3,cy@x.com\n"


def resent(pipeline: PipelineClient, first: JSON, **options: object) -> JSON:
    pipeline.client.world.now += 60
    mended = pipeline.file(first, "errors.csv").replace(b",wrong,", b",bob@x.com,", 1)
    return pipeline.upload(mended, **options)


def names(pipeline: PipelineClient) -> set[str]:
    return {one["name"] for one in pipeline.client.get("/v1/records/contacts").json_body["data"]}


def findings(import_: JSON) -> dict[str, str]:
    return {one["code"]: one["message"] for one in import_["findings"]}


def test_an_overwrite_of_rejected_rows_deletes_nothing() -> None:
    pipeline = PipelineClient()
    first = pipeline.upload(SOURCE, action="overwrite")

    done = resent(pipeline, first, action="overwrite")

    assert names(pipeline) == {"Ann", "Bob", "Cy"}
    assert done["status"] == "completed"
    assert done["reason"] == (
        f"cleanup_not_done: the rows are some of those of {first['id']}; 2 records that no row names were not deleted"
    )


def test_an_overwrite_of_a_whole_file_deletes_what_it_does_not_name() -> None:
    pipeline = PipelineClient()
    pipeline.upload(SOURCE, action="overwrite")
    pipeline.client.world.now += 60

    pipeline.upload(b"name,external_id\nDan,x-9\n", action="overwrite")

    assert names(pipeline) == {"Dan"}


@pytest.mark.parametrize(
    ("options", "differing"),
    [
        pytest.param({}, "match_by, merge_rules", id="left out"),
        pytest.param({"match_by": ["external_id"]}, "merge_rules", id="one is the same"),
        pytest.param(
            {"action": "update", "match_by": ["external_id"], "merge_rules": {"name": "never"}}, "action", id="action"
        ),
    ],
)
def test_options_that_differ_from_those_of_the_first_import_are_told(options: JSON, differing: str) -> None:
    pipeline = PipelineClient()
    first = pipeline.upload(SOURCE, match_by=["external_id"], merge_rules={"name": "never"})

    done = resent(pipeline, first, **options)

    assert findings(done)["options_differ"] == (
        f"The rows come from the import {first['id']}, which was asked for with other options: {differing}."
    )


def test_rows_that_are_sent_again_with_the_same_options_need_no_word() -> None:
    pipeline = PipelineClient()
    same: JSON = {"match_by": ["external_id"], "merge_rules": {"name": "never"}}
    first = pipeline.upload(SOURCE, **same)

    assert "options_differ" not in findings(resent(pipeline, first, **same))
