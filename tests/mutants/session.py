"""A session of mutants: draws them, runs each, shows the progress, and ends with what survived.

    python -m tests.mutants --mutants 1500 --seed 1 [--of TEXT]

It stands in the copy of the tree that `tests.mutants` has made.
"""

import argparse
import ast
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from random import Random

from tests.mutants.collected import each_ending
from tests.mutants.mutations import each_mutation
from tests.mutants.own_tests import own_tests
from tests.mutants.trial import Ending, load_libraries

FOLDERS = ("chalicelib/imports", "chalicelib/stores/dynamodb", "chalicelib/schema")
SHARE_KILLED = 0.9


@dataclass(frozen=True, order=True)
class Mutant:
    """A mutation by its place, in an order by modules."""

    path: Path
    number: int
    line: int
    change: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.change}"


def main() -> int:
    """Returns 0 where enough mutants were killed."""
    options = _parse_options()
    mutants = [one for one in each_mutant() if options.of in str(one.path)]
    drawn = sorted(Random(options.seed).sample(mutants, min(options.mutants, len(mutants))))
    print(f"{len(drawn)} of {len(mutants)} mutants, seed {options.seed}", flush=True)
    load_libraries()
    endings: dict[Mutant, Ending] = {}
    for path, group in groupby(drawn, key=lambda one: one.path):
        _run_module(path, list(group), endings)
    return _report(endings, len(drawn))


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.mutants")
    parser.add_argument("--mutants", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--of", default="", help="of modules whose path contains this")
    return parser.parse_args()


def each_mutant() -> list[Mutant]:
    """Returns all mutants there are, module by module."""
    paths = sorted(path for folder in FOLDERS for path in Path(folder).rglob("*.py"))
    return [
        Mutant(path, number, one.line, f"{one.before} → {one.after}")
        for path in paths
        for number, one in enumerate(each_mutation(ast.parse(path.read_bytes())))
    ]


def _run_module(path: Path, mutants: list[Mutant], endings: dict[Mutant, Ending]) -> None:
    tests = own_tests(path)
    ended = each_ending(path, [one.number for one in mutants], tests)
    if next(ended) is not Ending.SURVIVED:
        print(f"left out: without a mutation, tests of {path} fail, too: {' '.join(tests)}", flush=True)
        return
    for mutant, ending in zip(mutants, ended, strict=True):
        endings[mutant] = ending
        print(f"[{len(endings):4}] {ending:9} {mutant}", flush=True)


def _report(endings: dict[Mutant, Ending], drawn: int) -> int:
    counts = Counter[str](endings.values())
    survivors = [mutant for mutant, ending in endings.items() if ending is Ending.SURVIVED]
    counts["left out"] = drawn - len(endings)
    share = 1 - len(survivors) / max(len(endings), 1)
    print("\nsurvived:", *survivors, sep="\n  ")
    print(f"\n{share:.1%} killed: {', '.join(f'{number} {ending}' for ending, number in counts.items())}")
    return 0 if share >= SHARE_KILLED and len(endings) == drawn else 1


if __name__ == "__main__":
    sys.exit(main())
