"""What `make run` shows of undo: a small import, as if made by mistake, and taken back.

In go a way into the API and a resource; the terminal shows what the import made, and that the undo has reversed it.
The rows are the examples of the resource's declaration, with identities that no record has.
"""

import secrets

from rich.console import Console
from rich.text import Text

from chalicelib.model.resources import Resource
from local.api_json import Json
from local.curl_commands import example_row
from local.screen import ended
from local.waiting import waiting
from sluice import ApiError, Sluice

ROWS = 3


def show_undo(console: Console, client: Sluice, resource: Resource) -> None:
    """Imports a few records and takes them back, and shows both, or why there is nothing to show."""
    try:
        with waiting("importing a few records by mistake"):
            mistake = _ended(client, client.ask("POST", "/v1/imports", as_request(resource, secrets.token_hex(3))))
        made = mistake["stats"]["created"]
        console.print(f"\nImported as if by mistake: {made} {resource.name} created", highlight=False)
        if made:
            _show_undone(console, client, mistake)
    except ApiError as answer:
        console.print(Text(f"No undo is shown; the API answered {answer.status}: {answer}"))


def as_request(resource: Resource, token: str) -> Json:
    """Returns the request for an import of a few rows, whose identities begin with the token."""
    names = {name for identity in resource.claimed for name in identity.fields}
    rows = [
        {name: f"{token}-{number}-{value}" if name in names else value for name, value in example_row(resource).items()}
        for number in range(1, ROWS + 1)
    ]
    return {
        "upload_mode": "sync",
        "resource": resource.singular,
        "action": "create",
        "name": "By mistake",
        "data": rows,
    }


def _show_undone(console: Console, client: Sluice, mistake: Json) -> None:
    path = f"/v1/imports/{mistake['id']}"
    console.print(f"  POST {path}/undo {{}}", highlight=False, soft_wrap=True)
    with waiting("undoing it"):
        undo = _ended(client, client.ask("POST", f"{path}/undo", {}))
        told = client.ask("GET", path)
    if undo["status"] != "completed":
        console.print(ended(undo))
        return
    reversed_, made = told["undo"]["reversed"], mistake["stats"]["created"]
    console.print(f"Undone: {reversed_} of {made} reversed.\n  GET {path}", highlight=False, soft_wrap=True)


def _ended(client: Sluice, import_: Json) -> Json:
    return dict(client.imports.get(import_["id"]).wait().raw)
