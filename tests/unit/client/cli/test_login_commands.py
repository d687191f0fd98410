import io
import json
import stat
from pathlib import Path

import pytest

from sluice.cli.app import App
from sluice.cli.main import run
from tests.http_server import serve
from tests.world import OURS, World


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in ("SLUICE_URL", "SLUICE_KEY", "SLUICE_AS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def sign_in(url: str, key: str, monkeypatch: pytest.MonkeyPatch, *more: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{key}\n"))
    return run(["login", "--url", url, *more], App())


def test_a_key_is_tried_kept_used_and_forgotten(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World()
    key = world.key("px_a_secret_key")
    with serve(world) as url:
        signed_in = sign_in(url, key, monkeypatch)
        listed = run(["imports", "list", "--format", "json"], App())
        known = run(["whoami"], App())

    assert (signed_in, listed, known) == (0, 0, 0)
    assert stat.S_IMODE((home / "sluice" / "logins.toml").stat().st_mode) == 0o600
    printed = capsys.readouterr()
    first, rest = printed.out.split("\n", 1)
    assert json.loads(first) == []
    kept = home / "sluice" / "logins.toml"
    assert " ".join(rest.split()).startswith(f"Address {url} Key px_a_se… from {kept} Tenant {OURS} ")
    assert f"✓ Signed in as tenant {OURS} with key px_a_se…" in printed.err
    assert key not in printed.out + printed.err
    assert (run(["logout"], App()), run(["logout"], App()), run(["imports", "list"], App())) == (0, 4, 4)


def test_a_wrong_key_is_not_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(World()) as url:
        assert sign_in(url, "px_wrong", monkeypatch, "--as", "work") == 4

    assert not (home / "sluice").exists()


def test_what_is_no_address_is_wrong_use(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sign_in("nonsense", "px", monkeypatch) == 2


def test_a_shell_is_told_how_to_complete(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "bash"], App()) == 0
    assert capsys.readouterr().out == 'eval "$(_SLUICE_COMPLETE=bash_source sluice)"\n'
