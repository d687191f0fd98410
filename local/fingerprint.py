"""What a package is made of, as one hash: equal hashes mean that packaging again would change nothing.

In goes the project's folder, a stage and the name of its runtime; out comes a hexadecimal digest over the names and
bytes of every file that ends up in a package or shapes it, over the runtime, whose version and platform decide which
wheels it holds, and over Chalice, a part of which it holds.
"""

import hashlib
import importlib.metadata
from collections.abc import Iterable, Iterator
from pathlib import Path

SOURCES = (
    "app.py",
    "chalicelib/**/*.py",
    "chalicelib/**/page.*",
    "chalicelib/console/**/*.*",
    "chalicelib/**/*.txt",
    "requirements.txt",
    ".chalice/*.json",
    "template.yaml",
)
WHEELS = ("requirements.txt", "local/bundle*.py", "local/wheels.py")
SHAPERS = (
    "bench/prices.py",
    "local/bundle*.py",
    "local/dashboard.py",
    "local/existing_stores.py",
    "local/fingerprint.py",
    "local/functions.py",
    "local/package.py",
    "local/policies.py",
    "local/template.py",
    "local/wheels.py",
    "statemachine/*.py",
)


def fingerprint(root: Path, stage: str, runtime: str) -> str:
    """Returns the digest of everything that a package of this stage is made of."""
    tools = f"{stage} {runtime} {importlib.metadata.version('chalice')}"
    return _digest(root, [*each_source(root), *_each_file(root, SHAPERS)], tools)


def wheels_fingerprint(root: Path, runtime: str) -> str:
    """Returns the digest of what decides on the part of the bundle that is not ours."""
    return _digest(root, _each_file(root, WHEELS), runtime)


def each_source(root: Path) -> Iterator[Path]:
    """Yields every file that Chalice needs to see."""
    return _each_file(root, SOURCES)


def _digest(root: Path, paths: Iterable[Path], tools: str) -> str:
    digest = hashlib.sha256(tools.encode())
    for path in paths:
        content = path.read_bytes()
        digest.update(f"\n{path.relative_to(root)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _each_file(root: Path, patterns: Iterable[str]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(root.glob(pattern))
