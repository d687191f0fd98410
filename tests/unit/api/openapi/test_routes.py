"""`/openapi.json` and `/docs`, as they are served, and `/`, which leads there."""

import json
import re
import subprocess
import sys

import pytest
from chalice.app import Chalice
from chalice.test import Client

from chalicelib.api.dialects import openapi_document
from chalicelib.api.http.request import base_url
from chalicelib.api.openapi.routes import PAGE, docs_page, documentation_routes


@pytest.fixture
def client() -> Client:
    app = Chalice("documentation", configure_logs=False)
    app.register_blueprint(documentation_routes(base_url, openapi_document))
    return Client(app)


def test_the_document_names_the_server_it_was_fetched_from(client: Client) -> None:
    headers = {"host": "api.example.com", "x-forwarded-proto": "https"}

    response = client.http.request("GET", "/openapi.json", headers=headers)

    assert response.headers["Content-Type"] == "application/json"
    assert json.loads(response.body)["openapi"] == "3.1.0"
    assert json.loads(response.body)["servers"] == [{"url": "https://api.example.com"}]


@pytest.mark.parametrize(
    ("accepted", "page"),
    [("text/html,application/xhtml+xml", "console"), ("*/*", "docs"), ("application/json", "docs")],
)
def test_the_root_leads_a_browser_to_the_console_and_all_else_to_the_page(
    client: Client, accepted: str, page: str
) -> None:
    headers = {"host": "api.example.com", "x-forwarded-proto": "https", "accept": accepted}

    answers = [client.http.request(method, "/", headers=headers) for method in ("GET", "HEAD")]

    assert [one.status_code for one in answers] == [303, 303]
    assert {one.headers["Location"] for one in answers} == {f"https://api.example.com/{page}"}


@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
def test_head_has_the_headers_of_get(client: Client, path: str) -> None:
    by_get, by_head = (client.http.request(method, path) for method in ("GET", "HEAD"))

    assert (by_head.status_code, by_head.headers) == (200, by_get.headers)


@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
def test_the_type_of_an_absent_body_is_not_refused(client: Client, path: str) -> None:
    response = client.http.request("GET", path, headers={"Content-Type": "application/octet-stream"})

    assert response.status_code == 200


def test_the_page_loads_nothing_from_other_hosts(client: Client) -> None:
    response = client.http.request("GET", "/docs")

    page = response.body.decode()
    assert response.headers["Content-Type"].startswith("text/html")
    assert re.findall(r"(?:src|href)=\"(?!data:|openapi\.json|#)", page) == []
    assert "http://" not in page
    assert "https://" not in page
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_the_page_makes_no_markup_of_what_it_is_told() -> None:
    script = (PAGE / "page.js").read_text(encoding="utf-8")

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)


def test_the_page_is_whole() -> None:
    page, _ = docs_page()

    assert "{style}" not in page
    assert "{script}" not in page
    assert page.count("</script>") == 1


def test_no_request_waits_for_the_document_but_those_for_it() -> None:
    """In a process of its own: the tests have imported everything by now."""
    code = "import sys, app; print([name for name in sys.modules if 'describ' in name or 'descriptions' in name])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
