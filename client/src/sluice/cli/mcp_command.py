"""`sluice mcp`: the tools for assistants, on standard input and output, for as long as one keeps them open."""

from importlib import import_module
from pathlib import Path

import click

from sluice.cli.app import App, command
from sluice.cli.exits import WRONG_USE, Stopped
from sluice.cli.help import Option


@command(
    "mcp",
    usage="[OPTIONS]",
    notes=("An assistant starts it, and speaks with it over standard input and output",),
    closing="Needs the extra: pip install 'sluice-client[mcp]'",
)
@click.option(
    "--root", cls=Option, metavar="FOLDER", default=".", help="Files lie in there, and none outside is touched"
)
def mcp(app: App, root: str) -> None:
    """Tools for assistants (Model Context Protocol)"""
    folder = Path(root)
    if not folder.is_dir():
        raise Stopped(WRONG_USE, f"There is no folder {root}.")
    client = app.client
    try:
        servers = import_module("sluice.mcp_server")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise Stopped(WRONG_USE, "Tools for assistants need an extra: pip install 'sluice-client[mcp]'") from error
    servers.make_server(client, folder).run("stdio")
