"""The first request of a stranger: a file is imported through the public address, exported, and compared.

Comes in: the API's address and the key of a tenant that exists for this alone. Goes out: nothing, if all of it came
back; what was created is deleted again.
"""

import csv
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from sluice import Sluice

RESOURCE = "contacts"
ROWS = {
    "smoke.one@sluice.example": "Smoke One",
    "smoke.two@sluice.example": "Smoke Two",
    "smoke.three@sluice.example": "Smoke Three",
}
"""What is imported: names by their e-mail addresses, of a top-level domain that is reserved (RFC 2606)."""
REACHED_S = 120.0
"""How long a new address may take to answer."""
ENDED_S = 300.0


class SmokeTestFailed(Exception):
    """Raised if something did not come back; the message says what."""


def run_smoke_test(url: str, key: str, tell: Callable[[str], None] = lambda _line: None) -> None:
    """Waits for the address to answer, imports, exports, compares, and deletes what it has created. Raises
    SmokeTestFailed, and SluiceError where the API refuses.
    """
    wait_for_answer(f"{url}/v1/health", REACHED_S)
    with Sluice(url, key) as client, tempfile.TemporaryDirectory(prefix="sluice-smoke-") as name:
        source, exported = Path(name) / "contacts.csv", Path(name) / "exported.csv"
        _write(source)
        stats = client.imports.run(source, resource=RESOURCE, timeout_s=ENDED_S).stats
        if stats.failed or stats.created + stats.updated + stats.unchanged != len(ROWS):
            raise SmokeTestFailed(f"Of {len(ROWS)} rows not all were imported: {stats}.")
        tell(f"imported {len(ROWS)} {RESOURCE} from a file")
        export = client.exports.run(RESOURCE, timeout_s=ENDED_S, format="csv")
        export.download(exported, format="csv")
        if missing := ROWS.keys() - _emails(exported):
            raise SmokeTestFailed(f"The export lacks {', '.join(sorted(missing))}.")
        tell("exported them into a file, and found all of them in it")
        client.imports.run(source, resource=RESOURCE, timeout_s=ENDED_S, action="delete")
        tell("deleted them")


def wait_for_answer(url: str, within_s: float) -> None:
    """Waits until the address answers with a success. Raises SmokeTestFailed with the last answer where it does not."""
    deadline, answer = time.monotonic() + within_s, "nothing"
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=30):
                return
        except (urllib.error.URLError, OSError) as error:
            answer = str(error)
        time.sleep(1)
    raise SmokeTestFailed(f"{url} does not answer: {answer}.")


def _write(path: Path) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("email", "name"), *ROWS.items()])


def _emails(path: Path) -> set[str]:
    with path.open(newline="") as file:
        return {row["email"] for row in csv.DictReader(file)}
