"""docs/testing.md: the paths it names exist, and its examples are Python."""

import ast
import re

from local.paths import ROOT

PAGE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`((?:tests|chalicelib|local|bench)(?:/[\w.]+)*)`|(?<=[ (])((?:tests)/[\w./]+)")
EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_every_path_that_is_named_exists() -> None:
    paths = {one or other for one, other in NAMED.findall(PAGE)}

    assert len(paths) > 30
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_every_example_is_a_function_in_python() -> None:
    examples = EXAMPLE.findall(PAGE)

    assert len(examples) > 5
    assert all(isinstance(ast.parse(one).body[0], ast.FunctionDef) for one in examples)


def test_every_folder_of_tests_is_explained() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith("_")}

    assert {name for name in folders - {"samples"} if f"`tests/{name}" not in PAGE} == set()
