"""What `make run` shows: a file becomes records, over the public API, in front of you.

In go a file, a resource and a way into the API; the terminal shows the seven phases while they run, the result, the
rejected rows with reasons, and what to ask next. Out comes whether the import completed.

    python -m local.demo URL KEY FILE [RESOURCE [ACTION]]     imports into a stack that is already serving
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.filesize import decimal
from rich.text import Text

from chalicelib.model.api_keys import KeyKind
from chalicelib.model.catalogue import RESOURCES, find_resource
from chalicelib.model.imports import Action
from chalicelib.model.resources import Resource
from local.api_json import Json
from local.curl_commands import Requests, each_request
from local.import_progress import follow_import
from local.keys import DemoKeys
from local.paths import SAMPLE
from local.rejection_summary import RejectionSummary, summarize_rejections
from local.screen import each_remark, ended, rejected_table, result_table
from local.waiting import waiting
from sluice import ApiError, Sluice, SluiceError
from sluice.import_options import ImportOptions

PLAIN_WIDTH = 80
"""Columns where there is no terminal to ask."""


@dataclass(frozen=True, slots=True)
class DemoImport:
    """What to import, checked."""

    file: Path
    resource: Resource
    action: Action = Action.MERGE
    """What happens to rows that match a record, and to those that match none."""


def check_arguments(file: str | None, resource: str, action: str = Action.MERGE) -> DemoImport:
    """Returns what to import. Raises SystemExit, with words for people, where the file, the resource or the action does
    not exist.
    """
    found = find_resource(resource)
    if found is None:
        raise SystemExit(f"There is no resource {resource!r}. There are: {', '.join(RESOURCES)}.")
    path = Path(file).expanduser() if file else SAMPLE
    if not path.is_file():
        raise SystemExit(f"There is no file {str(path)!r}. Name one with FILE=path, or leave it out for the sample.")
    if action not in set(Action):
        raise SystemExit(f"There is no action {action!r}. There are: {', '.join(Action)}.")
    return DemoImport(path, found, Action(action))


def new_console() -> Console:
    """Returns a console for the terminal, or one of a fixed width where the output is no terminal."""
    return Console() if sys.stdout.isatty() else Console(width=PLAIN_WIDTH, force_terminal=False)


def show_import(console: Console, client: Sluice, wanted: DemoImport) -> Json | None:
    """Imports the file and shows it; returns the import if it completed. A response that is no success is shown as it
    came."""
    try:
        import_, seconds = _imported(console, client, wanted)
        _show_result(console, client, import_, seconds)
    except ApiError as answer:
        console.print(Text(f"The API answered {answer.status}:", style="red"))
        console.print(f"{answer.code}: {answer}", markup=False, highlight=False, soft_wrap=True)
        return None
    except SluiceError as error:
        console.print(Text(str(error), style="red"))
        return None
    return import_ if import_["status"] == "completed" else None


def show_requests(console: Console, keys: DemoKeys, requests: Requests) -> None:
    """Shows the tenant, its keys, and requests to paste, none of which is cut."""
    console.print(f"\nTenant     {keys.tenant_id}", highlight=False)
    for kind, secret in keys.secrets.items():
        console.print(f"{kind:<10} {secret}", highlight=False)
    console.print(f"client id  {keys.of(KeyKind.TD_CLIENT).key_id}\n", highlight=False)
    for line in each_request(requests):
        console.print(f"{line}\n", markup=False, highlight=False, soft_wrap=True)


def _imported(console: Console, client: Sluice, wanted: DemoImport) -> tuple[Json, float]:
    """The import as it ended, and the seconds from the end of the upload."""
    size = decimal(wanted.file.stat().st_size)
    console.print(f"\n{wanted.file.name} ({size}) → {wanted.resource.name}\n", highlight=False, markup=False)
    options: ImportOptions = {"action": wanted.action.value, "name": wanted.file.name}
    with waiting("uploading"):
        begun = client.imports.start(wanted.file, resource=wanted.resource.singular, **options)
    since = time.monotonic()
    import_ = follow_import(console, lambda: client.ask("GET", f"/v1/imports/{begun.id}"))
    return import_, time.monotonic() - since


def _show_result(console: Console, client: Sluice, import_: Json, seconds: float) -> None:
    if import_["status"] != "completed" or import_["reason"] or not console.is_terminal:
        console.print(ended(import_))
    console.print(result_table(import_, seconds))
    rejections = _rejections(client, import_)
    if rejections:
        console.print(rejected_table(rejections))
        path = f"/v1/imports/{import_['id']}?include_errors_csv=true"
        console.print(f"All of them, to correct and send again:\n  GET {path}", highlight=False, soft_wrap=True)
    for remark in each_remark(import_, rejections):
        console.print(remark)


def _rejections(client: Sluice, import_: Json) -> list[RejectionSummary]:
    if not import_["has_errors_file"]:
        return []
    with waiting("reading why rows were rejected"), tempfile.TemporaryDirectory(prefix="sluice-") as folder:
        errors = client.imports.get(import_["id"]).download(Path(folder) / "errors.json", file="errors_json")
        with errors.open("rb") as lines:
            return summarize_rejections(each_rejected_row(lines))


def each_rejected_row(lines: Iterable[bytes]) -> Iterator[Json]:
    """Yields the rows of an errors file in JSON, lazily: it may be as large as the source, and has one row a line."""
    stripped = (line.strip().removesuffix(b",") for line in lines)
    yield from (json.loads(line) for line in stripped if line.startswith(b"{"))


def main() -> None:
    """Imports into a stack that is already serving."""
    parser = argparse.ArgumentParser(prog="python -m local.demo", description="Import a file over the public API.")
    parser.add_argument("url")
    parser.add_argument("key")
    parser.add_argument("file")
    parser.add_argument("resource", nargs="?", default="customers")
    parser.add_argument("action", nargs="?", default=Action.MERGE)
    given = parser.parse_args()
    wanted = check_arguments(given.file, given.resource, given.action)
    raise SystemExit(0 if show_import(new_console(), Sluice(given.url, given.key), wanted) else 1)


if __name__ == "__main__":
    main()
