"""The tools for assistants, as the public client of their protocol calls them, before a service in memory."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client import Client

from sluice.mcp_server import make_server
from tests.service_in_memory import ServiceInMemory, unconnected

ROWS = "Name,E-Mail\nAnn,ann@example.com\nBen,ben@@example.com\n"


class Assistant:
    """Calls one tool at a time, and remembers nothing."""

    def __init__(self, root: Path) -> None:
        self.service = ServiceInMemory()
        self.client = self.service.client()
        self.root = root

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Returns what the tool answers."""
        result = self._result(tool, arguments)
        assert not result.is_error, result.content[0].text
        answer: dict[str, Any] = json.loads(result.content[0].text)
        return answer

    def refused(self, tool: str, **arguments: Any) -> str:
        """Returns what the tool says of why it did nothing."""
        result = self._result(tool, arguments)
        assert result.is_error
        return str(result.content[0].text)

    def tools(self) -> list[Any]:
        """Returns all tools as they are told to assistants."""

        async def listed(client: Client) -> list[Any]:
            return list((await client.list_tools()).tools)

        found: list[Any] = self._run(listed)
        return found

    def _result(self, tool: str, arguments: dict[str, Any]) -> Any:
        return self._run(lambda client: client.call_tool(tool, arguments))

    def _run(self, do: Callable[[Client], Awaitable[Any]]) -> Any:
        async def once() -> Any:
            async with Client(make_server(self.client, self.root)) as client:
                return await do(client)

        return anyio.run(once)


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    (tmp_path / "people.csv").write_text(ROWS)
    return Assistant(tmp_path)


def previewed(assistant: Assistant, **options: Any) -> dict[str, Any]:
    held = assistant.call("suggest_mapping", file="people.csv", resource="contacts")
    return assistant.call("preview_import", import_id=held["import_id"], **options)


def test_a_file_is_imported_mended_and_taken_back(assistant: Assistant) -> None:
    held = assistant.call("suggest_mapping", file="people.csv", resource="contacts")
    preview = assistant.call("preview_import", import_id=held["import_id"])
    nothing = assistant.call("find_records", resource="contacts")
    imported = assistant.call("confirm_import", preview_id=preview["preview_id"], confirm=True)
    [faulty] = assistant.call("list_rows", import_id=imported["id"])["rows"]
    correction = {str(faulty["row_number"]): {"email": "ben@example.com"}}
    mended = assistant.call("retry_rows", import_id=imported["id"], corrections=correction, confirm=True)
    stored = assistant.call("find_records", resource="contacts")
    rehearsed = assistant.call("undo_import", import_id=imported["id"])
    undone = assistant.call("undo_import", import_id=imported["id"], confirm=True)
    left = assistant.call("find_records", resource="contacts")

    assert held["column_mapping"]["email"] == "E-Mail"
    assert (preview["stats"]["created"], preview["stats"]["failed"]) == (1, 1)
    assert preview["faulty_rows"][0]["problems"][0]["code"] == "invalid_email"
    assert nothing == {"records": []}
    assert imported["stats"]["created"] == 1
    assert mended["stats"]["created"] == 1
    assert {one["email"] for one in stored["records"]} == {"ann@example.com", "ben@example.com"}
    assert "Nothing was undone" in rehearsed["next"]
    assert undone["undo_of"] == imported["id"]
    assert [one["email"] for one in left["records"]] == ["ben@example.com"]


def test_nothing_is_imported_without_consent(assistant: Assistant) -> None:
    preview_id = previewed(assistant)["preview_id"]

    assert "confirm true" in assistant.refused("confirm_import", preview_id=preview_id, confirm=False)
    assert assistant.call("find_records", resource="contacts") == {"records": []}


def test_nothing_is_deleted_unless_the_number_is_said(assistant: Assistant) -> None:
    (assistant.root / "people.csv").write_text("Name,E-Mail\nAnn,ann@example.com\n")
    for number in range(3):
        assistant.service.world.write(f"con_{number}", {"name": "X", "email": f"x{number}@example.com"})
    preview = previewed(assistant, action="overwrite", max_deleted=3)

    refusals = [
        assistant.refused("confirm_import", preview_id=preview["preview_id"], confirm=True, **given)
        for given in ({}, {"deletions": 2})
    ]
    imported = assistant.call("confirm_import", preview_id=preview["preview_id"], confirm=True, deletions=3)

    said = "Nothing was imported: 3 records would be deleted. If the person agrees to that, call with deletions 3."
    assert [one.partition(": ")[2] for one in refusals] == [said, said]
    assert imported["stats"]["overwritten"] == 3


@pytest.mark.parametrize("file", ["../secret.csv", "/etc/passwd", "link.csv", "inner/../../secret.csv"])
def test_no_file_outside_the_folder_is_read_or_written(tmp_path: Path, file: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.csv").write_text(ROWS)
    (root / "link.csv").symlink_to(tmp_path / "secret.csv")
    assistant = Assistant(root)

    assert "only files inside it" in assistant.refused("suggest_mapping", file=file, resource="contacts")
    assert "only files inside it" in assistant.refused("export_records", file=file, resource="contacts")
    assert assistant.service.sent("POST", "/v1/imports") == []


def test_records_are_exported_to_a_new_file(assistant: Assistant) -> None:
    answer = assistant.call("export_records", resource="contacts", file="out.csv")

    assert (assistant.root / "out.csv").stat().st_size == answer["size_bytes"]
    assert "choose another name" in assistant.refused("export_records", resource="contacts", file="people.csv")


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("suggest_mapping", {"file": "nowhere.csv", "resource": "contacts"}, "There is no file nowhere.csv"),
        ("show_import", {"import_id": "imp_none"}, "imp_none"),
        ("preview_import", {"import_id": "imp_none"}, "imp_none"),
        ("retry_rows", {"import_id": "imp_1", "corrections": {"x": {}}, "confirm": True}, "by row number"),
        ("list_rows", {"import_id": "imp_1", "outcome": "odd"}, "outcome"),
        ("suggest_mapping", {"file": "", "resource": "contacts"}, "There is no file"),
        ("suggest_mapping", {"file": "a\0b", "resource": "contacts"}, "cannot have a NUL"),
        ("suggest_mapping", {"file": "people.csv", "resource": "../keys"}, "There is no resource"),
        ("show_import", {"import_id": "../keys"}, "There is no import '../keys'."),
        ("show_import", {"import_id": ""}, "empty id"),
        ("export_records", {"resource": "contacts", "file": "nowhere/out.csv"}, "There is no folder nowhere"),
        ("export_records", {"resource": "../imports", "file": "out.csv"}, "There is no resource"),
        ("find_records", {"resource": "contacts", "filters": {"limit": "5"}}, "There is no field limit"),
        ("find_records", {"resource": "contacts", "filters": {"no_field": "5"}}, "no_field"),
        ("find_records", {"resource": "contacts/../imports"}, "There is no resource"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_an_error_says_what_is_wrong(assistant: Assistant, tool: str, arguments: dict[str, Any], said: str) -> None:
    assert said in assistant.refused(tool, **arguments)


@pytest.mark.parametrize("limit", [-5, 0, 10**9])
def test_no_number_of_entries_is_too_odd(assistant: Assistant, limit: int) -> None:
    previewed(assistant)

    assert len(assistant.call("list_imports", limit=limit)["imports"]) >= 1
    assert assistant.call("find_records", resource="contacts", limit=limit) == {"records": []}


def test_a_file_that_cannot_be_written_is_told(assistant: Assistant) -> None:
    assert "The file cannot be used" in assistant.refused("export_records", resource="contacts", file="x" * 300)


def test_a_service_that_is_out_of_reach_is_an_error_of_the_tool(assistant: Assistant) -> None:
    assistant.client = assistant.service.client(*[unconnected] * 4)

    assert "is not reachable" in assistant.refused("list_imports")


def test_no_answer_has_a_link(assistant: Assistant) -> None:
    imported = assistant.call("confirm_import", preview_id=previewed(assistant)["preview_id"], confirm=True)
    answers = [imported, assistant.call("list_imports"), assistant.call("list_resources", resource="contacts")]

    assert "memory://" not in json.dumps(answers)


def test_assistants_are_told_which_tools_change_records(assistant: Assistant) -> None:
    tools = assistant.tools()

    assert {one.name for one in tools if one.annotations.destructive_hint} == {
        *("confirm_import", "retry_rows", "undo_import")
    }
    assert all(one.description for one in tools)
    [confirm] = [one for one in tools if one.name == "confirm_import"]
    assert confirm.input_schema["required"] == ["preview_id", "confirm"]
