"""What docs/events.md says is so: its snippet verifies, its event is the event, its numbers are ours."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.api.packagex.webhooks.routes import ROUTES
from chalicelib.model.events import event_of_import
from chalicelib.model.imports import Status
from chalicelib.webhooks.signature import signature_of
from local.paths import ROOT
from tests.world import an_import

PAGE = (ROOT / "docs" / "events.md").read_text()
BODY = b'{"event_id": "evt_1"}'
NOW = 1_700_000_009


def snippet() -> Any:
    found: dict[str, Any] = {}
    exec("".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)), found)  # noqa: S102 - the page's own code
    return found["is_ours"]


def test_the_snippet_knows_what_we_signed() -> None:
    signature = signature_of(["whsec_1"], BODY, at=NOW)

    assert snippet()("whsec_1", signature, BODY, now=NOW + 299)


@pytest.mark.parametrize("secret", ["whsec_new", "whsec_old"])
def test_the_snippet_takes_either_secret_while_one_is_rotated(secret: str) -> None:
    signature = signature_of(["whsec_new", "whsec_old"], BODY, at=NOW)

    assert snippet()(secret, signature, BODY, now=NOW)


@pytest.mark.parametrize(
    ("secret", "body", "now"),
    [("whsec_2", BODY, NOW), ("whsec_1", BODY + b" ", NOW), ("whsec_1", BODY, NOW + 300), ("whsec_1", BODY, NOW - 300)],
    ids=["another secret", "another body", "too old", "from the future"],
)
def test_the_snippet_refuses_what_is_not_ours(secret: str, body: bytes, now: int) -> None:
    signature = signature_of(["whsec_1"], BODY, at=NOW)

    assert not snippet()(secret, signature, body, now=now)


def test_the_example_event_has_the_fields_of_the_event() -> None:
    shown = json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0])
    sent = event_of_import(replace(an_import(Status.COMPLETED))).to_body()

    assert list(shown) == list(sent)
    assert list(shown["stats"]) == list(sent["stats"])


def test_every_route_is_on_the_page() -> None:
    missing = [
        one.path
        for one in ROUTES
        if f"| `{one.method} {one.path.replace('webhook_id', 'id')}` | {one.scope} |" not in PAGE
    ]

    assert missing == []
