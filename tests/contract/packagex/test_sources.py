"""`GET /v1/imports/{id}/source`: what a file looks like before it is imported, and after; `POST`: while it comes."""

from base64 import b64encode

import pytest

from chalicelib.imports.events import Event
from chalicelib.imports.uploads import receive_file
from chalicelib.model.imports import Status
from chalicelib.model.limits import Limits
from chalicelib.stores.memory import MemoryImportExecutions
from tests.contract.packagex.bodies import enveloped, refusal
from tests.contract.packagex.clients import JSON
from tests.contract.packagex.pipeline import PipelineClient
from tests.world import OURS

FILE = b"Kunde;E-Mail;Fax\nKylo Ren;kylo@example.com;\nHan Solo;han@example.com;5550123\n"


def held(pipeline: PipelineClient, content: bytes = FILE, **options: object) -> str:
    body = {"upload_mode": "async", "resource": "customers", "action": "merge", "hold": True} | options
    import_id = str(pipeline.client.post("/v1/imports", body).json_body["data"]["id"])
    receive(pipeline, import_id, content)
    return import_id


def receive(pipeline: PipelineClient, import_id: str, content: bytes) -> None:
    file = pipeline.client.world.stores.files.write_file(f"uploads/{OURS}/{import_id}/source", content)
    receive_file(pipeline.client.world.context, file.key, file.version_id)


def look(pipeline: PipelineClient) -> None:
    """Runs the executions that look at a source."""
    executions = pipeline.client.world.stores.import_executions
    assert isinstance(executions, MemoryImportExecutions)
    for one in executions.executions.values():
        if one.is_describing:
            pipeline.machine.describe_source(Event.model_validate(one.given))


def descriptions(pipeline: PipelineClient) -> list[str]:
    """The executions that were to look at a source."""
    executions = pipeline.client.world.stores.import_executions
    assert isinstance(executions, MemoryImportExecutions)
    return [one.name for one in executions.executions.values() if one.is_describing]


def source_of(pipeline: PipelineClient, import_id: str) -> JSON:
    data: JSON = pipeline.client.get(f"/v1/imports/{import_id}/source").json_body["data"]
    return data


def test_a_source_is_shown_with_what_its_columns_may_mean() -> None:
    pipeline = PipelineClient()
    import_id = held(pipeline, column_mapping={"external_id": "Kunde"})

    response = pipeline.client.get(f"/v1/imports/{import_id}/source")

    name, email, fax = response.json_body["data"]["columns"]
    assert response.json_body == enveloped(
        {
            "object": "import_source",
            "id": import_id,
            "fault": None,
            "format": "csv",
            "encoding": "utf-8",
            "delimiter": ";",
            "quote": '"',
            "sheet": None,
            "sheets": [],
            "header_row": 1,
            "columns": [name, email, fax],
            "rows": [["Kylo Ren", "kylo@example.com", ""], ["Han Solo", "han@example.com", "5550123"]],
            "column_mapping": {"name": "Kunde", "email": "E-Mail"},
            "missing": [],
            "findings": [],
        },
        "Source retrieved.",
        f"/v1/imports/{import_id}/source",
    )
    assert (name["field"], name["why"], name["suggested"]) == ("external_id", "mapping", "name")
    assert (email["field"], email["why"], email["suggested"]) == ("email", "name", "email")
    assert email["confidence"] == email["candidates"][0]["confidence"] >= 0.9
    assert email["candidates"][0]["label"] == "Email"
    assert (fax["field"], fax["why"], fax["suggested"], fax["confidence"]) == (None, "unknown", None, 0)


@pytest.mark.parametrize("limits", [Limits(), Limits(inline_upload_bytes=10)], ids=["small", "large"])
def test_delimited_text_of_any_size_is_looked_at_by_the_request(limits: Limits) -> None:
    pipeline = PipelineClient(limits)
    import_id = held(pipeline)

    assert source_of(pipeline, import_id)["format"] == "csv"
    assert descriptions(pipeline) == []


def test_json_is_looked_at_by_the_request_where_it_is_small() -> None:
    pipeline = PipelineClient()
    import_id = held(pipeline, b'[{"name": "Ann"}]')

    assert source_of(pipeline, import_id)["format"] == "json"
    assert descriptions(pipeline) == []


@pytest.mark.parametrize("content", [b'[{"name": "Ann"}]', b"\x1f\x8b\x08 not gzip", b"PK\x03\x04 not a workbook"])
def test_what_is_large_and_no_delimited_text_is_not_ready_until_a_function_has_looked(content: bytes) -> None:
    pipeline = PipelineClient(Limits(inline_upload_bytes=10))
    import_id = held(pipeline, content)

    response = pipeline.client.get(f"/v1/imports/{import_id}/source")

    assert refusal(response) == (409, "source_not_ready", [])
    look(pipeline)
    assert pipeline.client.get(f"/v1/imports/{import_id}/source").status_code == 200


def test_a_function_looks_where_the_request_has_no_time() -> None:
    pipeline = PipelineClient(Limits(inline_read_cpu_s=0))
    import_id = held(pipeline)

    response = pipeline.client.get(f"/v1/imports/{import_id}/source")

    assert refusal(response) == (409, "source_not_ready", [])
    look(pipeline)
    assert source_of(pipeline, import_id)["format"] == "csv"


def test_another_mapping_and_another_way_of_reading_show_at_once() -> None:
    pipeline = PipelineClient()
    import_id = held(pipeline)
    path = f"/v1/imports/{import_id}"

    pipeline.client.post(path, {"column_mapping": {"phone": "Fax"}})
    assert source_of(pipeline, import_id)["columns"][2]["field"] == "phone"

    pipeline.client.post(path, {"reading": {"delimiter": ","}})
    assert [one["header"] for one in source_of(pipeline, import_id)["columns"]] == ["Kunde;E-Mail;Fax"]


WORDS = b"Name;Status;Since\nAnn;paused;03/04/2024\nBob;paused;04/05/2024\nCid;active;31/03/2024\n"


def test_words_that_a_field_does_not_know_and_what_dates_prove_are_shown() -> None:
    pipeline = PipelineClient()
    import_id = held(pipeline, WORDS, column_mapping={"customer_since": "Since"})

    name, status, since = source_of(pipeline, import_id)["columns"]

    assert (name["unknown_words"], name["dates"]) == ([], None)
    assert status["unknown_words"] == [{"field": "status", "word": "paused", "rows": 2}]
    assert since["dates"] == {"order": "day_first", "proof": "31/03/2024", "unclear": "03/04/2024"}
    pipeline.client.post(f"/v1/imports/{import_id}", {"value_mapping": {"status": {"paused": "inactive"}}})
    assert source_of(pipeline, import_id)["columns"][1]["unknown_words"] == []


def test_what_is_wrong_with_the_source_as_a_whole_is_shown() -> None:
    pipeline = PipelineClient()
    import_id = held(pipeline, b"\x89PNG\r\n\x1a\nnot a table")

    data = source_of(pipeline, import_id)

    assert data["fault"]["code"] == "unreadable_format"
    assert (data["format"], data["columns"], data["rows"]) == (None, [], [])


def test_the_keys_of_json_rows_are_its_columns() -> None:
    pipeline = PipelineClient()
    import_id = held(pipeline, b'[{"name": "Ann"}, {"email": "ann@example.com", "tags": ["a", "b"]}]')

    data = source_of(pipeline, import_id)

    assert (data["format"], data["header_row"]) == ("json", None)
    assert [one["header"] for one in data["columns"]] == ["name", "email", "tags"]
    assert data["rows"] == [["Ann", "", ""], ["", "ann@example.com", '["a","b"]']]


def test_lone_surrogates_do_no_harm() -> None:
    pipeline = PipelineClient()
    import_id = held(pipeline, b'[{"name": "\\ud800", "k\\udfff": 1}]')

    assert source_of(pipeline, import_id)["columns"][0]["field"] == "name"


def test_long_cells_are_cut_and_twenty_rows_are_shown() -> None:
    pipeline = PipelineClient()
    rows = b"".join(b"%d,%s\n" % (number, b"x" * 5000) for number in range(30))
    import_id = held(pipeline, b"name,notes\n" + rows)

    found = source_of(pipeline, import_id)["rows"]

    assert len(found) == 20
    assert found[3] == ["3", "x" * 199 + "…"]


def test_the_source_of_an_import_that_has_ended_is_looked_at_when_it_is_wanted() -> None:
    pipeline = PipelineClient()
    done = pipeline.upload(FILE, resource="customers", column_mapping={"name": "Kunde"})

    assert [one["field"] for one in source_of(pipeline, done["id"])["columns"]] == ["name", "email", None]


def test_a_source_that_is_not_kept_is_gone() -> None:
    pipeline = PipelineClient()
    done = pipeline.upload(FILE, resource="customers", column_mapping={"name": "Kunde"}, save_upload=False)

    response = pipeline.client.get(f"/v1/imports/{done['id']}/source")

    assert refusal(response) == (410, "source_gone", [])


def test_an_import_that_waits_for_its_file_or_runs_shows_none() -> None:
    pipeline = PipelineClient()
    pipeline.client.world.add_import(Status.PROCESSING, "imp_run", hold=True)
    pipeline.client.world.add_import(Status.REQUESTED, "imp_wait", hold=True)

    for import_id in ("imp_run", "imp_wait"):
        assert refusal(pipeline.client.get(f"/v1/imports/{import_id}/source"))[:2] == (409, "source_not_ready")


def test_the_source_of_another_tenant_is_not_found() -> None:
    pipeline = PipelineClient()

    assert refusal(pipeline.client.get("/v1/imports/imp_foreign/source"))[:2] == (404, "import_not_found")


def test_an_import_shows_what_fed_its_fields() -> None:
    pipeline = PipelineClient()
    import_id = held(pipeline, b"Kunde,email,Email,id_card,tenant_id\nAnn,ann@example.com,,1,2\n")
    pipeline.client.post(f"/v1/imports/{import_id}", {"column_mapping": {"name": "Kunde"}, "status": "queued"})

    assert pipeline.run_to_end(import_id)["columns"] == [
        {"header": "Kunde", "field": "name", "why": "mapping"},
        {"header": "email", "field": "email", "why": "name"},
        {"header": "Email", "field": None, "why": "duplicate"},
        {"header": "id_card", "field": None, "why": "unknown"},
        {"header": "tenant_id", "field": None, "why": "protected"},
    ]


def test_a_problem_names_the_header_under_which_it_stands() -> None:
    pipeline = PipelineClient()
    done = pipeline.upload(b"Kunde,Mail\n,wrong\n", resource="customers", column_mapping={"email": "Mail"})

    (row,) = pipeline.client.get(f"/v1/imports/{done['id']}/rows").json_body["data"]

    assert [(one["field"], one["header"]) for one in row["problems"]] == [("email", "Mail")]


def requested(pipeline: PipelineClient, **options: object) -> str:
    """An import whose file is on its way."""
    body = {"upload_mode": "async", "resource": "customers", "action": "merge", "hold": True} | options
    return str(pipeline.client.post("/v1/imports", body).json_body["data"]["id"])


def data_url(content: bytes) -> JSON:
    return {"data": f"data:text/csv;base64,{b64encode(content).decode()}"}


def test_the_beginning_of_a_file_that_is_on_its_way_shows_what_the_file_will_show() -> None:
    pipeline = PipelineClient()
    content = FILE + b"Ann;ann@example.com;\n" * 2_000
    import_id = requested(pipeline, column_mapping={"external_id": "Kunde"})

    response = pipeline.client.post(f"/v1/imports/{import_id}/source", data_url(content[:-9]))

    receive(pipeline, import_id, content)
    assert response.status_code == 200
    assert response.json_body["message"] == "Beginning of the source looked at."
    assert response.json_body["data"] == source_of(pipeline, import_id)
    assert response.json_body["data"]["columns"][0]["field"] == "external_id"


def test_options_that_are_stated_while_the_file_is_on_its_way_show_in_its_beginning() -> None:
    pipeline = PipelineClient()
    import_id = requested(pipeline)
    pipeline.client.post(f"/v1/imports/{import_id}", {"reading": {"delimiter": ","}})

    beginning = data_url(FILE + b"Ann;ann@example.com;\n" * 30)
    data = pipeline.client.post(f"/v1/imports/{import_id}/source", beginning).json_body["data"]

    assert [one["header"] for one in data["columns"]] == ["Kunde;E-Mail;Fax"]


def test_all_of_a_file_that_is_on_its_way_shows_what_it_is() -> None:
    pipeline = PipelineClient()
    import_id = requested(pipeline, size_bytes=len(FILE))

    data = pipeline.client.post(f"/v1/imports/{import_id}/source", data_url(FILE)).json_body["data"]

    assert len(data["rows"]) == 2


@pytest.mark.parametrize("limits", [Limits(), Limits(inline_read_cpu_s=0)], ids=["too little", "no time"])
def test_a_beginning_that_does_not_tell_is_refused(limits: Limits) -> None:
    pipeline = PipelineClient(limits)
    import_id = requested(pipeline, size_bytes=len(FILE) + (limits == Limits()))

    response = pipeline.client.post(f"/v1/imports/{import_id}/source", data_url(FILE))

    assert refusal(response) == (409, "source_not_ready", [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "validation_failed"),
        ({"data": [{"name": "Ann"}]}, "validation_failed"),
        ({"data": "name,email"}, "validation_failed"),
        ({"data": "data:text/csv;base64,!"}, "validation_failed"),
        (data_url(b"x" * 200), "payload_too_large"),
    ],
)
def test_a_beginning_is_a_data_url_of_so_many_bytes(body: JSON, code: str) -> None:
    pipeline = PipelineClient(Limits(inline_upload_bytes=100))
    import_id = requested(pipeline)

    assert refusal(pipeline.client.post(f"/v1/imports/{import_id}/source", body))[1] == code


def test_the_beginning_of_a_file_of_another_tenant_is_not_looked_at() -> None:
    pipeline = PipelineClient()

    response = pipeline.client.post("/v1/imports/imp_foreign/source", data_url(FILE))

    assert refusal(response)[:2] == (404, "import_not_found")
