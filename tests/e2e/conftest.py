"""One stack for all end-to-end tests: the package as it is deployed, on an emulator of its own, its policies enforced.

Limits are lowered, so that small files already travel in batches and upload windows end while other tests run.
"""

from collections.abc import Iterator

import pytest

from local.stack import Stack, Wishes, running_stack
from tests.e2e.phased_client import PhasedClient
from tests.e2e.tenants import Tenants

LIMITS = {"batch_rows": 500, "small_source_bytes": 100_000, "upload_window_s": 20}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("stack"), Wishes(limits=LIMITS, enforce_iam=True)) as running:
        yield running


@pytest.fixture(scope="session")
def tenants(stack: Stack) -> Tenants:
    return Tenants(stack)


@pytest.fixture
def client(tenants: Tenants) -> PhasedClient:
    """A tenant that nobody else has met."""
    return tenants.client()
