"""The deployed stack against its own document: whatever is asked, no answer is outside the document, and none a 5xx.

Requests are made of the document, sound ones and broken ones, always the same; `make fuzz` makes many more, and others.
They come from two tenants in turn: neither is ever shown what is the other's.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from local.stack import Stack
from tests.e2e.two_tenants import TwoTenants
from tests.fuzzing import UNKNOWABLE, fuzzed_document, operation_tag

pytestmark = pytest.mark.e2e

FUZZ = int(os.environ.get("FUZZ", "0"))
"""Random requests for each operation; 0 for the few of `make test`, which are the same every time."""

SCHEMA = fuzzed_document()


@pytest.fixture
def two_tenants(stack: Stack) -> TwoTenants:
    """With keys that no other operation has spent."""
    return TwoTenants(stack)


@SCHEMA.parametrize()  # type: ignore[untyped-decorator]
@settings(
    max_examples=FUZZ or 8,
    derandomize=not FUZZ,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_answer_is_outside_the_document(case: Any, two_tenants: TwoTenants) -> None:
    caller, other = two_tenants.for_case(case)

    answer = case.call_and_validate(
        base_url=two_tenants.base_url,
        headers=caller.headers(operation_tag(case)),
        excluded_checks=UNKNOWABLE,
        allow_redirects=False,
    )

    assert other.mark not in answer.text or other.mark in str(case.as_curl_command())
