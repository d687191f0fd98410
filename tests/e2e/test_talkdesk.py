"""Talkdesk against the deployed stack, at the command line: a token, an import created in three ways, its records, a
cancel; and what other dialects and other tenants see of it.
"""

import hashlib
import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from chalicelib.model.api_keys import KeyKind
from local.keys import TenantKey, add_key, new_key
from local.stack import Stack
from tests.e2e.tenants import Tenants

pytestmark = pytest.mark.e2e

Json = dict[str, Any]

HEADER = "Full Name,Email,Ring Groups,Agent Activation,Internal Extension,External Phone\n"
UPDATE_HEADER = f"Current Email,{HEADER}"
WAIT_S = 60


class Curl:
    """A client at the command line."""

    def __init__(self, stack: Stack, client: TenantKey) -> None:
        self.root = stack.base_url
        self.client = client
        self.token = self.get_token()["access_token"]

    def get_token(self, scope: str = "bulk-imports:read bulk-imports:write") -> Json:
        credentials = f"{self.client.key_id}:{self.client.secret}"
        form = ("-d", "grant_type=client_credentials", "--data-urlencode", f"scope={scope}")
        status, body = self.run("/oauth/token", "-u", credentials, *form)
        assert status == 200, body
        token: Json = json.loads(body)
        return token

    def __call__(self, path: str, *options: str) -> tuple[int, Json]:
        status, body = self.run(path, "-H", f"Authorization: Bearer {self.token}", *options)
        return status, json.loads(body)

    def run(self, path: str, *options: str) -> tuple[int, str]:
        """Status and body."""
        url = path if path.startswith("http") else self.root + path
        command = ["curl", "-sS", "--noproxy", "*", url, *options, "-w", "\n%{http_code}"]
        shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        body, _, status = shown.rpartition("\n")
        return int(status), body

    def ended(self, import_: Json) -> Json:
        """The import when it has ended."""
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            shown = self(import_["_links"]["self"]["href"])[1]
            if shown["status"] not in ("QUEUED", "IN_PROGRESS"):
                return shown
            time.sleep(0.3)
        raise AssertionError(f"the import did not end: {shown}")

    def from_text(self, type_: str, content: str) -> Json:
        path = f"/bulk-imports/users?type={type_}&filename=users.csv"
        status, created = self(path, "-H", "Content-Type: text/csv", "--data-binary", content)
        assert status == 201, created
        return created


@pytest.fixture(scope="module")
def curl(stack: Stack) -> Curl:
    client = new_key(KeyKind.TD_CLIENT)
    add_key(stack, client)
    return Curl(stack, client)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ümläut.csv"
    path.write_text(f"{HEADER}Zoë Müller,zoe@example.com,,,,\n", encoding="utf-8")
    return path


def test_a_client_gets_a_token_for_its_credentials(curl: Curl) -> None:
    token = curl.get_token("bulk-imports:read")

    assert token.pop("access_token").startswith("tdt_")
    assert token == {"token_type": "Bearer", "expires_in": 3600, "scope": "bulk-imports:read"}


def test_nothing_opens_without_a_token(curl: Curl) -> None:
    none = curl.run("/bulk-imports/users")
    secret = curl.run("/bulk-imports/users", "-H", f"Authorization: Bearer {curl.client.secret}")

    assert (none[0], secret[0]) == (401, 403)
    assert json.loads(none[1])["code"] == "unauthorized"


def test_an_import_by_signed_url(curl: Curl) -> None:
    content = f"{HEADER}Ann Lee,ann@example.com,agent,true,4711,+15551234567\nBob,bob@,,,,\n"
    size, checksum = len(content), hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()
    said = {"byte_size": size, "checksum": checksum, "content_type": "text/csv"}
    body = {"type": "CREATE_USERS", "filename": "users.csv", "csv_metadata": said}

    status, created = curl("/bulk-imports/users", "-H", "Content-Type: application/json", "-d", json.dumps(body))
    put = curl.run(
        created["_links"]["upload"]["href"], "-X", "PUT", "-H", "Content-Type: text/csv", "--data-binary", content
    )
    ended = curl.ended(created)

    assert (status, put[0], created["status"]) == (201, 200, "QUEUED")
    assert (ended["status"], ended["total_records"]) == ("COMPLETED_WITH_ERRORS", 2)
    assert (ended["completed_records"], ended["failed_records"]) == (1, 1)
    assert "upload" not in ended["_links"]


def test_a_file_that_is_not_the_one_announced_fails(curl: Curl) -> None:
    said = {"byte_size": len(HEADER), "checksum": "0" * 32}
    body = {"type": "CREATE_USERS", "csv_metadata": said}

    _, created = curl("/bulk-imports/users", "-H", "Content-Type: application/json", "-d", json.dumps(body))
    curl.run(created["_links"]["upload"]["href"], "-X", "PUT", "-H", "Content-Type: text/csv", "--data-binary", HEADER)

    ended = curl.ended(created)
    assert (ended["status"], ended["reason"][:16]) == ("FAILED", "checksum_differs")


def test_an_import_by_form(curl: Curl, file: Path) -> None:
    status, created = curl("/bulk-imports/users", "-F", "type=CREATE_USERS", "-F", f"file=@{file};type=text/csv")
    ended = curl.ended(created)
    _, records = curl(created["_links"]["records"]["href"])

    assert (status, created["filename"], ended["status"]) == (201, "ümläut.csv", "COMPLETED")
    record = records["_embedded"]["records"][0]
    assert record["user_id"].startswith("usr_")
    assert record["data"]["Full Name"] == "Zoë Müller"


def test_an_import_by_text_and_its_records(curl: Curl) -> None:
    created = curl.from_text("CREATE_USERS", f"{HEADER}Cy,cy@example.com,,,,\nCy,cy@example.com,,,,\nDee,dee,,,,\n")
    ended = curl.ended(created)
    _, failed = curl(f"{created['_links']['records']['href']}?status=FAILED&per_page=1")

    assert (ended["completed_records"], ended["failed_records"]) == (1, 2)
    assert (failed["count"], failed["total"]) == (1, 2)
    assert failed["_links"]["next"]["href"].endswith("/records?status=FAILED&per_page=1&page=2")
    assert [one["code"] for one in failed["_embedded"]["records"][0]["errors"]] == ["duplicate_in_source"]


def test_a_user_is_found_by_the_address_it_has_and_gets_another(curl: Curl) -> None:
    curl.ended(curl.from_text("CREATE_USERS", f"{HEADER}Eva,eva@example.com,,,,\n"))

    row = "eva@example.com,,eva.lang@example.com,,,,"
    updated = curl.ended(curl.from_text("UPDATE_USERS", f"{UPDATE_HEADER}{row}\n"))
    by_old = curl.ended(curl.from_text("DELETE_USERS", "Current Email\neva@example.com\n"))
    by_new = curl.ended(curl.from_text("DELETE_USERS", "Current Email\neva.lang@example.com\n"))

    assert (updated["completed_records"], by_old["failed_records"], by_new["completed_records"]) == (1, 1, 1)


def test_a_queued_import_is_canceled_once(curl: Curl) -> None:
    body = ("-H", "Content-Type: application/json", "-d")
    _, created = curl("/bulk-imports/users", *body, '{"type": "CREATE_USERS"}')
    link = created["_links"]["self"]["href"]

    status, canceled = curl(link, "-X", "PATCH", *body, '{"status": "CANCELED"}')
    again = curl(link, "-X", "PUT", *body, '{"status": "CANCELED"}')

    assert (status, canceled["status"], canceled["canceled_by"]) == (200, "CANCELED", curl.client.key_id)
    assert canceled["canceled_at"].endswith("Z")
    assert (again[0], again[1]["code"]) == (409, "conflict")


def test_links_lead_where_they_say(curl: Curl) -> None:
    curl.from_text("CREATE_USERS", HEADER)
    curl.from_text("CREATE_USERS", HEADER)

    _, first = curl("/bulk-imports/users?per_page=1")
    _, second = curl(first["_links"]["next"]["href"])

    assert second["page"] == 2
    assert second["_links"]["prev"]["href"].endswith("/bulk-imports/users?per_page=1&page=1")
    assert second["_embedded"]["imports"][0]["id"] != first["_embedded"]["imports"][0]["id"]


def test_an_import_made_here_is_seen_in_packagex_and_the_other_way_round(curl: Curl, tenants: Tenants) -> None:
    packagex = tenants.client(curl.client.tenant_id)
    here = curl.from_text("CREATE_USERS", f"{HEADER}Flo,flo@example.com,,,,\n")
    data = [{"full_name": "Gus", "email": "gus@example.com"}]
    there = packagex.create(upload_mode="sync", resource="user", action="merge", data=data)

    listed_there = packagex.request("GET", "/v1/imports?resource=users&limit=100").data
    listed_here = curl("/bulk-imports/users?per_page=100")[1]["_embedded"]["imports"]

    assert here["id"] in [one["id"] for one in listed_there]
    assert ("UPDATE_USERS", there["id"]) in [(one["type"], one["id"]) for one in listed_here]


def test_another_tenant_sees_nothing(stack: Stack, curl: Curl) -> None:
    ours = curl.from_text("CREATE_USERS", f"{HEADER}Hal,hal@example.com,,,,\n")
    client = new_key(KeyKind.TD_CLIENT)
    add_key(stack, client)
    stranger = Curl(stack, client)

    links = ours["_links"]
    shown, records = (stranger(links[name]["href"]) for name in ("self", "records"))
    listed = stranger("/bulk-imports/users")

    assert (shown[0], records[0]) == (404, 404)
    assert (listed[0], listed[1]["total"]) == (200, 0)


def test_a_wrong_secret_gets_no_token(stack: Stack, curl: Curl) -> None:
    refused = curl.run("/oauth/token", "-u", f"{curl.client.key_id}:wrong", "-d", "grant_type=client_credentials")

    assert (refused[0], json.loads(refused[1])["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("path", ["/bulk-imports", "/bulk-imports/calls", "/oauth/authorize"])
def test_unknown_paths_are_answered_in_its_own_shape(curl: Curl, path: str) -> None:
    status, body = curl.run(path)

    assert (status, set(json.loads(body))) == (404, {"code", "message", "fields"})
