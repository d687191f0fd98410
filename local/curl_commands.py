"""Requests to paste: what one can ask of the stack that serves, as curl commands with key and address in place."""

import json
import shlex

from chalicelib.model.resources import Resource
from local.client import Client, Json
from local.keys import TenantKey


def curl_commands(client: Client, resource: Resource) -> list[str]:
    """Returns three commands: list the imports, list records, and import a record."""
    asked = {"upload_mode": "sync", "resource": resource.singular, "action": "merge", "data": [example_row(resource)]}
    return [
        _curl(client, "/v1/imports"),
        _curl(client, f"/v1/records/{resource.name}?limit=3"),
        _curl(client, "/v1/imports", asked),
    ]


def token_command(client: Client, key: TenantKey) -> str:
    """Returns the command by which an OAuth client gets a token (Talkdesk)."""
    credentials = ["-u", f"{key.key_id}:{key.secret}", "-d", "grant_type=client_credentials"]
    return shlex.join(["curl", "-s", f"{client.base_url}/oauth/token", *credentials])


def example_row(resource: Resource) -> Json:
    """Returns what it takes to create a record that can be found again, with the examples of its declaration."""
    identities = [name for identity in resource.claimed for name in identity.fields]
    names = {*resource.required, *identities, *(group[0] for group in resource.any_of)}
    wanted = [one for one in resource.fields if one.name in names and not one.stands_for]
    return {one.name: one.example for one in wanted if one.example}


def _curl(client: Client, path: str, body: Json | None = None) -> str:
    words = ["curl", "-s", client.base_url + path, "-H", f"PX-API-KEY: {client.key}"]
    if body is not None:
        words += ["-H", "Content-Type: application/json", "-d", json.dumps(body, ensure_ascii=False)]
    return shlex.join(words)
