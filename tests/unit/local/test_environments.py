"""The environments in which people and tests work have the command line of this folder."""

import subprocess
import venv
from pathlib import Path

from local.environments import CLIENT, WITH_CLIENT, add_client


def test_the_client_is_a_library_and_a_command(tmp_path: Path) -> None:
    folder = tmp_path / "a folder" / ".venv-run"
    venv.create(folder, with_pip=False, symlinks=True)

    add_client(folder)

    where = "from importlib.util import find_spec; print(find_spec('sluice').origin)"
    command = [str(folder / "bin" / "python"), "-c", where]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert Path(told.strip()) == CLIENT / "sluice" / "__init__.py"
    assert (folder / "bin" / "sluice").stat().st_mode & 0o111
    assert {".venv", ".venv-run"} == WITH_CLIENT
