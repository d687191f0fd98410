"""A public HAL client, unchanged, over HTTP: it reads, creates, follows and cancels by links and forms alone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contentgrid_hal_client import Forbidden, HALFormsClient, InteractiveHALResponse, MissingHALTemplate, NotFound

from chalicelib.model.api_keys import KeyKind, Scope
from tests.contract.talkdesk.clients import CREATE, TalkdeskClient, import_body
from tests.http_server import serve
from tests.public_talkdesk import USERS, connect, each_page, read, submit

ADA = f"{CREATE}Ada,ada@example.com,,,,\nBob,bob@,,,,\n"
CREATION = {
    "default": {
        "method": "POST",
        "contentType": "application/json",
        "target": USERS,
        "properties": [
            {
                "name": "type",
                "required": True,
                "options": {"inline": ["CREATE_USERS", "UPDATE_USERS", "DELETE_USERS"]},
            },
            {"name": "filename"},
        ],
    }
}


def cancellation(import_id: str) -> dict[str, object]:
    status = {"name": "status", "required": True, "readOnly": True, "value": "CANCELED"}
    form = {"method": "PATCH", "contentType": "application/json", "target": f"{USERS}/{import_id}"}
    return {"default": {**form, "properties": [status]}}


def links(import_id: str) -> dict[str, object]:
    path = f"{USERS}/{import_id}"
    return {"self": {"href": path}, "records": {"href": f"{path}/records"}}


@pytest.fixture
def ours() -> TalkdeskClient:
    return TalkdeskClient()


@pytest.fixture
def base_url(ours: TalkdeskClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "*")
    with serve(ours.world) as url:
        yield url


@pytest.fixture
def client(ours: TalkdeskClient, base_url: str) -> HALFormsClient:
    return connect(base_url, ours.client_id, ours.secret)


def test_it_gets_a_token_and_reads_the_list_with_its_form(ours: TalkdeskClient, client: HALFormsClient) -> None:
    import_id = ours.started(CREATE)

    listed = read(client, USERS)

    assert listed.data == {
        "count": 1,
        "total": 1,
        "page": 1,
        "per_page": 20,
        "_embedded": {"imports": [import_body(ours, import_id, _links=links(import_id))]},
        "_links": {
            "self": {"href": USERS},
            "first": {"href": f"{USERS}?page=1"},
            "last": {"href": f"{USERS}?page=1"},
        },
        "_templates": CREATION,
    }


def test_the_list_by_next_and_prev(ours: TalkdeskClient, client: HALFormsClient) -> None:
    ids = sorted((ours.started(CREATE) for _ in range(5)), reverse=True)

    pages = list(each_page(read(client, f"{USERS}?per_page=2")))
    back = list(each_page(pages[-1], "prev"))

    found = [[one.data["id"] for one in page.get_embedded_objects_by_key("imports")] for page in pages]
    assert found == [ids[:2], ids[2:4], ids[4:]]
    assert [page.data["page"] for page in back] == [3, 2, 1]


def test_an_import_of_the_list_leads_to_itself_and_to_its_records(ours: TalkdeskClient, client: HALFormsClient) -> None:
    ours.ran(ADA)

    (import_,) = read(client, USERS).get_embedded_objects_by_key("imports", infer_type=InteractiveHALResponse)
    import_.refetch()
    records = client.follow_link(import_.get_link("records"), params={"status": "FAILED"})

    assert (import_.data["status"], import_.data["_templates"]) == ("COMPLETED_WITH_ERRORS", {})
    assert (import_.data["total_records"], import_.data["completed_records"], import_.data["failed_records"]) == (
        2,
        1,
        1,
    )
    assert records.data["_templates"] == {}
    assert [one.data["row_number"] for one in records.get_embedded_objects_by_key("records")] == [2]


def test_an_import_is_created_by_the_form_and_followed(ours: TalkdeskClient, client: HALFormsClient) -> None:
    form = read(client, USERS).get_default_template()

    created = submit(client, form, type="CREATE_USERS", filename="users.csv")
    upload = created.get_link("upload")
    before = dict(created.data)
    ours.upload(created.data["id"], ADA.encode())
    ours.run_to_end(created.data["id"])
    created.refetch()

    import_id = created.data["id"]
    assert upload is not None
    assert before == {
        **import_body(ours, import_id, _links={**links(import_id), "upload": {"href": upload.uri}}),
        "upload_expires_at": "2023-11-14T23:13:20Z",
        "_templates": cancellation(import_id),
    }
    assert (created.data["status"], created.has_link("upload")) == ("COMPLETED_WITH_ERRORS", False)


def test_an_import_is_canceled_by_its_form_which_is_gone_then(client: HALFormsClient) -> None:
    created = submit(client, read(client, USERS).get_default_template(), type="CREATE_USERS")

    canceled = submit(client, created.get_default_template())

    assert (canceled.data["status"], canceled.data["_templates"]) == ("CANCELED", {})
    with pytest.raises(MissingHALTemplate):
        canceled.get_default_template()


def test_a_caller_gets_no_form_that_it_may_not_send(ours: TalkdeskClient, base_url: str) -> None:
    ours.world.key("tds_r", kind=KeyKind.TD_CLIENT, key_id="key_r", scopes=frozenset({Scope.IMPORTS_READ}))
    reader = connect(base_url, "key_r", "tds_r")
    import_id = ours.started(CREATE)

    listed, import_ = read(reader, USERS), read(reader, f"{USERS}/{import_id}")

    assert (listed.data["_templates"], import_.data["_templates"]) == ({}, {})
    with pytest.raises(Forbidden, match="lacks the scope bulk-imports:write"):
        import_.patch_data({"status": "CANCELED"})


def test_an_unknown_import_is_not_found(client: HALFormsClient) -> None:
    link = InteractiveHALResponse({"_links": links("imp_unknown")}, client).get_link("self")

    with pytest.raises(NotFound, match="There is no import 'imp_unknown'"):
        client.follow_link(link)


def test_a_token_that_has_expired_is_replaced(ours: TalkdeskClient, client: HALFormsClient) -> None:
    read(client, USERS)
    ours.world.now += 3600

    assert read(client, USERS).data["total"] == 0


def test_a_wrong_secret_gets_no_token(ours: TalkdeskClient, base_url: str) -> None:
    with pytest.raises(Exception, match="Status code: 401"):
        read(connect(base_url, ours.client_id, "tds_wrong"), USERS)


def test_the_document_shows_how_to_use_it(ours: TalkdeskClient, base_url: str) -> None:
    page = (Path(__file__).parents[3] / "docs" / "talkdesk.md").read_text(encoding="utf-8")
    (printed,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {"CLIENT_ID": ours.client_id, "CLIENT_SECRET": ours.secret}

    exec(printed.replace("http://127.0.0.1:8080", base_url), names)  # noqa: S102 -- our own page

    assert (names["created"]["type"], names["created"]["status"]) == ("CREATE_USERS", "QUEUED")
