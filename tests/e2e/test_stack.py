"""The stack itself, before anything is imported: it answers at its root."""

import json
import urllib.request

import pytest

from local.stack import Stack

pytestmark = pytest.mark.e2e


def test_the_front_serves_the_documented_paths_from_its_root(stack: Stack) -> None:
    with urllib.request.urlopen(f"{stack.base_url}/v1/health") as answer:
        body = json.load(answer)

    assert body == {"status": "ok"}
