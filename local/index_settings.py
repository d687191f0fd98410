"""Where packages come from, told to uv: it does not read pip's configuration, so it is handed what pip was told.

In goes what `pip config list` prints, files and PIP_ variables alike; out come the variables that uv reads. What the
environment says to uv itself goes before. Hashes are compared in any case, so it does not matter which of several
indexes a file comes from.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

SETTING = re.compile(r"^(?P<section>[^.=]+)\.(?P<key>[\w-]+)=(?P<value>.+)$", re.MULTILINE)
SECTIONS = ("global", "install", ":env:")
"""Those that are about installing; each goes before the ones in front of it."""
FIXED = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_PYTHON_DOWNLOADS": "never"}
"""As pip does: all indexes are asked, and no Python comes from anywhere."""


def uv_environment(pip_config: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Returns the variables for uv: the environment as it is, and what pip knows in addition."""
    return {**FIXED, **dict(_each_variable(_settings(pip_config))), **environment}


def _settings(pip_config: str) -> dict[str, str]:
    found = [(one["section"], one["key"], _text(one["value"])) for one in SETTING.finditer(pip_config)]
    return {key: value for section in SECTIONS for in_section, key, value in found if in_section == section}


def _text(literal: str) -> str:
    """Returns the value of a setting, which pip prints as Python writes texts."""
    try:
        return str(ast.literal_eval(literal))
    except (SyntaxError, ValueError):
        return literal


def _each_variable(settings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    simple = {
        "index-url": ("UV_DEFAULT_INDEX",),
        "cert": ("SSL_CERT_FILE",),
        "client-cert": ("SSL_CLIENT_CERT",),
        "proxy": ("HTTP_PROXY", "HTTPS_PROXY"),
        "timeout": ("UV_HTTP_TIMEOUT",),
        "default-timeout": ("UV_HTTP_TIMEOUT",),
        "no-index": ("UV_NO_INDEX",),
    }
    lists = {"extra-index-url": ("UV_INDEX", " "), "trusted-host": ("UV_INSECURE_HOST", " ")}
    for key, value in settings.items():
        yield from ((name, value) for name in simple.get(key, ()))
        if key in lists:
            name, separator = lists[key]
            yield name, separator.join(value.split())
    places = [place for place in settings.get("find-links", "").split() if _is_there(place)]
    if places:
        yield "UV_FIND_LINKS", ",".join(places)


def _is_there(place: str) -> bool:
    """pip passes over folders that do not exist; uv ends with an error."""
    parts = urlsplit(place)
    return parts.scheme in {"http", "https"} or Path(url2pathname(parts.path)).exists()
