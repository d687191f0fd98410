"""`/importer/{session_id}`: who may frame it, in which language, and what it names; and the element beside it."""

import re
from dataclasses import replace

import pytest
from chalice.app import Chalice
from chalice.test import Client, HTTPResponse

from chalicelib.api.console.files import IMPORTER, scripts_of
from chalicelib.api.console.importer import importer_routes
from chalicelib.errors import Retryable
from chalicelib.model.import_sessions import ImportSession, ImportSessionId
from chalicelib.model.imports import Action
from tests.world import NOW, OURS

BUCKET = "https://bucket.s3.eu-central-1.amazonaws.com"
HOST = "https://app.example.com"
SESSION = ImportSession(
    session_id=ImportSessionId("ims_1"),
    tenant_id=OURS,
    resource="contacts",
    actions=(Action.MERGE,),
    origin=HOST,
    token_digest="t0",
    expires_at=NOW,
)


def ask(path: str = "/importer/ims_1", session: ImportSession = SESSION, **headers: str) -> HTTPResponse:
    def find(text: str) -> ImportSession | None:
        if text == "busy":
            raise Retryable("busy")
        return session if text == session.session_id else None

    app = Chalice("importer", configure_logs=False)
    app.register_blueprint(importer_routes(lambda: BUCKET, find))
    return Client(app).http.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_only_the_origin_of_the_session_may_frame_it() -> None:
    page = ask()
    policy = dict(one.strip().partition(" ")[::2] for one in page.headers["Content-Security-Policy"].split(";"))

    assert policy["frame-ancestors"] == HOST
    assert (policy["script-src"], policy["connect-src"]) == ("'self'", f"'self' {BUCKET}")
    assert (policy["require-trusted-types-for"], policy["trusted-types"]) == ("'script'", "'none'")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-cache"


def test_the_page_knows_its_session_and_its_host() -> None:
    html = ask().body.decode()

    assert f'data-session="ims_1" data-host="{HOST}" data-theme=""' in html
    assert re.findall(r'src="\.\./console/([^"]+)"', html) == [scripts_of(IMPORTER, "en")[0].name]


@pytest.mark.parametrize(
    ("locale", "path", "language"),
    [
        (None, "/importer/ims_1", "fr"),
        ("de", "/importer/ims_1", "de"),
        ("de", "/importer/ims_1?locale=es", "es"),
        ("de", "/importer/ims_1?locale=xx", "de"),
    ],
)
def test_it_speaks_as_the_session_says_unless_the_page_around_it_says_otherwise(
    locale: str | None, path: str, language: str
) -> None:
    page = ask(path, replace(SESSION, locale=locale), accept_language="fr-CH")

    assert f'<html lang="{language}"' in page.body.decode()


@pytest.mark.parametrize(("theme", "shown"), [("dark", "dark"), ("light", "light"), ('"><script>', "")])
def test_a_theme_is_one_of_two(theme: str, shown: str) -> None:
    html = ask(f"/importer/ims_1?theme={theme}").body.decode()

    assert f'data-theme="{shown}"' in html
    assert html.count("<script") == 1


def test_a_session_that_has_ended_has_its_page_too() -> None:
    assert ask(session=replace(SESSION, revoked_at=NOW)).status_code == 200


@pytest.mark.parametrize(("text", "status"), [("ims_2", 404), ("busy", 503)])
def test_no_page_without_a_session(text: str, status: int) -> None:
    page = ask(f"/importer/{text}")

    assert page.status_code == status
    assert set(page.json_body) == {"error"}


def test_the_element_is_one_script() -> None:
    script = ask("/sluice-importer.js")

    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert script.headers["Cache-Control"] == "public, max-age=3600"
    assert 'customElements.define("sluice-importer"' in script.body.decode()
