"""`sluice webhooks listen` as a process: on the deployed stack it prints what happens and forwards it, signed; over
many events its memory stays the same.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from local.paths import ROOT
from sluice import Sluice, webhooks
from tests.e2e.packagex_client import PackageXClient
from tests.loopback_server import Connection, LoopbackServer
from tests.receivers import Receiver

pytestmark = pytest.mark.e2e

SECRET = "whsec_listening"
PAGE, FEW, MANY = 100, 2_000, 22_000
GROWTH_KB = 4_000
"""More than a page of events takes, and far less than a tenth of what all of them would."""


def listening(url: str, key: str, *options: str) -> "subprocess.Popen[str]":
    environment = os.environ | {
        "SLUICE_URL": url,
        "SLUICE_KEY": key,
        "SLUICE_WEBHOOK_SECRET": SECRET,
        "PYTHONPATH": str(ROOT / "client" / "src"),
        "PYTHONUNBUFFERED": "1",
    }
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a child ignores what its parent does, as behind nohup
    command = [sys.executable, "-m", "sluice.cli", "webhooks", "listen", "--json", *options]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def interrupted(process: "subprocess.Popen[str]") -> int:
    process.send_signal(signal.SIGINT)
    process.communicate()
    return process.returncode


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def test_what_happens_is_printed_and_forwarded(client: PackageXClient, receiver: Receiver) -> None:
    sluice = Sluice(client.base_url, client.key or "")
    before = sluice.imports.run([{"name": "Ann", "email": "ann@example.com"}], resource="contacts")
    first = next(iter(sluice.webhooks.events()))
    listener = listening(client.base_url, client.key or "", "--after", first.event_id, "--forward", receiver.url)
    assert listener.stdout is not None

    done = sluice.imports.run([{"name": "Bo", "email": "bo@example.com"}], resource="contacts")
    printed = json.loads(listener.stdout.readline())
    received = receiver.heard.get(timeout=60)

    assert interrupted(listener) == 130
    assert (first.id, printed["id"], printed["stats"]["created"]) == (before.id, done.id, 1)
    assert webhooks.verify(received.body, received.headers, secret=SECRET).raw == printed


class _Events(Connection):
    """Answers with as many events as there are, page by page, and then with none."""

    protocol_version = "HTTP/1.1"

    def respond(self) -> None:
        after = parse_qs(urlsplit(self.path).query)["after"][0]
        begin = int(after) if after.isdecimal() else 0
        events = [
            {"id": f"imp_{n}", "event_id": f"evt_{n}", "type": "import.completed", "stats": {"created": n}}
            for n in range(begin, min(begin + PAGE, MANY))
        ]
        self.answer_json({"data": events, "pagination": {"cursor": str(begin + len(events))}})


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer(_Events) as server:
        yield server


def memory_kb(process_id: int) -> int:
    lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def test_memory_does_not_grow_with_events(server: LoopbackServer) -> None:
    listener = listening(server.url, "px_any")
    assert listener.stdout is not None

    few = [json.loads(listener.stdout.readline())["id"] for _ in range(FEW)]
    early_kb = memory_kb(listener.pid)
    rest = [json.loads(listener.stdout.readline())["id"] for _ in range(MANY - FEW)]
    late_kb = memory_kb(listener.pid)

    assert interrupted(listener) == 130
    print(f"{FEW:,} events: {early_kb:,} kB; {MANY:,} events: {late_kb:,} kB")
    assert [*few, *rest] == [f"imp_{n}" for n in range(MANY)]
    assert late_kb - early_kb < GROWTH_KB
