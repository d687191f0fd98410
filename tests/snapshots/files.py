"""The table of snapshots: what each is made by, and the file that keeps it."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from local.paths import ROOT
from tests.snapshots.document import document
from tests.snapshots.graphs import graphs
from tests.snapshots.routes import routes
from tests.snapshots.stack import stack, stage_difference

WIDTH = 120

FOLDER = ROOT / "tests" / "contract" / "snapshots"

SNAPSHOTS: Mapping[str, Callable[[], object]] = {
    "document": document,
    "graphs": graphs,
    "routes": routes,
    "stack-prod": lambda: stack("prod"),
    "stack-dev": lambda: stage_difference("prod", "dev"),
    "stack-local": lambda: stage_difference("prod", "local"),
}


def made(name: str) -> str:
    """Returns the text of the file as the code makes it now."""
    return _written(SNAPSHOTS[name]()) + "\n"


def path_of(name: str) -> Path:
    """Returns the path of the file that keeps a snapshot."""
    return FOLDER / f"{name}.json"


def _written(value: object, indent: str = "") -> str:
    """Writes sorted JSON; a value that fits on one line has one line, which halves a long document."""
    short = json.dumps(value, sort_keys=True, ensure_ascii=False)
    if len(indent) + len(short) <= WIDTH or not isinstance(value, dict | list) or not value:
        return short
    deeper = f"{indent} "
    if isinstance(value, list):
        parts, (first, last) = [_written(one, deeper) for one in value], "[]"
    else:
        parts = [f"{json.dumps(name)}: {_written(one, deeper)}" for name, one in sorted(value.items())]
        first, last = "{}"
    lines = f",\n{deeper}".join(parts)
    return f"{first}\n{deeper}{lines}\n{indent}{last}"
