"""A file of any size is sent in the same memory: in parts and whole, by what blocks and by what awaits.

The service is one of the test's own, which takes requests for an import and swallows its file, for no emulator on a
small machine can hold what `make soak` sends: 5 GB. `make test` sends a twenty-fifth of that.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from urllib.parse import parse_qs, urlsplit

import pytest

from local.paths import ROOT
from tests.loopback_server import Connection, LoopbackServer

SIZE_BYTES = 5_000_000_000 if "SOAK" in os.environ else 200_000_000
PART_BYTES = 16_000_000
GROWTH_KB = 32_000
"""How much more memory the process may take for the upload: four parts on their way are chunks of 256 kB each."""

SENDER = """
import asyncio, sys, time
from sluice import AsyncSluice, Sluice


def peak_kb():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


async def send_async(**options):
    async with AsyncSluice(url, "px", **options) as sluice:
        await sluice.imports.start(path, resource="contacts")


way, url, path, parts_from_bytes = sys.argv[1:]
options = {"parts_from_bytes": int(parts_from_bytes)}
before, since = peak_kb(), time.monotonic()
if way == "blocks":
    Sluice(url, "px", **options).imports.start(path, resource="contacts")
else:
    asyncio.run(send_async(**options))
print(peak_kb() - before, peak_kb(), round(time.monotonic() - since, 1))
"""
"""Sends a file, and prints how many kB of memory that took, how many it has at most, and seconds."""


class SwallowingService(LoopbackServer):
    """Takes an import and its file, of which it keeps how many bytes each part had."""

    def __init__(self) -> None:
        super().__init__(_Connection)
        self.swallowed: dict[str, int] = {}
        self.is_in_parts = False
        self.lock = Lock()

    def import_with_parts(self, first: int = 1, last: int = 10) -> dict[str, object]:
        """Returns the import, with the parts of these numbers."""
        parts = [
            {
                "number": number,
                "url": f"{self.url}/part/{number}",
                "from": (number - 1) * PART_BYTES,
                "to": min(number * PART_BYTES, SIZE_BYTES),
            }
            for number in range(first, last + 1)
            if (number - 1) * PART_BYTES < SIZE_BYTES
        ]
        found = {"_upload_parts": parts} if self.is_in_parts else {"_upload_url": f"{self.url}/part/1"}
        return {"id": "imp_1", "status": "requested", **found}


class _Connection(Connection):
    server: SwallowingService
    protocol_version = "HTTP/1.1"

    def respond(self) -> None:
        {"GET": self._show, "POST": self._take, "PUT": self._swallow}[self.command]()

    def _swallow(self) -> None:
        left = size_bytes = int(self.headers["Content-Length"])
        while left:
            left -= len(self.rfile.read(min(left, 1 << 20)))
        with self.server.lock:
            self.server.swallowed[self.path] = self.server.swallowed.get(self.path, 0) + size_bytes
        self.answer_json({"data": {}})

    def _take(self) -> None:
        given = json.loads(self.read_body())
        if "resource" in given:
            self.server.is_in_parts = bool(given.get("parts"))
        self.answer_json({"data": self.server.import_with_parts()})

    def _show(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)["parts"][0].split("-")
        self.answer_json({"data": self.server.import_with_parts(int(asked[0]), int(asked[1]))})


@pytest.fixture
def service() -> Iterator[SwallowingService]:
    with SwallowingService() as service:
        yield service


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of nothing but zeros, which takes no room on the disk."""
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.truncate(SIZE_BYTES)
    return path


@pytest.mark.parametrize("way", ["blocks", "awaits"])
@pytest.mark.parametrize("parts_from_bytes", [1, SIZE_BYTES + 1], ids=["in parts", "whole"])
def test_the_memory_is_the_same_for_any_size(
    way: str, parts_from_bytes: int, service: SwallowingService, file: Path
) -> None:
    command = [sys.executable, "-c", SENDER, way, service.url, str(file), str(parts_from_bytes)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "client" / "src")}

    sent = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    growth_kb, peak_kb, seconds = sent.stdout.split()
    how = "in parts" if service.is_in_parts else "whole"
    print(f"{SIZE_BYTES:,} bytes {how}, by what {way}: {seconds} s, {int(peak_kb):,} kB, {int(growth_kb):,} kB more")
    assert service.is_in_parts is (parts_from_bytes == 1)
    assert sum(service.swallowed.values()) == SIZE_BYTES
    assert len(service.swallowed) == (-(-SIZE_BYTES // PART_BYTES) if service.is_in_parts else 1)
    assert int(growth_kb) < GROWTH_KB
