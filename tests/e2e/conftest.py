"""One stack for all end-to-end tests: the package as it is deployed, on an emulator of its own, its policies enforced.

Limits are lowered, so that small files already travel in batches and upload windows end while a test waits.
"""

from collections.abc import Iterator

import pytest

from local.stack import Stack, Wishes, running_stack

LIMITS = {"batch_rows": 500, "small_source_bytes": 100_000, "span_bytes": 60_000, "upload_window_s": 5}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("stack"), Wishes(limits=LIMITS, enforce_iam=True)) as running:
        yield running
