"""What `make run` shows of previews: a file that changes some of the records, and what an import of it would do.

In go a way into the API, a resource and a folder; the terminal shows how many records would change, one of them, and
how to have it done. The file stays in the folder, so that it can be looked at, and changed further.
"""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from chalicelib.model.resources import Field, FieldType, Resource
from local.api_json import Json
from local.screen import OUTCOMES, ended, printable
from local.waiting import waiting
from sluice import ApiError, Sluice

RECORDS = 100
"""How many records the file has at most: a page of them."""
EVERY = 10
"""One record of so many is changed in it."""
FAVOURITE = "notes"
"""The field that is changed, where the resource has it: nothing follows from it."""
LONGEST = 40
"""Characters of a value that are shown."""


def show_preview(console: Console, client: Sluice, resource: Resource, folder: Path) -> None:
    """Writes a file of some records with some changes, and shows what its preview tells, or why there is none. Shows
    nothing where there are no records, or nothing in them that can be changed freely.
    """
    try:
        records: list[Json] = client.ask("GET", f"/v1/records/{resource.name}?limit={RECORDS}")
        field = find_free_field(resource)
        if records and field is not None:
            file = write_changed(folder / f"changed-{resource.name}.csv", records, field)
            about = (
                f"{len(records)} {resource.name}, {len(records[::EVERY])} of them with other {field.label.casefold()}"
            )
            console.print(f"\nPreview of {file}: {about}", highlight=False, soft_wrap=True)
            _show_previewed(console, client, _previewed(client, resource, file))
    except ApiError as answer:
        console.print(Text(f"No preview is shown; the API answered {answer.status}: {answer}"))


def find_free_field(resource: Resource) -> Field | None:
    """Returns a text field that identifies nothing, refers to nothing and may be anything, or None."""
    bound = {name for identity in resource.identities for name in identity.fields}
    bound |= {reference.field for reference in resource.references}
    free = [one for one in resource.fields if _is_free(one) and one.name not in bound]
    return next((one for one in free if one.name == FAVOURITE), free[-1] if free else None)


def write_changed(file: Path, records: list[Json], field: Field) -> Path:
    """Writes id and field of the records as CSV, one of so many changed to what no earlier run has written, and returns
    the file.
    """
    changed = f"Changed at {datetime.now().astimezone():%H:%M:%S}"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["id", field.name])
        for number, record in enumerate(records):
            rows.writerow([record["id"], changed if number % EVERY == 0 else record.get(field.name) or ""])
    return file


def would_be(preview: Json) -> str:
    """Returns in one line what would become of the rows."""
    counts = ", ".join(f"{preview['stats'][name]:,} {name}" for name in OUTCOMES if preview["stats"][name])
    return f"Of {preview['stats']['total']:,} rows would be {counts}. Nothing is written."


def each_change(row: Json) -> Iterator[str]:
    """Yields a line for each field that a row would change."""
    for name, change in row["changes"].items():
        before, after = (printable(str(value or ""), LONGEST) for value in (change["from"], change["to"]))
        yield f"  row {row['row_number']}, {name}: {before!r} → {after!r}"


def _is_free(field: Field) -> bool:
    is_text = field.type is FieldType.TEXT and not (field.choices or field.is_code)
    return is_text and field.is_stored and not (field.required or field.is_computed)


def _previewed(client: Sluice, resource: Resource, file: Path) -> Json:
    with waiting("previewing"):
        begun = client.imports.start(file, resource=resource.singular, action="update", preview=True, name=file.name)
        return dict(begun.wait().raw)


def _show_previewed(console: Console, client: Sluice, preview: Json) -> None:
    if preview["status"] != "completed":
        console.print(ended(preview))
        return
    path = f"/v1/imports/{preview['id']}"
    console.print(would_be(preview), highlight=False, soft_wrap=True)
    rows: list[Json] = client.ask("GET", f"{path}/rows?outcome=updated&limit=1")
    for line in (line for row in rows for line in each_change(row)):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    told = f'  GET {path}/rows?outcome=updated\nTo have it done:\n  POST {path} {{"status": "confirmed"}}'
    console.print(told, highlight=False, markup=False, soft_wrap=True)
