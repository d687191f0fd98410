"""Sends hostile sources through synchronous imports in a process of its own, which ends where one takes too much.

`python -m tests.requests_apart MEGABYTES SECONDS NAME…` prints a line for each name of `hostile_sources`: what became
of it and its seconds of processor time, and at last the peak of the resident memory. Stores are in memory.
"""

import resource
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

from chalicelib.errors import Refused
from chalicelib.imports.create import InlineSource, import_now, inline_source, run_import
from chalicelib.imports.request import ImportRequest
from chalicelib.model.imports import Action
from tests.hostile_sources import RECORDS, SOURCES
from tests.reading_apart import UNCOUNTED_MB, peak_mb
from tests.real_pipeline import connect_pipeline
from tests.world import World


@dataclass(frozen=True)
class RequestsApart:
    outcomes: dict[str, str]
    """The code of a refusal, or the status of the import, by the name of the source."""
    seconds: dict[str, float]
    """Of processor time."""
    peak_mb: int
    errors: str = ""


def request_apart(names: list[str], *, most_mb: int, most_s: int) -> RequestsApart:
    """Imports sources one after the other; `most_s` are the seconds of processor time that each may take."""
    command = [sys.executable, "-m", "tests.requests_apart", str(most_mb), str(most_s), *names]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60 + 10 * most_s * len(names), check=False)
    lines = [line.split() for line in done.stdout.splitlines()]
    peak = int(lines.pop()[0]) if len(lines) > len(names) else sys.maxsize
    outcomes = {name: outcome for name, outcome, _ in lines}
    return RequestsApart(outcomes, {name: float(taken) for name, _, taken in lines}, peak, done.stderr[-2_000:])


def _outcome_of(name: str, content: bytes) -> str:
    world = World()
    connect_pipeline(world)
    action = Action.OVERWRITE if "overwrite" in name else Action.MERGE
    wanted = ImportRequest(dialect="packagex", resource="contacts", action=action)
    inline = InlineSource(content=content)
    try:
        if name in RECORDS:
            return run_import(world.context, world.caller(), wanted, inline).import_.status
        return import_now(world.context, world.caller(), wanted, inline).status
    except Refused as refusal:
        return refusal.code


def main(most_mb: int, most_s: int, names: list[str]) -> None:
    addresses = (most_mb + UNCOUNTED_MB) << 20
    for name in names:
        content = inline_source(RECORDS[name]()).content if name in RECORDS else SOURCES[name]()
        resource.setrlimit(resource.RLIMIT_AS, (addresses, resource.RLIM_INFINITY))
        signal.setitimer(signal.ITIMER_PROF, most_s)  # its signal ends the process
        began = time.process_time()
        outcome = _outcome_of(name, content)
        taken = time.process_time() - began
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print(name, outcome, f"{taken:.2f}", flush=True)
    print(peak_mb())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
