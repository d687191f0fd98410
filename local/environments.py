"""Makes one of the project's environments: in go its folder and a lock file, out comes what the lock names, no more.

    python3 -m local.environments .venv requirements-dev.txt

Standard library alone, run by the Python that the environment shall have. `.stamp` is written when it is whole, so that
one that was interrupted is made again (docs/adr/0021-running-takes-less-than-testing.md).
"""

import sys
import time
import venv
from pathlib import Path

from local.installer import NotInstalled, Place, find_installer, tell
from local.paths import ROOT
from local.waiting import waiting

PURPOSES = {
    ".venv": "for tests and checks",
    ".venv-run": "for running",
    ".emulator": "for the emulator and its functions",
    ".bench": "for measuring against others",
    ".clients": "for clients in other languages",
}
"""What an environment is for, by its folder."""
WITH_CLIENT = frozenset([".venv", ".venv-run"])
"""Environments in which `sluice` is the client of this folder, as it stands."""
CLIENT = ROOT / "client" / "src"
COMMAND = """#!/bin/sh
exec "$(dirname "$0")/python" -m sluice.cli "$@"
"""
INTERRUPTED = 130
"""The status of a command that ended by Ctrl-C."""


def make_environment(folder: Path, lock: Path) -> None:
    """Makes the environment anew. Raises NotInstalled."""
    since, what = time.monotonic(), f"environment {PURPOSES.get(folder.name, folder.name)}"
    installer = find_installer()
    with waiting(what):
        venv.create(folder, clear=True, symlinks=True, with_pip=False)
        installer.install(lock, Place(folder / "bin" / "python"))
    if folder.name in WITH_CLIENT:
        add_client(folder)
    (folder / ".stamp").touch()
    tell(f"{what}: {folder.name}, {time.monotonic() - since:.1f} s")


def add_client(folder: Path) -> None:
    """Adds the library `sluice` to an environment, and the command of that name. Its code stays where it is."""
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "sluice-client.pth").write_text(f"{CLIENT}\n", encoding="utf-8")
    command = folder / "bin" / "sluice"
    command.write_text(COMMAND, encoding="utf-8")
    command.chmod(0o755)


def main() -> None:
    """Makes the environment that the command line names."""
    folder, lock = (ROOT / name for name in sys.argv[1:])
    try:
        make_environment(folder, lock)
    except NotInstalled as error:
        raise SystemExit(f"{folder.name} could not be made. {error}") from None
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None


if __name__ == "__main__":
    main()
