import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluice import LoginBroken, NotSignedIn
from sluice.logins import Login, Surroundings, find_login, forget_login, keep_login, kept_logins, login_text

LOCAL = Login("http://127.0.0.1:8080", "px_local")
WORK = Login("https://api.example.com", "px_work")


def around(tmp_path: Path, **environment: str) -> Surroundings:
    folder = tmp_path / "project" / "inner"
    folder.mkdir(parents=True, exist_ok=True)
    return Surroundings(environment, folder, tmp_path / "config" / "sluice" / "logins.toml")


def leave_in_folder(tmp_path: Path, login: Login) -> Path:
    path = tmp_path / "project" / ".sluice" / "login.toml"
    path.parent.mkdir(parents=True)
    path.write_text(login_text(login))
    return path


def test_a_kept_login_is_found_by_its_name(tmp_path: Path) -> None:
    keep_login("default", LOCAL, around(tmp_path))
    keep_login("work", WORK, around(tmp_path))

    assert find_login(None, around(tmp_path)).url == LOCAL.url
    assert find_login("work", around(tmp_path)).key == WORK.key
    assert find_login(None, around(tmp_path, SLUICE_AS="work")).key == WORK.key


def test_logins_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    here = around(tmp_path)

    keep_login("default", LOCAL, here)
    keep_login("work", WORK, here)

    assert stat.S_IMODE(here.kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(here.kept.parent.stat().st_mode) == 0o700
    assert [one.name for one in here.kept.parent.iterdir()] == ["logins.toml"]


def test_variables_win_over_files(tmp_path: Path) -> None:
    keep_login("default", LOCAL, around(tmp_path))
    leave_in_folder(tmp_path, LOCAL)

    found = find_login(None, around(tmp_path, SLUICE_URL="https://b.example.com", SLUICE_KEY="px_b"))

    assert (found.url, found.key) == ("https://b.example.com", "px_b")


def test_a_name_wins_over_variables(tmp_path: Path) -> None:
    keep_login("work", WORK, around(tmp_path))

    assert find_login("work", around(tmp_path, SLUICE_URL="https://b.example.com", SLUICE_KEY="px_b")).url == WORK.url


def test_a_folder_above_the_working_folder_has_a_login(tmp_path: Path) -> None:
    path = leave_in_folder(tmp_path, LOCAL)
    keep_login("default", WORK, around(tmp_path))

    found = find_login(None, around(tmp_path))

    assert (found.url, found.origin) == (LOCAL.url, str(path))


@pytest.mark.parametrize(
    "url", ["http://localhost:1", "http://127.0.0.1:8080", "http://[::1]:8080", "http://127.9.9.9"]
)
def test_a_folder_may_name_loopback(tmp_path: Path, url: str) -> None:
    leave_in_folder(tmp_path, Login(url, "px"))

    assert find_login(None, around(tmp_path)).url == url


@pytest.mark.parametrize(
    "url", ["https://evil.example", "http://127.0.0.1.evil.example", "http://127.0.0.1@evil.example", "file:///x", ""]
)
def test_no_folder_names_another_host(tmp_path: Path, url: str) -> None:
    leave_in_folder(tmp_path, Login(url, "px"))

    with pytest.raises(LoginBroken, match="loopback addresses alone"):
        find_login(None, around(tmp_path))


@pytest.mark.parametrize("content", ["no toml", 'url = "http://127.0.0.1"', "url = 1\nkey = 2"])
def test_a_broken_file_is_told(tmp_path: Path, content: str) -> None:
    leave_in_folder(tmp_path, LOCAL).write_text(content)

    with pytest.raises(LoginBroken, match=r"login\.toml"):
        find_login(None, around(tmp_path))


def test_nobody_is_signed_in_at_first(tmp_path: Path) -> None:
    with pytest.raises(NotSignedIn, match="Not signed in"):
        find_login(None, around(tmp_path))
    with pytest.raises(NotSignedIn, match="There is no login work"):
        find_login("work", around(tmp_path))


def test_a_login_is_forgotten_once(tmp_path: Path) -> None:
    keep_login("default", LOCAL, around(tmp_path))

    assert forget_login("default", around(tmp_path))
    assert not forget_login("default", around(tmp_path))
    assert kept_logins(around(tmp_path)) == {}


@given(name=st.text(st.characters(codec="utf-8"), min_size=1), key=st.text(st.characters(codec="utf-8")))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, name: str, key: str) -> None:
    here = around(tmp_path_factory.mktemp("logins"))

    keep_login(name, Login("https://api.example.com", key), here)

    assert kept_logins(here)[name].key == key
