"""Asks the API for what costs most, and prints as JSON how many requests to AWS each answer took, by operation.

    python -m tests.contract.costs

A process of its own, as a Lambda function is one: what it has found out about a tenant, no other request has.
"""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from chalice.test import Client

import app as functions
from chalicelib.model.api_keys import ApiKey, KeyKind, Scope, digest_of
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.imports import Status
from tests.contract.costs.http_calls import HttpCalls
from tests.contract.policies.stack import CLIENT_ID, CLIENT_SECRET, KEY, Stack, running_stack
from tests.world import OURS, an_import

KEYS = {"sk_live_cost": KeyKind.SK_LIVE, "ksr_cost": KeyKind.KSR_ADMIN}
LISTED = 510
"""Imports of one hour, so many that the hours of their day are looked at."""

Row = Mapping[str, str]
Headers = Mapping[str, str]


class CountedRequests:
    """Requests of every dialect, each with the calls that its answer took."""

    def __init__(self, stack: Stack, calls: HttpCalls) -> None:
        self._calls = calls
        self._client = Client(functions.app)
        self.counts: dict[str, dict[str, int]] = {}
        for secret, kind in KEYS.items():
            key = ApiKey(
                digest=digest_of(secret), tenant_id=OURS, scopes=frozenset(Scope), key_id=f"key_{kind}", kind=kind
            )
            stack.stores.keys.add(key)

    def cstar(self, name: str, rows: Sequence[Row], **headers: str) -> None:
        """Imports customers, of which those that are there stay as they are."""
        body = {"resource": "customers", "records": rows, "mergeStrategy": "skip"}
        headers = {"Authorization": "Bearer sk_live_cost", **headers}
        self._ask(name, "POST", f"/api/v1/teams/{OURS}/import", body, headers)

    def kasar(self, name: str, rows: Sequence[Row]) -> None:
        """Imports contacts."""
        self._ask(name, "POST", "/api/v1/import/contacts", {"records": rows}, {"Authorization": "Bearer ksr_cost"})

    def packagex(self, name: str, rows: Sequence[Row]) -> None:
        """Begins an import, which a state machine goes on with."""
        body = {"upload_mode": "sync", "resource": "customers", "action": "merge", "data": rows}
        self._ask(name, "POST", "/v1/imports", body)

    def get(self, name: str, path: str, **headers: str) -> dict[str, Any]:
        """Reads something, through PackageX unless another key is given, and returns the whole answer."""
        return self._ask(name, "GET", path, headers=headers)

    def get_token(self) -> str:
        """Returns a token of Talkdesk's; what it takes is not counted."""
        form = f"grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}"
        sent = {"Content-Type": "application/x-www-form-urlencoded"}
        token: str = self._client.http.post("/oauth/token", headers=sent, body=form.encode()).json_body["access_token"]
        return token

    def _ask(
        self, name: str, method: str, path: str, body: object = None, headers: Headers | None = None
    ) -> dict[str, Any]:
        sent = {"PX-API-KEY": KEY, "Content-Type": "application/json", **(headers or {})}
        with self._calls.during("api_handler"):
            answer = self._client.http.request(method, path, sent, orjson.dumps(body) if body is not None else b"")
        assert answer.status_code < 300, answer.body
        self.counts[name] = self._calls.take_counts()
        told: dict[str, Any] = answer.json_body
        return told


def people(rows: int, tag: str) -> list[Row]:
    """Returns rows that nobody else has."""
    return [{"name": f"{tag} {n}", "email": f"{tag}{n}@example.com"} for n in range(rows)]


def colleagues(rows: int, tag: str) -> list[Row]:
    """Returns rows as Kasar's documents have them, all of one company."""
    return [{**row, "company_name": "Acme Corp"} for row in people(rows, tag)]


def import_rows(requests: CountedRequests) -> None:
    """The first import of a tenant fixes what holds for all others; it is counted apart."""
    requests.cstar("cStar, the first import", people(1, "first"))
    requests.cstar("cStar, 1 row", people(1, "one"))
    requests.cstar("cStar, 1 row under a key", people(1, "keyed"), **{"Idempotency-Key": "one"})
    requests.cstar("cStar, 500 rows", people(500, "many"))
    requests.cstar("cStar, 500 rows again", people(500, "many"))
    requests.kasar("Kasar, the first import", colleagues(1, "kfirst"))
    requests.kasar("Kasar, 1 row", people(1, "kone"))
    requests.kasar("Kasar, 1 row of a company", colleagues(1, "kcompany"))
    requests.kasar("Kasar, 50 rows", people(50, "kmany"))
    requests.kasar("Kasar, 50 rows of a company", colleagues(50, "kcompanies"))
    requests.kasar("Kasar, 50 rows again", people(50, "kmany"))
    requests.packagex("PackageX sync, 1 row", people(1, "pone"))
    requests.packagex("PackageX sync, 50 rows", people(50, "pmany"))


def look_up(requests: CountedRequests) -> None:
    """Records by what makes each one the only one, and by what does not."""
    found = requests.get("a record by its e-mail", "/v1/records/customers?email=many499@example.com")
    assert [one["name"] for one in found["data"]] == ["many 499"]
    none = requests.get("no record by its e-mail", "/v1/records/customers?email=nobody@example.com")
    assert none["data"] == []
    assert not none["pagination"]["has_more"]
    requests.get("records by name", "/v1/records/customers?name=many 499")


def list_imports(requests: CountedRequests, stack: Stack) -> None:
    """Pages of imports of every resource, of fifty kinds, with and without a filter, in every dialect."""
    begin = int(time.time()) // 3600 * 3600 - 3600
    statuses = (*[Status.COMPLETED] * 5, Status.PROCESSING, Status.CANCELED, Status.FAILED)
    for number in range(LISTED):
        status, resource = statuses[number % len(statuses)], list(RESOURCES)[number % len(RESOURCES)]
        given = {"resource": resource, "is_preview": number % 110 == 0, "created_at": begin + number}
        stack.stores.imports.add(an_import(status, f"imp_listed{number}", **given))
    requests.get("a page of imports", "/v1/imports")
    requests.get("a later page of imports", "/v1/imports?page=20")
    requests.get("a page of failed imports", "/v1/imports?status=failed")
    requests.get("a later page of failed imports", "/v1/imports?status=failed&page=4")
    wanted = "resource=contacts&status=completed&upload_mode=async&action=merge"
    requests.get("a page of imports by everything", f"/v1/imports?{wanted}")
    requests.get("cStar's logs", f"/api/v1/teams/{OURS}/import", Authorization="Bearer sk_live_cost")
    requests.get("Talkdesk's imports", "/bulk-imports/users", Authorization=f"Bearer {requests.get_token()}")


def main() -> None:
    """Prints the counts as one line of JSON, the last."""
    calls = HttpCalls()
    with running_stack(calls) as stack:
        requests = CountedRequests(stack, calls)
        import_rows(requests)
        look_up(requests)
        list_imports(requests, stack)
        print(json.dumps(requests.counts))


if __name__ == "__main__":
    main()
