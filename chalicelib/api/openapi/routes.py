"""`GET /openapi.json` and `GET /docs`: the document for programs and for people. `GET /` leads a browser to the
console, and everything else to the page. None needs a key.

The document is made when it is first asked for, and kept: no other request pays for it. The page is one file that loads
nothing from anywhere else.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.api.http.request import BaseUrl, find_header

PAGE = Path(__file__).parent / "page"

_READ = ["GET", "HEAD"]
_KEPT = {"Cache-Control": "max-age=300"}


def documentation_routes(base: BaseUrl, document: Callable[[], dict[str, Any]]) -> Blueprint:
    """Returns the three routes.

    `base` tells the root of the public address as the caller reached it; `document` makes the OpenAPI document without
    its `servers`, and is called only when the document is asked for.
    """
    blueprint = Blueprint(__name__)

    @blueprint.route("/", methods=_READ, content_types=[])
    def root() -> Response:
        request = blueprint.current_request
        page = "console" if "text/html" in (find_header(request, ("Accept",)) or "") else "docs"
        return Response("", {"Location": f"{base(request)}/{page}", "Vary": "Accept"}, HTTPStatus.SEE_OTHER.value)

    @blueprint.route("/openapi.json", methods=_READ, content_types=[])
    def openapi() -> Response:
        servers = [{"url": base(blueprint.current_request)}]
        body = json.dumps({**document(), "servers": servers}, ensure_ascii=False, separators=(",", ":"))
        return Response(body, headers={"Content-Type": "application/json", **_KEPT})

    @blueprint.route("/docs", methods=_READ, content_types=[])
    def docs() -> Response:
        page, policy = docs_page()
        headers: dict[str, str | list[str]] = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": policy,
            **_KEPT,
        }
        return Response(page, headers=headers)

    return blueprint


@cache
def docs_page() -> tuple[str, str]:
    """Returns the page with its style and script in it, and the policy that lets a browser run these and
    nothing else.
    """
    style, script = ((PAGE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    page = (PAGE / "page.html").read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; style-src {_hash_of(style)}; script-src {_hash_of(script)}; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return page.replace("{style}", style).replace("{script}", script), policy


def _hash_of(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
