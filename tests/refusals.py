"""Every refusal the code can make, read out of the source: tables of dialects are compared with it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "chalicelib"
DROPS = {"dropped.py", "dropped_files.py"}
"""File drops have no caller: what is refused there is told in the result beside the file."""


def each_refusal_in_the_source() -> Iterator[str]:
    """The first argument of every Refused, NotFound and Conflict that is made anywhere."""
    for path in (path for path in ROOT.rglob("*.py") if path.name not in DROPS):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Refused", "NotFound", "Conflict"}:
                code = node.args[0]
                assert isinstance(code, ast.Constant), f"{path}:{node.lineno}: a refusal's code is a literal"
                yield str(code.value)
