"""Logins: addresses and keys by name, kept in the user's configuration folder and nowhere else.

What is used comes, in this order, from what the caller gives, from `SLUICE_URL` and `SLUICE_KEY`, from
`.sluice/login.toml` in the working folder or one above it, and from the login of a name, `default` unless another is
asked for. A file in a folder may name loopback addresses alone, so that no repository can have keys or rows sent
elsewhere.
"""

import ipaddress
import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from platformdirs import user_config_path

from sluice.errors import LoginBroken, NotSignedIn

DEFAULT = "default"
FOLDER_LOGIN = Path(".sluice") / "login.toml"


@dataclass(frozen=True, slots=True)
class Login:
    """An address and a key."""

    url: str
    key: str = field(repr=False)
    origin: str = ""
    """Where it comes from, for people: a variable, a file."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where logins are looked for; tests give others."""

    environment: Mapping[str, str]
    folder: Path
    kept: Path
    """The file with the user's logins."""

    @classmethod
    def of_process(cls) -> "Surroundings":
        """Returns the variables, the working folder and the configuration folder of this process."""
        return cls(os.environ, Path.cwd(), user_config_path("sluice") / "logins.toml")


def find_login(name: str | None = None, around: Surroundings | None = None) -> Login:
    """Returns the login to use. Raises NotSignedIn and LoginBroken."""
    around = around or Surroundings.of_process()
    name = name or around.environment.get("SLUICE_AS")
    if name is None:
        for found in (_from_environment(around.environment), _from_folder(around.folder)):
            if found:
                return found
    kept = kept_logins(around).get(name or DEFAULT)
    if kept is None:
        hint = f"There is no login {name}." if name else "Not signed in."
        raise NotSignedIn(f"{hint} sluice login, or set SLUICE_URL and SLUICE_KEY.")
    return kept


def check_login(url: str, key: str) -> None:
    """Raises LoginBroken for what can be no address, or no key."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise LoginBroken(f"{url!r} is no address. It is one like https://api.example.com: sluice login")
    if not (key and key.isascii() and key.isprintable() and " " not in key):
        raise LoginBroken("The key is empty, or has characters that no key has. Copy it again: sluice login")


def kept_logins(around: Surroundings) -> dict[str, Login]:
    """Returns the user's logins by name. Raises LoginBroken."""
    content = _read(around.kept)
    return {name: _login(one, around.kept) for name, one in content.items() if isinstance(one, dict)}


def keep_login(name: str, login: Login, around: Surroundings) -> None:
    """Keeps a login under a name, in a file that only its owner may read, written whole or not at all."""
    _write(kept_logins(around) | {name: login}, around.kept)


def forget_login(name: str, around: Surroundings) -> bool:
    """Forgets a login, and returns whether there was one."""
    logins = kept_logins(around)
    found = logins.pop(name, None)
    if found:
        _write(logins, around.kept)
    return found is not None


def login_text(login: Login) -> str:
    """Returns a login as the lines of a TOML file."""
    return f"url = {_quoted(login.url)}\nkey = {_quoted(login.key)}\n"


def is_loopback(url: str) -> bool:
    """Returns whether an address is on this machine, which nothing leaves and no proxy leads to."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _from_environment(environment: Mapping[str, str]) -> Login | None:
    url, key = environment.get("SLUICE_URL"), environment.get("SLUICE_KEY")
    return Login(url, key, "SLUICE_URL and SLUICE_KEY") if url and key else None


def _from_folder(folder: Path) -> Login | None:
    path = next((one for one in _each_upwards(folder) if one.is_file()), None)
    if path is None:
        return None
    login = _login(_read(path), path)
    if not is_loopback(login.url):
        raise LoginBroken(f"{path} names {login.url}, and a file in a folder may name loopback addresses alone.")
    return login


def _each_upwards(folder: Path) -> Iterator[Path]:
    yield from (one / FOLDER_LOGIN for one in (folder, *folder.parents))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise LoginBroken(f"{path} cannot be read: {error}") from error


def _login(given: Mapping[str, Any], path: Path) -> Login:
    url, key = given.get("url"), given.get("key")
    if not isinstance(url, str) or not isinstance(key, str):
        raise LoginBroken(f"{path} has a login without url or key.")
    return Login(url, key, str(path))


def _write(logins: Mapping[str, Login], path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = "\n".join(f"[{_quoted(name)}]\n{login_text(login)}" for name, login in sorted(logins.items()))
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)


def _quoted(text: str) -> str:
    """Returns a basic string of TOML, whose escapes are those of JSON; DEL has to be escaped, too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
