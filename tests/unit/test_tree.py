"""The tree of the code keeps its shape: one thought a file, one meaning a name, a sentence at everything public."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from local.paths import ROOT

FILE_LINES = 350


SHARE_OF_DOCUMENTED_FUNCTIONS = 0.9


def _modules() -> list[Path]:
    return sorted((ROOT / "chalicelib").rglob("*.py"))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _each_definition(path: Path) -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef]]:
    """Yields every public class, function and method of a module with its name."""
    for node in _tree(path).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield f"{_name(path)}.{node.name}", node
            if isinstance(node, ast.ClassDef):
                methods = (one for one in node.body if isinstance(one, ast.FunctionDef))
                yield from ((f"{_name(path)}.{node.name}.{m.name}", m) for m in methods if not m.name.startswith("_"))


def test_no_file_is_longer_than_a_person_reads() -> None:
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _modules()}

    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_every_module_says_what_it_is() -> None:
    texts = {_name(path): ast.get_docstring(_tree(path)) or "" for path in _modules()}

    assert [name for name, text in texts.items() if not re.search(r"[.:|]", text)] == []


def test_public_functions_say_what_they_do() -> None:
    functions = [
        (name, node)
        for path in _modules()
        for name, node in _each_definition(path)
        if isinstance(node, ast.FunctionDef)
    ]
    silent = [name for name, node in functions if not ast.get_docstring(node)]

    assert len(silent) <= (1 - SHARE_OF_DOCUMENTED_FUNCTIONS) * len(functions), silent
