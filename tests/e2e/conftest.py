"""One stack for all end-to-end tests: the package as it is deployed, on an emulator of its own, its policies enforced.

Limits are lowered, so that small files are already imported in batches and upload windows end while other tests run.
Two or three processes test at once, file by file, each on a stack of its own (`make test`).
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from local.paths import SAMPLE
from local.stack import Stack, StackOptions, running_stack
from tests.e2e.browser import launch_chromium
from tests.e2e.console_page import Console
from tests.e2e.packagex_client import PackageXClient
from tests.e2e.stack_internals import StackInternals
from tests.e2e.tenants import Tenants

WISHES = StackOptions(
    limits={
        "batch_rows": 400,
        "small_source_bytes": 100_000,
        "split_bytes": 60_000,
        "result_section_batches": 2,
        "upload_window_s": 30,
        "inline_upload_bytes": 4_000_000,
        "tenant_imports": 2,
        "tenant_exports": 1,
        "export_lag_s": 1,
        "drop_settles_s": 1,
    },
    max_concurrency=2,
    record_shards=4,
    is_saved=False,
    enforce_iam=True,
)


PART_OF_SAMPLE = 700
"""Lines."""
WHOLE = StackOptions(record_shards=4, is_saved=False, enforce_iam=True)
"""A stack with the limits of production."""


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("stack"), WISHES) as running:
        yield running


@pytest.fixture(scope="session")
def part_of_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of the sample, in some rows of which is every kind of fault."""
    path = tmp_path_factory.mktemp("sample") / "customers.csv"
    with SAMPLE.open("rb") as sample:
        path.write_bytes(b"".join(islice(sample, PART_OF_SAMPLE)))
    return path


@pytest.fixture(scope="session")
def internals(stack: Stack) -> StackInternals:
    return StackInternals(stack)


@pytest.fixture(scope="session")
def tenants(internals: StackInternals) -> Tenants:
    return Tenants(internals)


@pytest.fixture
def client(tenants: Tenants) -> PackageXClient:
    """A client of a tenant that no other test uses."""
    return tenants.client()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def console(chromium: Browser, stack: Stack) -> Iterator[Console]:
    page = chromium.new_page(viewport={"width": 1280, "height": 860}, locale="en-US")
    yield Console(page, stack.base_url)
    page.close()
