"""The tree of the code keeps its shape: one thought a file, one meaning a name, a sentence at everything public."""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from local.paths import ROOT

SMALL_FILE_LINES = 60
FILE_LINES = 350
SHARE_OF_DOCUMENTED_FUNCTIONS = 0.9
SHARE_OF_MODULES_WITH_A_TEST = 0.9

SMALL_WITH_ONE_IMPORTER = {
    "api.dialects": "loaded for /openapi.json only",
    "api.http.cross_origin": "app.py holds functions and nothing else",
    "api.http.health": "one route that is no dialect's",
    "api.http.lazy_routes": "app.py holds functions and nothing else",
    "api.http.safe_headers": "app.py holds functions and nothing else",
    "api.packagex.account.routes": "every feature of PackageX has its routes there",
    "api.packagex.mapping_suggestions.routes": "every feature of PackageX has its routes there",
    "api.packagex.openapi": "loaded for /openapi.json only",
    "api.packagex.records.routes": "every feature of PackageX has its routes there",
    "api.packagex.records.schemas": "every feature of PackageX has its schemas there",
    "api.packagex.resources.routes": "every feature of PackageX has its routes there",
    "api.packagex.settings.routes": "every feature of PackageX has its routes there",
    "formats.json.repeated_keys": "a way of counting that its proof goes with",
    "imports.confirm": "each thing that is made of an import has a module of its name",
    "imports.guard_rails": "a decision, apart from the gate that carries it out",
    "imports.phases.cleanup": "each phase has a module of its name",
    "imports.tasks.drift": "what a preview told, apart from what its rows do now",
    "imports.tasks.outside_keys": "what other imports have left, apart from what a task's own rows have",
    "imports.phases.parsing": "each phase has a module of its name",
    "imports.templates": "makes files, which is no dialect's business",
    "maintenance": "stands above imports and exports",
    "schema.types.email_domains": "loaded for unusual addresses only",
    "stores.dynamodb.claim_conflicts": "a decision, apart from the writes that carry it out",
    "stores.dynamodb.cursors": "each store has a module of its name",
    "stores.dynamodb.import_sessions": "each store has a module of its name",
    "stores.event_bus": "one module for each service of AWS",
    "stores.interfaces.import_profiles": "each store has a module of its name",
    "stores.interfaces.import_sessions": "each store has a module of its name",
    "stores.interfaces.cursors": "each store has a module of its name",
    "stores.memory.cursors": "each store has a module of its name",
    "stores.memory.import_sessions": "each store has a module of its name",
    "webhooks.fair_share": "a decision, apart from the rounds that carry it out",
    "webhooks.signature": "receivers depend on every byte of it",
}
"""Modules that are small and imported once, each with the reason why it is no part of its importer."""

RETIRED_WORDS = (
    *("road", "travel", "journey", "verdict", "departure", "depart", "naming", "rulebook", "homeless", "sorted_out"),
    *("admission", "let_in", "pass_on", "owed", "voice", "spoken", "elsewhere", "shelf", "wire", "contest", "beside"),
    *("as_given", "tally", "span", "slice", "pile", "lot", "town", "mishap", "tapping", "settle", "sweep", "teams"),
    *("phased", "begin_turn", "kept_answer"),
)
"""Words that were ours and have a better one in the field; none may name anything, not even a test."""

RETIRED_NAMES = (
    *("said", "arrived", "shown", "told", "described", "declared", "flawed", "stray", "winner", "nobody", "wanted"),
    *("play", "actor", "crowd", "scene", "asked", "strays", "turn", "drop_row", "chosen"),
)
"""Words that are plain English in the sentence that a test's name is, and no name for a class, function or module."""


CLIENT = ROOT / "client" / "src" / "sluice"


def _modules() -> list[Path]:
    return sorted((ROOT / "chalicelib").rglob("*.py"))


def _documented_modules() -> list[Path]:
    """Those of the service and those of its client."""
    return [*_modules(), *sorted(CLIENT.rglob("*.py"))]


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
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _documented_modules()}

    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_every_module_says_what_it_is() -> None:
    texts = {_name(path): ast.get_docstring(_tree(path)) or "" for path in _documented_modules()}

    assert [name for name, text in texts.items() if not re.search(r"[.:|]", text)] == []


def test_every_public_class_says_what_it_is() -> None:
    classes = {
        name: node
        for path in _documented_modules()
        for name, node in _each_definition(path)
        if isinstance(node, ast.ClassDef)
    }

    assert [name for name, node in classes.items() if not ast.get_docstring(node)] == []


def test_public_functions_say_what_they_do() -> None:
    functions = [
        (name, node)
        for path in _documented_modules()
        for name, node in _each_definition(path)
        if isinstance(node, ast.FunctionDef)
    ]
    silent = [name for name, node in functions if not ast.get_docstring(node)]

    assert len(silent) <= (1 - SHARE_OF_DOCUMENTED_FUNCTIONS) * len(functions), silent


def test_the_client_knows_the_public_api_alone() -> None:
    imported = {
        name.partition(".")[0]
        for path in CLIENT.rglob("*.py")
        for node in ast.walk(_tree(path))
        for name in _imported(node)
    }

    needed, of_extras = {"anyio", "click", "httpx", "platformdirs", "rich", "sluice"}, {"mcp"}
    assert imported - set(sys.stdlib_module_names) == needed | of_extras


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_a_class_name_means_one_thing() -> None:
    places = defaultdict(list)
    for path in _modules():
        for node in _tree(path).body:
            if isinstance(node, ast.ClassDef):
                places[node.name.lstrip("_")].append(_name(path))

    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_a_small_module_has_more_than_one_reader() -> None:
    readers = _importers()
    small = {
        _name(path)
        for path in _modules()
        if path.name != "__init__.py"
        and len(path.read_text(encoding="utf-8").splitlines()) < SMALL_FILE_LINES
        and len(readers[_name(path)]) == 1
    }

    assert small == {f"chalicelib.{name}" for name in SMALL_WITH_ONE_IMPORTER}


def _importers() -> dict[str, set[str]]:
    """Returns the importers of each module: modules of the package, and `app`."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in [*_modules(), ROOT / "app.py"]:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module:
                found[node.module].add(_name(path))
                for alias in node.names:
                    found[f"{node.module}.{alias.name}"].add(_name(path))
    return found


def test_modules_have_tests_of_their_name() -> None:
    modules = [path for path in _documented_modules() if path.name != "__init__.py"]
    untested = [_name(path) for path in modules if not _is_tested(path)]

    assert len(untested) <= (1 - SHARE_OF_MODULES_WITH_A_TEST) * len(modules), untested


def _is_tested(path: Path) -> bool:
    """Returns whether a test bears the module's name at its place, or, for stores, tests the promise of that name."""
    if path.is_relative_to(CLIENT):
        return (ROOT / "tests" / "unit" / "client" / path.relative_to(CLIENT).with_name(f"test_{path.name}")).exists()
    place = path.relative_to(ROOT / "chalicelib").with_name(f"test_{path.name}")
    promise = ROOT / "tests" / "contract" / "stores" / place.name
    return (ROOT / "tests" / "unit" / place).exists() or (place.parts[0] == "stores" and promise.exists())


@pytest.mark.parametrize("folder", ["chalicelib", "client", "local", "bench", "statemachine", "tests"])
def test_no_name_is_a_word_that_the_field_does_not_know(folder: str) -> None:
    names = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / folder).rglob("*.py")
        for name in [path.stem, *_defined(path)]
        if _has(RETIRED_WORDS, name) or (not name.startswith("test_") and _has(RETIRED_NAMES, name))
    }

    assert names == set()


def _defined(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name


def _has(words: tuple[str, ...], name: str) -> bool:
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return re.search(rf"(^|_)({'|'.join(words)})(s|_|$)", snake) is not None


def test_decisions_are_numbered_one_after_the_other() -> None:
    files = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    titles = [path.read_text().partition(".")[0] for path in files]

    numbers = [int(path.name[:4]) for path in files]
    assert numbers == list(range(numbers[0], numbers[0] + len(files)))
    assert titles == [f"# {number}" for number in numbers]
