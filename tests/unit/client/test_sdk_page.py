"""docs/sdk.md: its examples run, in order, and its errors are those that there are."""

import re
from pathlib import Path
from typing import Any

import anyio
import pytest

import sluice
from local.paths import ROOT
from sluice import Forged, SluiceError
from tests.documented_commands import blocks_of
from tests.service_in_memory import ServiceInMemory

PAGE = ROOT / "docs" / "sdk.md"
CUSTOMERS = b"Name,Email,Status\nAnn,ann@example.com,active\nBen,wrong,active\n"


@pytest.fixture
def globals_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names that the page has defined when all its examples have run."""
    service = ServiceInMemory()
    (tmp_path / "customers.csv").write_bytes(CUSTOMERS)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"Sluice": service.client, "AsyncSluice": service.async_client}
    for block in blocks_of(PAGE):
        if block.language == "python":
            exec(re.sub(r"^from sluice import (Async)?Sluice$", "", block.text, flags=re.MULTILINE), names)  # noqa: S102
    return names


def test_its_examples_run(globals_: dict[str, Any]) -> None:
    assert globals_["done"].stats.created == 1
    assert globals_["suggestion"].column_mapping["email"] == "E-Mail-Adresse"
    assert Path("customers.xlsx").read_bytes().startswith(b"PK")
    assert anyio.run(globals_["count_active"]) == 2
    with pytest.raises(Forged):
        globals_["receive"](b"{}", {})


def test_every_error_is_explained() -> None:
    raised = {
        name
        for name in sluice.__all__
        if isinstance(one := getattr(sluice, name), type) and issubclass(one, SluiceError)
    }

    assert [name for name in raised if f"`{name}`" not in PAGE.read_text(encoding="utf-8")] == []
