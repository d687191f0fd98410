"""Kasar's own curl lines against the deployed stack, with only host and key changed."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from chalicelib.model.api_keys import KINDS, KeyKind, Scope
from local.keys import add_key, new_key
from local.stack import Stack

pytestmark = pytest.mark.e2e

Json = dict[str, Any]

ALICE = {"first_name": "Alice", "last_name": "Martin", "email": "alice@example.com"}
BOB = {"first_name": "Bob", "last_name": "Dupont", "email": "bob@startup.io"}


class Curl:
    """A new tenant's admin at the command line."""

    def __init__(self, stack: Stack, scopes: frozenset[Scope] | None = None) -> None:
        key = new_key(KeyKind.KSR_ADMIN)
        add_key(stack, key, scopes)
        self.base_url = stack.base_url
        self._authorization = f"Authorization: Bearer {key.secret}"

    def __call__(self, path: str, *options: str) -> str:
        command = ["curl", "-sS", "--noproxy", "*", *options, self.base_url + path, "-H", self._authorization]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def load(self, *records: Json) -> Json:
        body = json.dumps({"records": records})
        options = ("-X", "POST", "-H", "Content-Type: application/json", "--data-binary", "@-")
        command = ["curl", "-sS", "--noproxy", "*", *options, f"{self.base_url}/api/v1/import/contacts"]
        answer = subprocess.run(
            [*command, "-H", self._authorization], input=body, check=True, capture_output=True, text=True
        )
        result: Json = json.loads(answer.stdout)
        return result


@pytest.fixture(scope="module")
def curl(stack: Stack) -> Curl:
    curl = Curl(stack)
    curl.load(BOB | {"status": "lead"})
    return curl


def test_the_import_example(curl: Curl) -> None:
    result = curl.load(
        ALICE | {"status": "qualified", "company_name": "Acme Corp"}, BOB, {"name": "X", "email": "wrong"}
    )

    assert result == {
        "object_name": "contacts",
        "created": 1,
        "duplicates": 1,
        "failed": 1,
        "errors": [{"index": 2, "code": "VALIDATION_ERROR", "message": "Field 'email' must be a valid email address"}],
    }


def test_the_json_example(curl: Curl) -> None:
    answer = curl("/api/v1/export/contacts?format=json&fields=first_name,last_name,email&limit=500", "-X", "GET")

    assert json.loads(answer) == {"format": "json", "records": [ALICE, BOB], "total": 2}


def test_the_csv_example(curl: Curl, tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"

    headers = curl(
        "/api/v1/export/contacts?format=csv&fields=first_name,last_name,email", "-X", "GET", "-o", str(file), "-D", "-"
    )

    assert file.read_bytes() == (
        b"first_name,last_name,email\r\nAlice,Martin,alice@example.com\r\nBob,Dupont,bob@startup.io\r\n"
    )
    assert "content-type: text/csv\n" in headers.lower().replace("\r", "")
    assert 'content-disposition: attachment; filename="contacts_export.csv"' in headers.lower()


@pytest.mark.parametrize(
    "options",
    [
        ("filter_field=status", "filter_operator=eq", "filter_value=qualified", "sort_by=last_name", "sort_dir=asc"),
        (
            'filters={"operator":"and","conditions":[{"field":"status","operator":"eq","value":"qualified"},'
            '{"field":"created_at","operator":"gte","value":"2025-01-01"}]}',
        ),
    ],
    ids=["simple", "group"],
)
def test_the_filter_examples(curl: Curl, options: tuple[str, ...]) -> None:
    encoded = [word for one in ("format=json", *options) for word in ("--data-urlencode", one)]

    answer = json.loads(curl("/api/v1/export/contacts", "-G", *encoded))

    assert [one["first_name"] for one in answer["records"]] == ["Alice"]


def test_an_answer_that_does_not_fit_is_fetched_by_following_the_link(stack: Stack) -> None:
    curl = Curl(stack)
    for half in range(2):
        curl.load(*({"name": f"Person {half} {number}", "notes": "x" * 80_000} for number in range(45)))

    answer = curl("/api/v1/export/contacts?fields=notes", "-L", "-D", "-")

    assert "303" in answer.partition("\n")[0]
    assert json.loads(answer[answer.rindex('{"format"') :])["total"] == 90


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/export/spaceships", 400, "INVALID_OBJECT"),
        ("/api/v1/export/contacts?sort_dir=up", 400, "VALIDATION_ERROR"),
        ("/api/v1/records/contacts", 404, "NOT_FOUND"),
        ("/api/v1/export/contacts/1/2", 404, "NOT_FOUND"),
        ("/api/v1/import/contacts", 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_refusals_have_the_documents_look(curl: Curl, path: str, status: int, code: str) -> None:
    answer = curl(path, "-w", "\n%{http_code}")

    body, _, given = answer.rpartition("\n")
    assert (int(given), json.loads(body)["error"]["code"]) == (status, code)


def test_who_is_no_admin_is_refused(stack: Stack) -> None:
    answer = Curl(stack, KINDS[KeyKind.KSR_ADMIN].scopes - {Scope.ADMIN})("/api/v1/export/contacts")

    assert json.loads(answer) == {
        "error": {"code": "PERMISSION_DENIED", "message": "Token does not belong to an admin user"}
    }
