"""One side's requests in a process of its own: `python -m bench.requests_of SIDE DIALECT ROWS ROUNDS`.

Answers with the seconds on the clock, and of CPU, of each request after the first. Where AWS answers, who asks and
where the tables lie, the environment says; `bench/requesting.py` sets it.
"""

import json
import os
import secrets
import sys
import time
from collections.abc import Callable
from typing import Any

import boto3
from chalice.test import Client, HTTPResponse

import app as functions
from bench.peers.plain_handler import plain_app

Ask = Callable[[int], HTTPResponse]
"""Imports so many new rows."""

AS_JSON = {"Content-Type": "application/json"}


def main() -> None:
    side, dialect, rows, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    ask = our_request(dialect) if side == "ours" else plain_request()
    measured = [timed(ask, rows) for _ in range(rounds + 1)]
    print(json.dumps(measured[1:]))


def timed(ask: Ask, rows: int) -> tuple[float, float]:
    """Returns seconds on the clock, and of CPU. Raises SystemExit unless the rows were taken."""
    began, used = time.perf_counter(), time.process_time()
    answered = ask(rows)
    taken = time.perf_counter() - began, time.process_time() - used
    if answered.status_code >= 300:
        raise SystemExit(f"a request was answered {answered.status_code}: {answered.body!r}")
    return taken


def our_request(dialect: str) -> Ask:
    client = Client(functions.app)
    path, headers, body_of = REQUESTS[dialect]()

    def ask(rows: int) -> HTTPResponse:
        content = json.dumps(body_of(people(rows))).encode()
        return client.http.post(path, headers={**AS_JSON, **headers}, body=content)

    return ask


def plain_request() -> Ask:
    client = Client(plain_app(boto3.resource("dynamodb", endpoint_url=os.environ["AWS_ENDPOINT_URL"])))

    def ask(rows: int) -> HTTPResponse:
        content = json.dumps({"id": secrets.token_hex(8), "records": people(rows)}).encode()
        return client.http.post("/import", headers=AS_JSON, body=content)

    return ask


def people(rows: int) -> list[dict[str, str]]:
    """Returns rows that nobody else has."""
    tag = secrets.token_hex(8)
    return [{"name": f"{tag} {n}", "email": f"{tag}{n}@example.com"} for n in range(rows)]


Request = tuple[str, dict[str, str], Callable[[list[dict[str, str]]], dict[str, Any]]]
"""Path, headers, and the body with rows."""


def _cstar() -> Request:
    path = f"/api/v1/teams/{os.environ['BENCH_TENANT']}/import"
    headers = {"Authorization": f"Bearer {os.environ['BENCH_SK_LIVE']}"}
    return path, headers, lambda rows: {"resource": "customers", "records": rows, "mergeStrategy": "skip"}


def _kasar() -> Request:
    headers = {"Authorization": f"Bearer {os.environ['BENCH_KSR_ADMIN']}"}
    return "/api/v1/import/contacts", headers, lambda rows: {"records": rows}


def _packagex() -> Request:
    wanted = {"upload_mode": "sync", "resource": "customers", "action": "merge"}
    return "/v1/imports", {"PX-API-KEY": os.environ["BENCH_PX"]}, lambda rows: {**wanted, "data": rows}


REQUESTS: dict[str, Callable[[], Request]] = {"cStar": _cstar, "Kasar": _kasar, "PackageX": _packagex}

if __name__ == "__main__":
    main()
