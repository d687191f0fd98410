"""What a page of another origin does with the API and with signed URLs, in Chromium, policies and CORS rules enforced.

Where the emulator enforces no policies it answers every preflight with yes, and nothing here would show anything.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.model.api_keys import KeyKind
from local.keys import add_key, new_key
from local.stack import Stack
from tests.e2e.browser import CHROMIUM, Browser, page_of_another_origin
from tests.e2e.packagex_client import PackageXClient
from tests.e2e.stack_internals import StackInternals

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install chromium"),
]

Json = dict[str, Any]

IMPORT_A_FILE = """
async ([url, key]) => {
  const headers = {"PX-API-KEY": key, "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID()};
  const body = JSON.stringify({upload_mode: "async", resource: "customers", action: "merge"});
  const created = await ask(url + "/v1/imports", {method: "POST", headers, body});
  const made = JSON.parse(created.text).data;
  const uploaded = await ask(made._upload_url, {method: "PUT", body: "name,email\\nJane,jane@x.example\\nNo,wrong\\n"});
  let shown = made;
  for (let n = 0; n < 300 && !["completed", "failed"].includes(shown.status); n++) {
    await new Promise(resolve => setTimeout(resolve, 200));
    const path = "/v1/imports/" + made.id + "?include_errors_csv=true";
    shown = JSON.parse((await ask(url + path, {headers: {"PX-API-KEY": key}})).text).data;
  }
  return {created, uploaded, shown, errors: await ask(shown._errors_csv_url)};
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with page_of_another_origin() as browser:
        yield browser


def key_of(stack: Stack, kind: KeyKind) -> tuple[str, str]:
    """Returns a new tenant and the secret of its key."""
    key = new_key(kind)
    add_key(stack, key)
    return key.tenant_id, key.secret


def test_a_page_imports_a_file_and_reads_its_errors(browser: Browser, client: PackageXClient, stack: Stack) -> None:
    done = browser.run(IMPORT_A_FILE, [stack.base_url, client.key])

    assert (done["created"]["status"], done["uploaded"]["status"], done["errors"]["status"]) == (201, 200, 200)
    assert done["shown"]["status"] == "completed"
    assert (done["shown"]["stats"]["created"], done["shown"]["stats"]["failed"]) == (1, 1)
    assert "wrong" in done["errors"]["text"]
    assert done["uploaded"]["headers"]["etag"]
    assert done["errors"]["headers"]["etag"]


def test_a_page_reads_what_is_left_of_its_rate_limit(browser: Browser, client: PackageXClient, stack: Stack) -> None:
    answer = browser.ask(f"{stack.base_url}/v1/imports", headers={"PX-API-KEY": client.key})

    assert answer["status"] == 200
    assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-request-id"} <= answer[
        "headers"
    ].keys()


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT", "PATCH"])
def test_a_page_reads_why_it_is_refused(browser: Browser, stack: Stack, method: str) -> None:
    answer = browser.ask(f"{stack.base_url}/v1/imports", method=method, headers={"PX-API-KEY": "px_unknown"})

    assert answer["status"] == (401 if method in {"GET", "POST"} else 405)
    assert json.loads(answer["text"])["message"]


def test_a_page_uses_the_other_dialects(browser: Browser, stack: Stack) -> None:
    team, cstar = key_of(stack, KeyKind.SK_LIVE)
    _, kasar = key_of(stack, KeyKind.KSR_ADMIN)

    team_answer, contacts, users = (
        browser.ask(stack.base_url + path, headers={"Authorization": f"Bearer {secret}"})
        for path, secret in (
            (f"/api/v1/teams/{team}/import", cstar),
            ("/api/v1/export/contacts", kasar),
            ("/bulk-imports/users", "no-token"),
        )
    )

    assert (team_answer["status"], contacts["status"]) == (200, 200)
    assert contacts["headers"]["x-total-matching"] == "0"
    assert users["status"] in {401, 403}
    assert "x-ratelimit-policy" in contacts["headers"]


def test_a_page_does_with_a_signed_url_what_it_is_signed_for_and_nothing_else(
    browser: Browser, client: PackageXClient
) -> None:
    url = client.create(upload_mode="async", resource="customers")["_upload_url"]

    assert browser.ask(url, method="DELETE") == "TypeError"
    assert browser.ask(url, method="GET")["status"] == 403


def test_a_page_follows_an_answer_that_is_too_large_to_the_bucket(
    browser: Browser, stack: Stack, internals: StackInternals
) -> None:
    key = {"Authorization": f"Bearer {key_of(stack, KeyKind.KSR_ADMIN)[1]}"}
    records = [{"first_name": "Jane", "last_name": f"Doe {n}", "email": f"jane{n}@example.com"} for n in range(50)]
    body, json_type = json.dumps({"records": records}), {"Content-Type": "application/json"}
    imported = browser.ask(
        f"{stack.base_url}/api/v1/import/contacts", method="POST", headers=key | json_type, body=body
    )
    assert json.loads(imported["text"])["created"] == 50

    with internals.with_variable("APIHandler", "SLUICE_LIMITS", json.dumps({"response_bytes": 9_000})):
        exported = browser.ask(f"{stack.base_url}/api/v1/export/contacts?format=csv", headers=key)

    assert exported["status"] == 200
    assert exported["text"].count("@example.com") == 50
