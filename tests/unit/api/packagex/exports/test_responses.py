"""Exports as PackageX shows them."""

import pytest

from chalicelib.api.packagex.exports.responses import render_export, render_progress, render_time
from chalicelib.model.exports import ExportStatus, Progress
from tests.world import an_export


def test_links_that_were_not_asked_for_are_null() -> None:
    rendered = render_export(an_export(), {"csv": "https://files/contacts.csv"})

    assert (rendered["_csv_url"], rendered["_json_url"]) == ("https://files/contacts.csv", None)


def test_a_canceled_export_has_failed() -> None:
    assert render_export(an_export(ExportStatus.CANCELED), {})["status"] == "failed"


def test_progress_counts_shards_and_rows() -> None:
    progress = render_progress(Progress(shards=4, shards_done=1, records_read=10))

    assert (progress["shards_total"], progress["shards_done"], progress["records_read"]) == (4, 1, 10)


@pytest.mark.parametrize(("epoch_ms", "text"), [(None, None), (1_700_000_000_123, "2023-11-14T22:13:20.123Z")])
def test_times_to_be_given_back_lose_nothing(epoch_ms: int | None, text: str | None) -> None:
    assert render_time(epoch_ms) == text
