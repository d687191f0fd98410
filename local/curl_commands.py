"""Requests to paste: what one can ask of the stack that serves, as they are typed into a shell.

In go a resource and a file; out come commands that are complete: their variables are those of a file that they begin by
reading (`local/shell_variables.py`), or are captured before they are used.
"""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chalicelib.model.resources import Resource
from local.api_json import Json

KEY = '-H "PX-API-KEY: $PX_KEY"'
JSON = '-H "Content-Type: application/json"'


@dataclass(frozen=True, slots=True)
class Requests:
    """What the requests are about."""

    variables: Path
    """The file with the address and the keys."""
    resource: Resource
    file: Path
    """A file to import."""


def each_request(about: Requests) -> Iterator[str]:
    """Yields commands in the order in which they can be pasted, each with a line that says what it does."""
    file, resource = shlex.quote(str(about.file)), about.resource
    yield f"# the address, the tenant and its keys\n. {shlex.quote(str(about.variables))}"
    yield f'# what is there\ncurl -s "$SLUICE/v1/records/{resource.name}?limit=3" {KEY}'
    yield f"# some rows\n{_post(_import_of(resource, 'sync') | {'data': [example_row(resource)]})}"
    yield f"# a file: ask for an import, then send it\nIMPORT=$({_post(_import_of(resource, 'async'))})"
    yield f'curl -s -T {file} "$(field data._upload_url "$IMPORT")"'
    yield f'# what became of it\ncurl -s "$SLUICE/v1/imports/$(field data.id "$IMPORT")" {KEY}'
    yield f"# a file without asking: dropped into the bucket $BUCKET\ndrop {file} {resource.name} merge"
    yield (
        "# a token of the OAuth client (Talkdesk)\n"
        'curl -s "$SLUICE/oauth/token" -u "$CLIENT_ID:$CLIENT_SECRET" \\\n  -d grant_type=client_credentials'
    )


def example_row(resource: Resource) -> Json:
    """Returns what it takes to create a record that can be found again, with the examples of its declaration."""
    identities = [name for identity in resource.claimed for name in identity.fields]
    names = {*resource.required, *identities, *(group[0] for group in resource.any_of)}
    wanted = [one for one in resource.fields if one.name in names and not one.stands_for]
    return {one.name: one.example for one in wanted if one.example}


def _import_of(resource: Resource, upload_mode: str) -> Json:
    return {"upload_mode": upload_mode, "resource": resource.singular, "action": "merge"}


def _post(body: Json) -> str:
    """A line for each field, so that it fits a narrow screen."""
    text = json.dumps(body, ensure_ascii=False, indent=1)
    return f'curl -s "$SLUICE/v1/imports" {KEY} \\\n  {JSON} -d {shlex.quote(text)}'
