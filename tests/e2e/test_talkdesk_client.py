"""A public HAL client, unchanged, against the deployed Talkdesk API: it needs nothing but links and forms."""

import time

import pytest
from contentgrid_hal_client import Forbidden, HALFormsClient, InteractiveHALResponse, NotFound

from chalicelib.model.api_keys import KeyKind, Scope
from local.keys import TenantKey, add_key, new_key
from local.stack import Stack
from tests.e2e.packagex_client import put
from tests.public_talkdesk import USERS, connect, each_page, read, submit

pytestmark = pytest.mark.e2e

HEADER = "Full Name,Email,Ring Groups,Agent Activation,Internal Extension,External Phone\n"
WAIT_S = 60


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(scope="module")
def credentials(stack: Stack) -> TenantKey:
    client = new_key(KeyKind.TD_CLIENT)
    add_key(stack, client)
    return client


@pytest.fixture
def client(stack: Stack, credentials: TenantKey) -> HALFormsClient:
    return connect(stack.base_url, credentials.key_id, credentials.secret)


def ended(import_: InteractiveHALResponse) -> InteractiveHALResponse:
    deadline = time.monotonic() + WAIT_S
    while import_.data["status"] in ("QUEUED", "IN_PROGRESS"):
        assert time.monotonic() < deadline, import_
        time.sleep(0.3)
        import_.refetch()
    return import_


def posted(client: HALFormsClient, content: str) -> InteractiveHALResponse:
    query = {"type": "CREATE_USERS", "filename": "users.csv"}
    response = client.post(USERS, params=query, data=content.encode(), headers={"Content-Type": "text/csv"})
    assert response.status_code == 201, response.text
    return InteractiveHALResponse(data=response.json(), client=client)


def test_an_import_from_the_form_to_its_records(client: HALFormsClient) -> None:
    form = read(client, USERS).get_default_template()
    created = submit(client, form, type="CREATE_USERS", filename="users.csv")
    assert put(created.get_link("upload").uri, f"{HEADER}Ann,ann@example.com,,,,\nBob,bob@,,,,\n".encode()) == 200

    import_ = ended(created)
    records = client.follow_link(import_.get_link("records"), infer_type=InteractiveHALResponse)

    counts = [import_.data[f"{name}_records"] for name in ("total", "completed", "failed")]
    assert (import_.data["status"], counts) == ("COMPLETED_WITH_ERRORS", [2, 1, 1])
    assert import_.templates == {}
    found = [(one.data["status"], one.data["errors"]) for one in records.get_embedded_objects_by_key("records")]
    assert [status for status, _ in found] == ["COMPLETED", "FAILED"]
    assert [error["code"] for error in found[1][1]] == ["invalid_email"]


def test_pages_and_what_stands_in_them(client: HALFormsClient) -> None:
    created = [posted(client, HEADER).data["id"] for _ in range(3)]

    pages = list(each_page(read(client, f"{USERS}?per_page=2")))

    listed = [one for page in pages for one in page.get_embedded_objects_by_key("imports")]
    assert len(listed) == pages[0].data["total"]
    assert [one.data["id"] for one in listed[:3]] == created[::-1]
    assert client.follow_link(listed[0].get_self_link()).data["id"] == created[-1]
    assert client.follow_link(pages[0].get_self_link()).data["page"] == 1


def test_a_waiting_import_is_canceled_by_its_form(client: HALFormsClient) -> None:
    created = submit(client, read(client, USERS).get_default_template(), type="CREATE_USERS")
    form = created.get_default_template()

    canceled = submit(client, form)

    assert (canceled.data["status"], canceled.templates) == ("CANCELED", {})
    assert client.patch(form.target, json={"status": "CANCELED"}).status_code == 409


def test_a_template_for_the_file(client: HALFormsClient) -> None:
    query = {"type": "CREATE_USERS"}

    answer = client.get(f"{USERS}/template", params=query, headers={"Accept": "text/csv"})

    assert (answer.status_code, answer.text.splitlines()) == (200, HEADER.splitlines())


def test_what_is_not_there_and_what_is_not_allowed(stack: Stack, client: HALFormsClient) -> None:
    reader_key = new_key(KeyKind.TD_CLIENT)
    add_key(stack, reader_key, frozenset({Scope.IMPORTS_READ}))
    reader = connect(stack.base_url, reader_key.key_id, reader_key.secret)
    waiting = submit(client, read(client, USERS).get_default_template(), type="CREATE_USERS")

    with pytest.raises(NotFound, match="There is no import"):
        reader.follow_link(waiting.get_self_link())
    assert read(reader, USERS).templates == {}
    waiting.client = reader
    with pytest.raises(Forbidden, match="lacks the scope bulk-imports:write"):
        waiting.patch_data({"status": "CANCELED"})


def test_a_wrong_secret_gets_no_token(stack: Stack, credentials: TenantKey) -> None:
    with pytest.raises(Exception, match="Status code: 401"):
        read(connect(stack.base_url, credentials.key_id, "tds_wrong"), USERS)
