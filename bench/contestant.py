"""One side of a race, in a process of its own: `python -m bench.contestant bench.peers.floor:prevalidate 50000`.

In goes, line by line, the wish for one more round; out comes a line of JSON for each. What is to be measured is a
function that takes the number of rows, prepares, and returns the round: a function that says how many it has done.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module

from bench.measured import Round
from bench.memory import peak_bytes

Play = Callable[[], int]
"""One round: does the work, and says how many were done."""


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever libraries print is no answer
    play = find_play(sys.argv[1], int(sys.argv[2]))
    print("ready", file=answers, flush=True)
    for _ in sys.stdin:
        print(json.dumps(asdict(measure(play))), file=answers, flush=True)


def find_play(place: str, rows: int) -> Play:
    module, _, name = place.partition(":")
    prepare: Callable[[int], Play] = getattr(import_module(module), name)
    return prepare(rows)


def measure(play: Play) -> Round:
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    done = play()
    return Round(done, time.process_time() - cpu, time.perf_counter() - wall, peak_bytes())


if __name__ == "__main__":
    main()
