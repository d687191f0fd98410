"""What a package is made of, as one hash: equal hashes mean that packaging again would change nothing.

In goes the project's folder and a stage; out comes a hexadecimal digest over the names and bytes of every file that
ends up in a package or shapes it, and over the interpreter, whose version and platform decide which wheels it holds.
"""

import hashlib
import platform
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

PATTERNS = (
    "app.py",
    "chalicelib/**/*.py",
    "requirements.txt",
    ".chalice/*.json",
    "template.yaml",
    "statemachine/*.json",
    "local/fingerprint.py",
    "local/bundle.py",
    "local/template.py",
    "local/package.py",
)


def fingerprint(root: Path, stage: str) -> str:
    return _digest(root, PATTERNS, stage)


def requirements_fingerprint(root: Path, stage: str) -> str:
    """Only what decides which wheels go into the package."""
    return _digest(root, ["requirements.txt", ".chalice/config.json"], stage)


def _digest(root: Path, patterns: Iterable[str], stage: str) -> str:
    digest = hashlib.sha256(f"{stage} {platform.python_version()} {sysconfig.get_platform()}".encode())
    for path in _each_file(root, patterns):
        content = path.read_bytes()
        digest.update(f"\n{path.relative_to(root)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _each_file(root: Path, patterns: Iterable[str]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(root.glob(pattern))
