"""What pip installs is what was locked: each lock file has a hash for each pin, and each installation asks for them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from local.paths import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt", "bench/requirements.txt", "local/emulator-requirements.txt")
PIN = re.compile(r"^[\w.-]+(?:\[[\w,-]+\])?==[\w.+!]+", re.MULTILINE)
HASHED = re.compile(PIN.pattern + r"(?: ; [^\\\n]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+$", re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert len(PIN.findall(text)) > 10
    assert len(HASHED.findall(text)) == len(PIN.findall(text))
    assert "://" not in text


def test_environments_are_made_of_what_was_hashed() -> None:
    installs = re.findall(r"pip install .*-r .*", (ROOT / "Makefile").read_text())

    assert installs
    assert all("--require-hashes" in one for one in installs)


def test_pip_refuses_a_file_that_was_not_locked_though_only_a_constraint_has_the_hash(tmp_path: Path) -> None:
    """Packaging relies on it: `local/package.py` names the pins to Chalice's downloads as constraints."""
    wheel = tmp_path / "wheel" / "locked-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(b"another file under the same name")
    constraint = tmp_path / "constraint.txt"
    constraint.write_text(f"locked==1.0 --hash=sha256:{'0' * 64}\n")
    command = [sys.executable, "-m", "pip", "download", "--isolated", "--no-deps", "--no-index", "locked==1.0"]

    done = subprocess.run(
        [*command, f"--find-links={wheel.parent}", f"--constraint={constraint}", f"--dest={tmp_path / 'out'}"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
