"""Curl lines as Talkdesk's own pages write them, run as they stand but for the address; ours are run end to end."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.talkdesk.clients import TalkdeskClient
from tests.http_server import serve

PRINTED = "http://127.0.0.1:8080"

Run = Callable[[str], str]


@pytest.fixture
def ours() -> TalkdeskClient:
    return TalkdeskClient()


@pytest.fixture
def run(ours: TalkdeskClient, tmp_path: Path) -> Iterator[Run]:
    """The output of a line in a shell that has a token."""
    environment = {**os.environ, "TOKEN": ours.token, "NO_PROXY": "*"}
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
