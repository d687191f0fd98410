"""The embedded default, started twice, and a file of customers imported: `python -m bench.embedding ROWS`.

Answers with seconds on the clock: from the second start to the first answer, and from the request for an import until
it has ended. Runs in the environment of `make run`, not in the bench's own.
"""

import json
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.customers import customers_csv
from chalicelib.model.api_keys import KeyKind
from local.early_processes import start_early
from local.keys import demo_keys
from local.stack import Stack, StackOptions, running_stack
from sluice import Sluice

LOOK_EVERY_S = 0.2


def main() -> None:
    rows = int(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as folder:
        state = Path(folder) / "state"
        with running_stack(state, StackOptions()):
            pass
        since = time.monotonic()
        with running_stack(state, StackOptions()) as stack:
            start_early(stack.aws)  # as `make run` does
            answered_s = _answered_after(stack, since)
            imported_s = _imported_within(stack, state, rows)
    print(json.dumps({"answered_s": answered_s, "imported_s": imported_s}))


def _answered_after(stack: Stack, since: float) -> float:
    with urllib.request.urlopen(f"{stack.base_url}/v1/health") as answer:  # noqa: S310 -- on loopback
        answer.read()
    return time.monotonic() - since


def _imported_within(stack: Stack, state: Path, rows: int) -> float:
    """Raises SystemExit unless it completed."""
    file = state.parent / "customers.csv"
    file.write_bytes(customers_csv(rows))
    client = Sluice(stack.base_url, demo_keys(stack, state).secrets[KeyKind.PX])
    since = time.monotonic()
    begun = client.imports.start(file, resource="customer")
    while not (import_ := begun.refresh()).has_ended:
        time.sleep(LOOK_EVERY_S)
    if import_.status != "completed" or import_.stats.total != rows:
        raise SystemExit(f"the import ended as {import_.status}: {import_.stats}")
    return time.monotonic() - since


if __name__ == "__main__":
    main()
