"""The tools of `sluice.tools` over the Model Context Protocol, by its official package (extra `mcp`).

In comes a client and a folder, out goes a server that `sluice mcp` runs on standard input and output. What the service
or the tools refuse is an error of the tool, whose text the assistant reads: what is wrong, and what to do next.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from sluice.client import Sluice
from sluice.errors import SluiceError
from sluice.tools import READING, WRITING, Tools, each_tool
from sluice.version import __version__

INSTRUCTIONS = """Import files of people, customers and other records into Sluice, mend what is faulty, undo, export.
In this order: list_resources, suggest_mapping (sends a file), preview_import (a rehearsal that writes nothing), then
ask the person, then confirm_import. Rows that failed: list_rows, retry_rows. Never confirm, delete or undo unasked."""


def make_server(client: Sluice, root: Path) -> MCPServer[Any]:
    """Returns the server of one tenant, whose files lie in one folder."""
    server: MCPServer[Any] = MCPServer("sluice", version=__version__, instructions=INSTRUCTIONS)
    for name, tool in each_tool(Tools(client, root)).items():
        hints = ToolAnnotations(read_only_hint=name in READING, destructive_hint=name in WRITING)
        server.add_tool(
            _with_tool_errors(tool), name=name, description=" ".join((tool.__doc__ or "").split()), annotations=hints
        )
    return server


def _with_tool_errors(tool: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the tool with errors as assistants are told of them."""

    @wraps(tool)
    def call(**given: Any) -> Any:
        try:
            return tool(**given)
        except SluiceError as error:
            raise ToolError(str(error)) from error
        except OSError as error:
            raise ToolError(f"The file cannot be used: {error.strerror or error}.") from error

    return call
