"""cStar's own curl lines against the deployed stack, with only host, team and key changed; and the life of a key."""

import json
import subprocess
import time
from typing import Any

import pytest

from chalicelib.access.api_keys import KeyIssuer
from chalicelib.model.api_keys import KeyKind
from local.administration.command import read_arguments
from local.administration.keys import new_secret, performed
from local.key_tables import OUTPUT, keys_at
from local.keys import TenantKey, add_key, new_key
from local.stack import Stack

pytestmark = pytest.mark.e2e

Json = dict[str, Any]
JSON_TYPE = ("-H", "Content-Type: application/json")


class Curl:
    """A team at the command line."""

    def __init__(self, stack: Stack, key: TenantKey) -> None:
        self.root = f"{stack.base_url}/api/v1/teams/{key.tenant_id}"
        self.key = key

    def __call__(self, method: str, path: str, *options: str) -> tuple[int, str]:
        """Status and body."""
        command = ["curl", "-sS", "--noproxy", "*", "-X", method, f"{self.root}{path}", *options]
        command += ["-H", f"Authorization: Bearer {self.key.secret}", "-w", "\n%{http_code}"]
        shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        body, _, status = shown.rpartition("\n")
        return int(status), body

    def post(self, path: str, body: str) -> tuple[int, Json]:
        status, answer = self("POST", path, *JSON_TYPE, "-d", body)
        return status, json.loads(answer)


@pytest.fixture(scope="module")
def curl(stack: Stack) -> Curl:
    key = new_key(KeyKind.SK_LIVE)
    add_key(stack, key)
    return Curl(stack, key)


def test_the_import_example(curl: Curl) -> None:
    body = '{"resource":"customers","records":[{"name":"Jane","email":"jane@example.com"}],"mergeStrategy":"skip"}'

    first, again = (curl.post("/import", body) for _ in range(2))

    result = {"object": "import_result", "resource": "customers", "total": 1, "updated": 0, "errors": []}
    assert first == (200, {"success": True, "data": result | {"created": 1, "skipped": 0}})
    assert again == (200, {"success": True, "data": result | {"created": 0, "skipped": 1}})


def test_the_logs_example(curl: Curl) -> None:
    curl.post("/import", '{"resource":"articles","records":[{"title":"How"}]}')

    status, answer = curl("GET", "/import")

    log = json.loads(answer)["data"][0]
    assert status == 200
    assert log.pop("id").startswith("imp_")
    assert log.pop("createdAt").endswith("Z")
    assert log == {"resource": "articles", "status": "completed", "totalRecords": 1, "created": 1}


def test_the_export_example(curl: Curl) -> None:
    records = '[{"id":"tkt_a","title":"Sample","status":"closed"},{"id":"tkt_b","title":"Open","status":"open"}]'
    curl.post("/import", f'{{"resource":"tickets","records":{records}}}')

    status, csv = curl(
        "POST",
        "/export",
        *JSON_TYPE,
        "-d",
        '{"resources":[{"type":"tickets","filters":{"status":"closed"}}],"format":"csv"}',
    )

    lines = csv.splitlines()
    assert status == 200
    assert lines[0].startswith("id,externalId,title,status,")
    assert [line[:26] for line in lines[1:]] == ["tkt_a,,Sample,closed,norma"]


def test_500_records_are_taken_at_once(curl: Curl) -> None:
    records = [{"name": f"N{number}", "email": f"n{number}@example.com"} for number in range(500)]

    status, answer = curl.post("/import", json.dumps({"resource": "customers", "records": records}))

    assert (status, answer["data"]["created"], answer["data"]["errors"]) == (200, 500, [])


def test_another_team_s_key_is_refused(stack: Stack, curl: Curl) -> None:
    stranger = new_key(KeyKind.SK_LIVE)
    add_key(stack, stranger)

    status, answer = Curl(stack, TenantKey(curl.key.tenant_id, stranger.secret)).post("/import", "{}")

    assert (status, answer["error"]["code"]) == (403, "insufficient_permissions")


def test_a_test_key_sees_data_of_its_own(stack: Stack, curl: Curl) -> None:
    test_key = TenantKey(curl.key.tenant_id, f"sk_test_{new_secret()}", KeyKind.SK_TEST)
    add_key(stack, test_key)

    status, answer = Curl(stack, test_key)("GET", "/import")

    assert (status, json.loads(answer)["data"]) == (200, [])


def test_a_key_opens_from_its_creation_to_its_revocation(stack: Stack, curl: Curl) -> None:
    tables = keys_at(stack.aws.url, stack.outputs[OUTPUT])
    issuer = KeyIssuer(keys=tables.keys, now=int(time.time()), new_secret=new_secret)

    def command(*words: str) -> list[str]:
        return performed(
            read_arguments(["keys", words[0], "--tenant", curl.key.tenant_id, *words[1:]]), issuer, tables.usage
        )

    key_id, secret = command("create", "--kind", "sk_live", "--name", "e2e")[0].split()
    made = Curl(stack, TenantKey(curl.key.tenant_id, secret))
    before = made("GET", "/import")[0]
    listed = command("list")
    command("revoke", key_id)
    after, answer = made("GET", "/import")

    assert (before, after) == (200, 401)
    assert [line.split()[0] for line in listed if line.endswith("e2e") and "last used" in line] == [key_id]
    assert json.loads(answer)["error"]["code"] == "authentication_required"
