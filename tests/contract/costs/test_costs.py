"""No answer takes more requests to AWS than this: each costs its caller milliseconds, and its operator money."""

import json
import os
import subprocess
import sys

import pytest

from local.paths import ROOT

AT_MOST = {
    "cStar, the first import": 14,
    "cStar, 1 row": 12,
    "cStar, 1 row under a key": 14,
    "cStar, 500 rows": 57,
    "cStar, 500 rows again": 21,
    "Kasar, the first import": 24,
    "Kasar, 1 row": 10,
    "Kasar, 1 row of a company": 12,
    "Kasar, 50 rows": 17,
    "Kasar, 50 rows of a company": 19,
    "Kasar, 50 rows again": 12,
    "PackageX sync, 1 row": 12,
    "PackageX sync, 50 rows": 12,
    "a record by its e-mail": 4,
    "no record by its e-mail": 3,
    "records by name": 35,
    "a page of imports": 6,
    "a later page of imports": 6,
    "a page of failed imports": 6,
    "a later page of failed imports": 6,
    "a page of imports by everything": 6,
    "cStar's logs": 6,
    "Talkdesk's imports": 6,
}
"""By request. A figure that falls is lowered here in the same commit."""


Counts = dict[str, dict[str, int]]
"""By request, how often it called each operation of AWS."""


@pytest.fixture(scope="module")
def counts() -> Counts:
    """Counted once more where anything is above its limit: a machine that is slow sends requests again."""
    first = count_requests()
    if all(sum(calls.values()) <= AT_MOST[name] for name, calls in first.items() if name in AT_MOST):
        return first
    second = count_requests()
    return {name: min(first[name], second[name], key=lambda calls: sum(calls.values())) for name in first}


def count_requests() -> Counts:
    """In a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command = [sys.executable, "-m", "tests.contract.costs"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    counted: Counts = json.loads(done.stdout.splitlines()[-1])
    return counted


@pytest.mark.parametrize("request_", AT_MOST)
def test_a_request_takes_no_more_calls_than_it_may(request_: str, counts: Counts) -> None:
    calls = counts[request_]

    assert sum(calls.values()) <= AT_MOST[request_], calls


def test_every_request_that_is_counted_has_a_limit(counts: Counts) -> None:
    assert set(counts) == set(AT_MOST)
