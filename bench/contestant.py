"""One side of a race, in a process of its own: `python -m bench.contestant bench.peers.floor:prevalidate 50000`.

In comes a line for each round that is to be run; out goes a line of JSON for each. What is measured is a function that
takes the number of rows, prepares, and returns a `RunRound`: a function that does the work and returns how much it did.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module

from bench.measurements import Round
from bench.memory import peak_bytes

RunRound = Callable[[], int]
"""Runs one round, and returns how many rows, or whatever the contestant counts, were done."""


def main() -> None:
    """Runs a round for each line of standard input."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print must not be taken for an answer
    run_round = find_contestant(sys.argv[1], int(sys.argv[2]))
    print("ready", file=answers, flush=True)
    for _ in sys.stdin:
        print(json.dumps(asdict(measure(run_round))), file=answers, flush=True)


def find_contestant(name: str, rows: int) -> RunRound:
    """Prepares the contestant that `module:function` names."""
    module, _, function = name.partition(":")
    prepare: Callable[[int], RunRound] = getattr(import_module(module), function)
    return prepare(rows)


def measure(run_round: RunRound) -> Round:
    """Runs one round, and returns the time and the memory it took."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    done = run_round()
    return Round(done, time.process_time() - cpu, time.perf_counter() - wall, peak_bytes())


if __name__ == "__main__":
    main()
