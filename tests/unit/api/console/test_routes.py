"""`/console` and what its page loads: no key, a strict policy, and files that are kept forever."""

import re

import pytest
from chalice.app import Chalice
from chalice.test import Client

from chalicelib.api.console.files import CONSOLE, scripts_of, style
from chalicelib.api.console.routes import console_routes

BUCKET = "https://bucket.s3.eu-central-1.amazonaws.com"


@pytest.fixture
def client() -> Client:
    app = Chalice("console", configure_logs=False)
    app.register_blueprint(console_routes(lambda: BUCKET))
    return Client(app)


def test_the_page_loads_two_files_that_never_change(client: Client) -> None:
    page = client.http.get("/console")
    loaded = re.findall(r'"(console/[^"]+)"', page.body.decode())
    files = [client.http.get(f"/{path}") for path in loaded]

    assert page.headers["Cache-Control"] == "no-cache"
    assert [file.status_code for file in files] == [200, 200]
    assert {file.headers["Cache-Control"] for file in files} == {"public, max-age=31536000, immutable"}
    assert {file.headers["Content-Type"] for file in files} == {
        "text/css; charset=utf-8",
        "text/javascript; charset=utf-8",
    }
    assert {file.body.decode() for file in files} == {scripts_of(CONSOLE, "en")[0].text, style().text}


def test_the_policy_lets_the_page_ask_api_and_bucket_and_make_no_markup(client: Client) -> None:
    policy = client.http.get("/console").headers["Content-Security-Policy"]

    assert dict(one.strip().partition(" ")[::2] for one in policy.split(";")) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": f"'self' {BUCKET}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def test_a_file_of_another_name_is_not_there(client: Client) -> None:
    response = client.http.get("/console/00000000000000000000.js")

    assert response.status_code == 404
    assert response.json_body["error"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("path", ["/console", f"/console/{style().name}"])
def test_head_has_the_headers_of_get(client: Client, path: str) -> None:
    by_get, by_head = (client.http.request(method, path) for method in ("GET", "HEAD"))

    assert (by_head.status_code, by_head.headers) == (200, by_get.headers)


@pytest.mark.parametrize(
    ("path", "language"), [("/console", "de"), ("/console?locale=fr", "fr"), ("/console?locale=xx", "de")]
)
def test_the_page_speaks_as_it_is_asked_to(client: Client, path: str, language: str) -> None:
    page = client.http.get(path, headers={"accept-language": "de-CH,de"})

    assert f'<html lang="{language}"' in page.body.decode()
    assert page.headers["Vary"] == "Accept-Language"
