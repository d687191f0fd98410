"""The imports in the examples are imports that might have been."""

from chalicelib.api.packagex.imports.openapi_examples import ended_import, page_of_imports, waiting_import


def test_an_import_that_waits_has_a_link_to_put_its_file_to() -> None:
    data = waiting_import()["data"]

    assert (data["status"], data["upload_mode"]) == ("requested", "async")
    assert data["_upload_url"].startswith("https://")


def test_the_numbers_of_an_ended_import_add_up() -> None:
    data = ended_import()["data"]
    counted = ("created", "updated", "unchanged", "deleted", "skipped", "failed", "unprocessed")

    assert data["stats"]["total"] == sum(data["stats"][name] for name in counted)
    assert sum(data["problems"].values()) == data["stats"]["failed"]
    assert all(phase["success"] + phase["error"] == phase["processed"] for phase in data["phases"])


def test_a_page_has_the_ended_import() -> None:
    assert page_of_imports()["data"] == [ended_import()["data"]]
