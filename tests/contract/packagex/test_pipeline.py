"""The PackageX dialect over the real pipeline: what a client sends is imported, and what it reads back has happened.

Only the state machine is simulated, by `run_import` of `tests/import_world.py`, and stores are in memory.
"""

import pytest

from tests.contract.packagex.pipeline import PipelineClient, counted, data_url
from tests.other_workbooks import ods, ods_table, ods_text, xls, xlsb
from tests.workbooks import packed, workbook

CSV = (
    b"name,email,notes\n"
    b"See Threepio,see@example.com,droid\n"
    b"Kylo Ren,kylo@example.com,first\n"
    b"Kylo Ren,KYLO@example.com,again\n"
    b"Luke Skywalker,wrong,\n"
)


@pytest.mark.parametrize("way", ["data URL", "signed upload"])
def test_a_file_with_dirt_in_it_is_imported(way: str) -> None:
    pipeline = PipelineClient()

    shown = pipeline.run(upload_mode="sync", data=data_url(CSV)) if way == "data URL" else pipeline.upload(CSV)

    assert (shown["status"], shown["reason"]) == ("completed", None)
    assert counted(shown) == {"total": 4, "created": 2, "skipped": 1, "failed": 1}
    assert (shown["has_upload_file"], shown["has_errors_file"]) == (True, True)
    assert all(shown[f"_{name}_url"] for name in ("upload_csv", "upload_json", "errors_csv", "errors_json"))
    assert [phase["status"] for phase in shown["phases"]] == ["completed"] * 6 + ["skipped"]
    names = {one["name"] for one in pipeline.client.get("/v1/records/contacts").json_body["data"]}
    assert names == {"See Threepio", "Kylo Ren"}


ROWS: dict[str, list[list[object]]] = {
    "Cover": [["Export of 2024"]],
    "People": [["name", "email", "notes"], ["See Threepio", "see@example.com", "droid"], ["Kylo Ren", "wrong", None]],
}
ODS = ods(
    "".join(
        ods_table([[ods_text(str(cell)) for cell in row if cell] for row in rows], name) for name, rows in ROWS.items()
    )
)


@pytest.mark.parametrize("way", ["data URL", "signed upload"])
@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        pytest.param(workbook(ROWS), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", id="xlsx"),
        pytest.param(xls(ROWS), "application/vnd.ms-excel", id="xls"),
        pytest.param(xlsb(ROWS), "application/vnd.ms-excel.sheet.binary.macroEnabled.12", id="xlsb"),
        pytest.param(ODS, "application/vnd.oasis.opendocument.spreadsheet", id="ods"),
        pytest.param(packed([("__MACOSX/._x", b""), ("people.xls", xls(ROWS))]), "application/zip", id="zip"),
    ],
)
def test_workbooks_and_archives_are_imported(content: bytes, content_type: str, way: str) -> None:
    pipeline = PipelineClient()
    url = data_url(content, content_type)

    shown = pipeline.run(upload_mode="sync", data=url) if way == "data URL" else pipeline.upload(content)

    assert (shown["status"], shown["reason"]) == ("completed", None)
    assert counted(shown) == {"total": 2, "created": 1, "failed": 1}
    assert [finding["code"] for finding in shown["findings"]] == ["more_sheets"]


def test_an_archive_of_several_files_is_refused_with_their_names() -> None:
    shown = PipelineClient().upload(packed([("people.csv", CSV), ("companies.csv", CSV)]))

    assert shown["status"] == "failed"
    assert "holds 2 files: 'people.csv', 'companies.csv'." in shown["reason"]


def test_the_same_again_changes_nothing() -> None:
    pipeline = PipelineClient()
    pipeline.run(upload_mode="sync", data=[{"name": "Ann", "email": "ann@example.com"}])

    shown = pipeline.run(upload_mode="sync", data=[{"name": "Ann", "email": "ann@example.com"}])

    assert counted(shown) == {"total": 1, "unchanged": 1}


def test_a_sync_answer_tells_what_its_first_two_phases_found() -> None:
    pipeline = PipelineClient()
    body = {"upload_mode": "sync", "resource": "contact", "action": "merge", "data": data_url(CSV)}

    shown = pipeline.client.post("/v1/imports", body).json_body["data"]

    phases = {phase["name"]: (phase["status"], phase["total"], phase["error"]) for phase in shown["phases"][:3]}
    assert shown["status"] == "processing"
    assert phases["prevalidation"] == ("completed", 4, 1)
    assert phases["preparsing"] == ("completed", 3, 2)


def test_an_empty_upload_fails_with_its_reason() -> None:
    shown = PipelineClient().upload(b"")

    assert shown["status"] == "failed"
    assert shown["reason"]


def test_an_import_canceled_before_it_ran_writes_nothing() -> None:
    pipeline = PipelineClient()
    body = {"upload_mode": "sync", "resource": "contact", "action": "merge", "data": [{"name": "Ann"}]}
    import_id = pipeline.client.post("/v1/imports", body).json_body["data"]["id"]
    pipeline.client.post(f"/v1/imports/{import_id}", {"status": "canceled"})

    shown = pipeline.run_to_end(import_id)

    assert (shown["status"], shown["reason"], counted(shown)) == ("failed", "canceled", {"total": 1, "unprocessed": 1})
    assert pipeline.client.get("/v1/records/contacts").json_body["data"] == []


def test_records_can_be_deleted_by_an_import() -> None:
    pipeline = PipelineClient()
    pipeline.run(upload_mode="sync", data=[{"name": "Ann", "email": "ann@example.com"}])

    shown = pipeline.run(
        upload_mode="sync", action="delete", data=[{"email": "ann@example.com"}, {"email": "x@example.com"}]
    )

    assert counted(shown) == {"total": 2, "deleted": 1, "failed": 1}
    assert pipeline.client.get("/v1/records/contacts").json_body["data"] == []


def test_a_company_that_does_not_exist_is_stored_as_text_and_told() -> None:
    pipeline = PipelineClient()
    ann = {"name": "Ann", "email": "ann@example.com", "company_name": "Acme"}

    shown = pipeline.run(upload_mode="sync", data=[ann])

    [row] = pipeline.client.get(f"/v1/imports/{shown['id']}/rows").json_body["data"]
    [contact] = pipeline.client.get("/v1/records/contacts").json_body["data"]
    told = "'company_name' names a record that does not exist: 'Acme'; no company was created, no link was made."
    assert (shown["stats"]["created"], shown["problems"]) == (1, {"reference_dead": 1})
    assert [one["message"] for one in row["problems"]] == [told]
    assert (contact["company_name"], "company_id" in contact) == ("Acme", False)
    assert pipeline.client.get("/v1/records/companies").json_body["data"] == []


def test_a_sync_answer_has_what_was_found_until_then() -> None:
    pipeline = PipelineClient()
    source = data_url(CSV.replace(b"notes", b"Mood"))
    body = {"upload_mode": "sync", "resource": "contact", "action": "merge", "data": source}

    answer = pipeline.client.post("/v1/imports", body).json_body

    shown = pipeline.client.get(f"/v1/imports/{answer['data']['id']}").json_body
    unknown = {
        "code": "header_unknown",
        "field": "Mood",
        "value": "Mood",
        "message": "The header 'Mood' is no field of contacts and is not read.",
        "hint": "Map it with column_mapping, or rename it.",
    }
    assert (answer["data"]["status"], answer["data"]["stats"]["failed"]) == ("processing", 1)
    assert (answer["data"]["findings"], answer["data"]["problems"]) == ([unknown], {"invalid_email": 1})
    assert shown["data"] == answer["data"]
