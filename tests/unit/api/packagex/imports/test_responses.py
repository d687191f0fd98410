"""Imports as PackageX shows them: every field of its model, links where they were asked for."""

import pytest

from chalicelib.api.packagex.imports.responses import ImportLinks, render_import
from chalicelib.model.imports import Status
from chalicelib.model.object_keys import ResultFile
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from tests.world import an_import


def test_links_are_null_where_none_was_asked_for() -> None:
    rendered = render_import(an_import(), ImportLinks(files={ResultFile.ERRORS_CSV: "https://files/errors.csv"}))

    assert rendered["_errors_csv_url"] == "https://files/errors.csv"
    assert (rendered["_upload_url"], rendered["_errors_json_url"]) == (None, None)


@pytest.mark.parametrize(
    ("status", "word", "reason"),
    [
        (Status.CANCELED, "failed", "canceled"),
        (Status.TIMED_OUT, "timed_out", None),
        (Status.CANCELING, "processing", None),
    ],
)
def test_a_canceled_import_has_failed_for_that_reason(status: Status, word: str, reason: str | None) -> None:
    rendered = render_import(an_import(status, reason=None), ImportLinks())

    assert (rendered["status"], rendered["reason"]) == (word, reason)


def test_findings_are_rendered_with_their_hints() -> None:
    finding = Problem(ProblemCode.HEADERS_MOSTLY_UNKNOWN, facts={"known": 1, "total": 9, "resource": "contacts"})

    [shown] = render_import(an_import(findings=(finding,)), ImportLinks())["findings"]

    assert (shown["code"], bool(shown["message"]), bool(shown["hint"])) == ("headers_mostly_unknown", True, True)
