"""Requests of every dialect over the embedded stack's tables and bucket, beside a plain handler's over a table of the
same emulator: `python -m bench.requesting ROUNDS`.

Answers with the seconds of each request, by side, dialect and rows. Runs in the environment of `make run`, not in the
bench's own.
"""

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench.children import ask
from bench.peers.plain_handler import TABLE
from chalicelib.model.api_keys import KeyKind
from local.emulator import KEY, REGION
from local.keys import demo_keys
from local.stack import Stack, StackOptions, running_stack

REQUESTED = {"Kasar": (1, 50), "cStar": (1, 50, 500), "PackageX": (1, 50, 500)}
"""Rows by dialect; Kasar takes 50. PackageX is the last, for its machine works on after its answer, beside whoever
comes next."""
NOT_COUNTED = ("Kasar", 1)
"""Goes before all others once: right behind the start of the stack whoever comes first is slow."""
LARGE, SHARE_OF_LARGE = 500, 5
"""A plain handler takes seconds for 500 rows: a fifth of the rounds shows as much."""
SIDES = ("ours", "plain")
IN_TURN = 10
"""Requests of one side, before it is the other's turn."""
RATE_LIMITS = ("cstar_secret_key_requests", "kasar_key_requests", "packagex_key_requests")
"""What must not end a benchmark."""


def main() -> None:
    rounds = int(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as folder:
        state = Path(folder) / "state"
        with running_stack(state, StackOptions()) as stack:
            os.environ |= _environment(stack, state)
            _create_plain_table(stack)
            _compared(*NOT_COUNTED, rounds)
            found = [_compared(dialect, rows, rounds) for dialect, each in REQUESTED.items() for rows in each]
    print(json.dumps(found))


def _compared(dialect: str, rows: int, rounds: int) -> dict[str, object]:
    """The two sides take turns, for the machine does other things, too."""
    print(f"         requests: {dialect}, {rows} rows", file=sys.stderr, flush=True)
    if rows >= LARGE:
        rounds = max(2, rounds // SHARE_OF_LARGE)
    taken: dict[str, list[object]] = {side: [] for side in SIDES}
    for begun in range(0, rounds, IN_TURN):
        for side in SIDES:
            taken[side] += ask("bench.requests_of", side, dialect, rows, min(IN_TURN, rounds - begun))
    return {"dialect": dialect, "rows": rows, **taken}


def _environment(stack: Stack, state: Path) -> Mapping[str, str]:
    """What the API function has, and what its callers know."""
    functions = stack.aws.client("lambda").list_functions()["Functions"]
    (handler,) = [one for one in functions if "APIHandler" in one["FunctionName"]]
    keys = demo_keys(stack, state)
    return {
        **handler["Environment"]["Variables"],
        "SLUICE_LIMITS": json.dumps(dict.fromkeys(RATE_LIMITS, 1_000_000)),
        "AWS_ENDPOINT_URL": stack.aws.url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_DEFAULT_REGION": REGION,
        "BENCH_TENANT": keys.tenant_id,
        **{f"BENCH_{kind.upper()}": keys.secrets[kind] for kind in (KeyKind.PX, KeyKind.SK_LIVE, KeyKind.KSR_ADMIN)},
    }


def _create_plain_table(stack: Stack) -> None:
    stack.aws.dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": one, "AttributeType": "S"} for one in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )


if __name__ == "__main__":
    main()
