"""Every curl line that is printed for Talkdesk's routes, run as it stands but for the address."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.talkdesk.clients import CREATE, TalkdeskClient
from tests.http_server import serve

ROOT = Path(__file__).parents[3]
PRINTED = "http://127.0.0.1:8080"

Run = Callable[[str], str]


def lines_of(page: str) -> list[str]:
    """The lines with Talkdesk's paths, and those that make a file for them, in their order."""
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if re.match(r"curl .*/(oauth|bulk-imports)|echo .*>> users.csv", line)]


@pytest.fixture
def ours() -> TalkdeskClient:
    return TalkdeskClient()


@pytest.fixture
def run(ours: TalkdeskClient, tmp_path: Path) -> Iterator[Run]:
    """The output of a line in a shell that has the variables; `$ID` is an import that has ended with a failed row."""
    import_id = ours.ran(f"{CREATE}Ada,ada@example.com,,,,\nBob,bob@,,,,\n")
    given = {"CLIENT_ID": ours.client_id, "CLIENT_SECRET": ours.secret, "TOKEN": ours.token, "ID": import_id}
    environment = {**os.environ, **given, "NO_PROXY": "*"}
    (tmp_path / "users.csv").write_text(CREATE, encoding="utf-8")
    with serve(ours.world) as base_url:
        yield (
            lambda line: (
                subprocess.run(
                    ["sh", "-c", line.replace(PRINTED, base_url)],
                    cwd=tmp_path,
                    env=environment,
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout
            )
        )


def test_the_lines_of_the_readme(run: Run) -> None:
    token, created, records = (json.loads(run(line)) for line in lines_of("README.md"))

    assert token["token_type"] == "Bearer"
    assert created["status"] == "QUEUED"
    assert [one["row_number"] for one in records["_embedded"]["records"]] == [2]


def test_the_lines_of_the_document(ours: TalkdeskClient, run: Run) -> None:
    token, template, row, created, records = [run(line) for line in lines_of("docs/talkdesk.md")]

    assert json.loads(token)["scope"] == "bulk-imports:read bulk-imports:write"
    assert (template, row) == ("", "")
    ours.run_to_end(json.loads(created)["id"])
    assert "alice@example.com" in [one["email"] for one in ours.users()]
    assert [one["status"] for one in json.loads(records)["_embedded"]["records"]] == ["COMPLETED", "FAILED"]


@pytest.mark.parametrize(
    ("options", "status", "type_"),
    [
        ("", 200, "application/hal+json"),
        ("--header 'accept: application/json'", 200, "application/json"),
        ("--header 'accept: application/hal+json'", 200, "application/hal+json"),
        ("--header 'accept: application/prs.hal-forms+json'", 200, "application/prs.hal-forms+json"),
        ("--header 'accept: application/xml'", 406, "application/json"),
    ],
)
@pytest.mark.parametrize("query", ["", "?page=1", "?page=2", "?page=10"])
def test_the_list_as_talkdesk_s_own_page_asks_for_it(
    run: Run, query: str, options: str, status: int, type_: str
) -> None:
    """Its addresses, with the line that such pages write: method, URL and headers spelt out."""
    token = '--header "authorization: Bearer $TOKEN"'
    line = f"curl -s --request GET --url '{PRINTED}/bulk-imports/users{query}' {options} {token}"

    shown = run(f"{line} -o answer.json -w '%{{http_code}} %{{content_type}}'")

    assert shown == f"{status} {type_}"
