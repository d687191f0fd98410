"""What callers and operators see stays as it was recorded: code may move and be renamed inside, and nothing shows."""

import difflib

import pytest

from tests.snapshots.files import SNAPSHOTS, made, path_of


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_it_is_as_recorded(name: str) -> None:
    recorded, now = path_of(name).read_text(encoding="utf-8"), made(name)

    difference = list(difflib.unified_diff(recorded.splitlines(), now.splitlines(), "recorded", "now", lineterm=""))

    if difference:
        pytest.fail("\n".join([f"{name}: if this is meant, run `make snapshots`", *difference]), pytrace=False)
