"""A module run once in a fresh process, which answers with one line of JSON on its standard output."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from local.paths import ROOT


class ChildFailed(Exception):
    """A module ended with an error: the message names it and its exit code; its output went to standard error."""


def ask(module: str, *arguments: object, python: str | Path = sys.executable) -> Any:
    command = [str(python), "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise ChildFailed(f"{module} ended with {done.returncode}")
    return json.loads(done.stdout.splitlines()[-1])
