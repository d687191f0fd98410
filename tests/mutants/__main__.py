"""`make mutants`: copies the tree as it is, uncommitted changes included, and lets the mutants run there.

The copy has its modules to itself: whoever works on the tree meanwhile neither changes the outcome nor is disturbed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from local.paths import ROOT


def main() -> int:
    """Returns 0 where enough mutants were killed."""
    with TemporaryDirectory(prefix="mutants-") as folder:
        _copy_tree(Path(folder))
        command = [sys.executable, "-m", "tests.mutants.session", *sys.argv[1:]]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


def _copy_tree(target: Path) -> None:
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0"):
        source, copied = ROOT / name, target / name
        if name and source.is_file():
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copied)


if __name__ == "__main__":
    sys.exit(main())
