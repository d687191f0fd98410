"""The examples are documents that might have been."""

from chalicelib.api.talkdesk import TEMPLATES, openapi_examples
from chalicelib.model.imports import Action


def test_an_import_that_waits_can_be_canceled_and_has_a_link_for_its_file() -> None:
    waiting = openapi_examples.waiting()

    assert waiting.status == 201
    assert "default" in waiting.templates
    assert "upload" in waiting.body["_links"]  # type: ignore[operator] # JSON


def test_an_ended_import_counts_its_failures() -> None:
    assert (openapi_examples.ended().body["status"], openapi_examples.ended().body["failed_records"]) == (
        "COMPLETED_WITH_ERRORS",
        1,
    )


def test_the_file_begins_with_the_template() -> None:
    assert openapi_examples.template().strip().split(",") == list(TEMPLATES[Action.CREATE])
    assert openapi_examples.file().startswith(openapi_examples.template())
