"""Every refusal there is, read out of the source: the tables of all dialects must be complete."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "chalicelib"
DROPS = {"drop_names.py", "file_drops.py"}
"""File drops have no caller: what is refused there is told in the result beside the file."""
WEBHOOKS = {"webhooks", "webhooks.py"}
"""Only PackageX has routes for webhooks."""
DIALECTS = frozenset({"cstar", "kasar", "packagex", "talkdesk"})


def refusals_for(dialect: str) -> set[str]:
    """Those of the core and of the dialect; what another dialect refuses concerns nobody else."""
    others = DIALECTS - {dialect}
    apart = others | DROPS | (set() if dialect == "packagex" else WEBHOOKS)
    paths = (path for path in ROOT.rglob("*.py") if not apart & set(path.relative_to(ROOT).parts))
    return {code for path in paths for code in _each_code(path)}


def _each_code(path: Path) -> Iterator[str]:
    """The first argument of every Refused, NotFound and Conflict that is made anywhere."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Refused", "NotFound", "Conflict"}:
            code = node.args[0]
            assert isinstance(code, ast.Constant), f"{path}:{node.lineno}: a refusal's code is a literal"
            yield str(code.value)
