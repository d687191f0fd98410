"""`sluice mcp` on the deployed stack, as the public client of the protocol drives it over standard input and output."""

import json
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from local.paths import ROOT
from tests.e2e.packagex_client import PackageXClient

pytestmark = pytest.mark.e2e

FILE = "Name,E-Mail\nAnn,ann@example.com\nBen,ben@@example.com\n"


def server_of(client: PackageXClient, folder: Path) -> StdioServerParameters:
    environment = {
        "SLUICE_URL": client.base_url,
        "SLUICE_KEY": client.key or "",
        "PYTHONPATH": str(ROOT / "client" / "src"),
    }
    return StdioServerParameters(command=sys.executable, args=["-m", "sluice.cli", "mcp"], env=environment, cwd=folder)


async def import_and_undo(server: StdioServerParameters) -> dict[str, Any]:
    """What an assistant does whom somebody has asked to import a file, and then to take it back."""
    async with Client(stdio_client(server)) as assistant:

        async def call(tool: str, **arguments: Any) -> Any:
            result = await assistant.call_tool(tool, arguments)
            text = result.content[0].model_dump()["text"]
            return text if result.is_error else json.loads(text)

        held = await call("suggest_mapping", file="people.csv", resource="contacts")
        preview = await call("preview_import", import_id=held["import_id"])
        unasked = await call("confirm_import", preview_id=preview["preview_id"], confirm=False)
        imported = await call("confirm_import", preview_id=preview["preview_id"], confirm=True)
        exported = await call("export_records", resource="contacts", file="out.csv")
        outside = await call("suggest_mapping", file="../people.csv", resource="contacts")
        undone = await call("undo_import", import_id=imported["id"], confirm=True)
        left = await call("find_records", resource="contacts")
    return {name: value for name, value in locals().items() if name not in ("call", "assistant", "server")}


def test_an_assistant_imports_a_file_and_takes_it_back(client: PackageXClient, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "people.csv").write_text(FILE)

    done = anyio.run(import_and_undo, server_of(client, folder))

    assert done["held"]["column_mapping"]["email"] == "E-Mail"
    assert (done["preview"]["stats"]["created"], done["preview"]["stats"]["failed"]) == (1, 1)
    assert "Nothing was imported" in done["unasked"]
    assert done["imported"]["stats"]["created"] == 1
    assert done["exported"]["size_bytes"] == (folder / "out.csv").stat().st_size
    assert "only files inside it" in done["outside"]
    assert done["undone"]["status"] == "completed"
    assert done["left"] == {"records": []}
