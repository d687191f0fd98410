"""An export whose emulator is killed while its shards are read: the next start goes on with it, and it has each record
once.
"""

import csv
import io
import os
import signal
from pathlib import Path

import pytest

from local.emulator import Listener
from local.keys import demo_key
from local.restore import find_restorable
from local.stack import LOCAL_RECORD_SHARDS, Stack, StackOptions, running_stack
from local.state_layout import StateLayout
from tests.e2e.killed_runs import functions_of, saved_running, wait_until
from tests.e2e.packagex_client import FINAL, PackageXClient, fetch
from tests.e2e.sources import customers_csv
from tests.e2e.test_exports import wait_for

pytestmark = pytest.mark.e2e

ROWS = 3000


def client_of(stack: Stack, state: Path) -> PackageXClient:
    key = demo_key(stack, state)
    return PackageXClient(stack.base_url, key.secret, key.tenant_id)


def shards_read(objects: Path, export_id: str) -> int:
    """Returns the number of shard files of the export among these objects."""
    return len([path for path in objects.glob(f"*/*/work/*/{export_id}/*/*") if path.is_file()])


def saved_shards(layout: StateLayout, export_id: str) -> int:
    """Returns how many had been read by an export that was running when the newest snapshot was taken."""
    newest = find_restorable(layout).snapshot
    return shards_read(newest.objects, export_id) if newest and export_id in saved_running(layout) else 0


def stop_in_the_middle(layout: StateLayout, export_id: str) -> None:
    """Lets the functions stand still when some shards have been read, until that is saved; then kills the emulator."""
    emulator = int(layout.emulator_lock.read_text())
    wait_until(lambda: shards_read(layout.objects, export_id), "a shard that is read")
    for function in functions_of(emulator):
        os.kill(function, signal.SIGSTOP)
    wait_until(lambda: saved_shards(layout, export_id), "a saved export")
    assert saved_shards(layout, export_id) < LOCAL_RECORD_SHARDS
    os.kill(emulator, signal.SIGKILL)


def test_an_export_that_was_running_goes_on_and_has_each_record_once(tmp_path: Path) -> None:
    state, layout = tmp_path / "state", StateLayout(tmp_path / "state")
    deaths: list[str] = []
    options = StackOptions(max_concurrency=1, listener=Listener(died=deaths.append))
    with running_stack(state, options) as stack:
        client = client_of(stack, state)
        assert client.run(customers_csv(1, ROWS))["stats"]["created"] == ROWS
        export_id = client.post("/v1/exports", {"resource": "customers", "format": "csv"}).data["id"]
        stop_in_the_middle(layout, export_id)
        wait_until(lambda: deaths, "news of the death")

    with running_stack(state, StackOptions()) as stack:
        assert export_id in stack.restored.in_words()
        client = client_of(stack, state)
        export = wait_for(client, export_id, lambda shown: shown["status"] in FINAL, include_csv="true")
        assert export["status"] == "completed"
        rows = list(csv.DictReader(io.StringIO(fetch(export["_csv_url"]).decode())))
        assert len({row["email"] for row in rows}) == len(rows) == ROWS
