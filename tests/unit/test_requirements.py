"""What pip installs is what was locked: each lock file has a hash for each pin, and each installation asks for them."""

import json
import re

import pytest

from local.paths import ROOT

LOCKS = (
    *("requirements.txt", "requirements-dev.txt", "bench/requirements.txt", "tests/clients/requirements.txt"),
    *("local/run-requirements.txt", "local/emulator-requirements.txt"),
)
PIN = re.compile(r"^[\w.-]+(?:\[[\w,-]+\])?==[\w.+!]+", re.MULTILINE)
HASHED = re.compile(PIN.pattern + r"(?: ; [^\\\n]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+$", re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert len(PIN.findall(text)) > 10
    assert len(HASHED.findall(text)) == len(PIN.findall(text))
    assert "://" not in text


def test_the_installer_has_a_hash() -> None:
    assert len(HASHED.findall((ROOT / "local" / "installer-requirements.txt").read_text())) == 1


def test_what_runs_is_what_is_tested() -> None:
    tested = set(PIN.findall((ROOT / "requirements-dev.txt").read_text()))

    assert set(PIN.findall((ROOT / "local" / "run-requirements.txt").read_text())) < tested


def test_every_package_of_npm_has_a_version_and_a_hash_and_names_no_host() -> None:
    lock = json.loads((ROOT / "tests" / "clients" / "package-lock.json").read_text())
    asked = json.loads((ROOT / "tests" / "clients" / "package.json").read_text())["dependencies"]
    packages = [one for name, one in lock["packages"].items() if name]

    assert lock["packages"][""]["dependencies"] == asked
    assert all(re.fullmatch(r"[\d.]+", version) for version in asked.values())
    assert all(one["integrity"].startswith("sha512-") and "resolved" not in one for one in packages)
