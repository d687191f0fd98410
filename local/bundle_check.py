"""Proof that a bundle holds all it needs.

A function would find out on its first call that a wheel is missing. In goes a bundle's folder; IncompleteBundle comes
out, naming what is missing, or nothing.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

IMPORT_APP = """
import importlib.abc, importlib.machinery, sys
bundle, site = sys.argv[1:]
GIVEN = {"boto3", "botocore", "s3transfer", "urllib3", "dateutil", "six"}  # Lambda's runtime brings them

class Given(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in GIVEN:
            return importlib.machinery.PathFinder.find_spec(name, path or [site])

sys.path.insert(0, bundle)
sys.meta_path.append(Given())
import app
"""


class IncompleteBundle(Exception):
    """Raised with a message that says what is missing."""


def check_distributions(folder: Path, requirements: str) -> None:
    """Raises IncompleteBundle if a requirement is not in the folder with its metadata in the pinned version."""
    present = {_canonical(path.name.removesuffix(".dist-info")) for path in folder.glob("*.dist-info")}
    missing = sorted(set(_each_distribution(requirements)) - present)
    if missing:
        raise IncompleteBundle(f"not in the bundle: {', '.join(missing)}; are there wheels for its platform?")


def check_import(folder: Path, python: Path) -> None:
    """Raises IncompleteBundle unless the app imports with the bundle, the standard library and Lambda's runtime alone.

    The bundle must be for this interpreter, in whose environment the runtime's packages are. The environment variables
    are empty, as they are when packaging.
    """
    site = next(python.parent.parent.glob("lib/python*/site-packages"))
    command = [str(python), "-I", "-S", "-B", "-c", IMPORT_APP, str(folder), str(site)]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise IncompleteBundle(done.stderr)


def _each_distribution(requirements: str) -> Iterator[str]:
    for name, version in re.findall(r"^([\w.-]+)==([\w.+!]+)", requirements, re.MULTILINE):
        yield _canonical(f"{name}-{version}")


def _canonical(distribution: str) -> str:
    name, _, version = distribution.rpartition("-")
    return f"{re.sub(r'[-_.]+', '-', name).lower()}-{version}"
