"""The columns of a file that is held, and the field that each would feed: shown, and changed by a person's answers."""

from collections.abc import Iterable, Iterator, Mapping

import click

from sluice.cli.app import App
from sluice.cli.exits import REFUSED, Stopped
from sluice.cli.layout import cut, padded
from sluice.models.imports import SourceColumn, SourceDescription
from sluice.models.records import Resource

SURE = 0.9
"""From here on a suggestion is hardly ever wrong, and taken unasked."""
_NAMED = frozenset({"mapping", "name", "alias"})
_WORDS = {
    "mapping": "as you say",
    "name": "same name",
    "alias": "known name",
    "duplicate": "named twice",
    "protected": "set by us",
    "words": "its words",
    "values": "its values",
    "neighbours": "its place",
}
HEADERS_TOLD = 20
NAME_CELLS, FIELD_CELLS, SURE_CELLS = 17, 17, 15
LEAST_SAMPLE_CELLS = 10
"""A shorter sample says nothing; then it stands on a line with its header."""


Headers = dict[str, str | None]
"""Header by field; None for a field that no column is to feed, whatever its header."""


def proposed(source: SourceDescription, stated: Mapping[str, str | None]) -> Headers:
    """Returns the mapping to propose: what is stated, what columns feed by their names, and what is suggested for the
    others where that is sure."""
    mapping: Headers = {**stated}
    mapping |= {column.field: column.header for column in source.columns if column.field}
    taken = set(mapping.values())
    for column in source.columns:
        free = column.suggested and column.suggested not in mapping and column.header and column.header not in taken
        if free and column.suggested and column.confidence >= SURE:
            mapping[column.suggested] = column.header
            taken.add(column.header)
    return mapping


def column_lines(source: SourceDescription, mapping: Headers, width: int) -> Iterator[str]:
    """Yields a line for each column: header, sample, field, how sure."""
    samples = width - NAME_CELLS - FIELD_CELLS - SURE_CELLS - 8
    fields = _fields_by_header(mapping)
    if samples < LEAST_SAMPLE_CELLS:
        yield from _narrow_lines(source, fields, width)
        return
    yield f"  {padded('column', NAME_CELLS)}  {padded('sample', samples)}  {padded('field', FIELD_CELLS)}  sure"
    for place, column in enumerate(source.columns):
        field = fields.get(column.header)
        line = f"  {padded(column.header, NAME_CELLS)}  {padded(_sample(source, place), samples)}  "
        yield (line + padded(field or "left out", FIELD_CELLS) + "  " + _sureness(column, field)).rstrip()


def _narrow_lines(source: SourceDescription, fields: Mapping[str, str], width: int) -> Iterator[str]:
    """Yields two lines for each column: header and sample, and below them field and how sure."""
    for place, column in enumerate(source.columns):
        field = fields.get(column.header)
        yield cut(f"  {column.header}  {_sample(source, place)}".rstrip(), width)
        yield cut(f"    → {field or 'left out'}  {_sureness(column, field)}".rstrip(), width)


def _sample(source: SourceDescription, place: int) -> str:
    """Returns the first value of a column that is not empty."""
    return next((row[place] for row in source.rows if place < len(row) and row[place]), "")


def fed_columns(source: SourceDescription, mapping: Headers) -> Iterator[tuple[str, SourceColumn]]:
    """Yields the columns that feed a field, each with the field, in the order of the file."""
    fields = _fields_by_header(mapping)
    yield from ((fields[column.header], column) for column in source.columns if column.header in fields)


def check_mapping(app: App, source: SourceDescription, mapping: Headers, file: str, resource: Resource) -> None:
    """Raises Stopped where no column means anything."""
    if not any(mapping.values()):
        headers = ", ".join(column.header for column in source.columns)
        app.screen.fail(cut(f"No column of {file} means anything for {resource.plural}: {headers}.", app.screen.width))
        example = source.columns[0].header if source.columns else "HEADER"
        app.screen.fail(f"Name them yourself: --map email={example} …    Fields: sluice resources {resource.plural}")
        raise Stopped(REFUSED)


def check_headers(source: SourceDescription, said: Iterable[str]) -> None:
    """Raises BadParameter where a header that somebody has named stands in no column."""
    known = {_plain(column.header) for column in source.columns}
    absent = next((header for header in said if _plain(header) not in known), None)
    if absent is not None and known:
        headers = ", ".join(column.header for column in source.columns[:HEADERS_TOLD])
        raise click.BadParameter(f"There is no column {absent}. There are {headers}.")


def _plain(header: str) -> str:
    """Returns a header as the service compares it: without case, spaces and signs."""
    return "".join(one for one in header.casefold() if one.isalnum()) or header


def changed(app: App, source: SourceDescription, mapping: Headers, resource: Resource) -> Headers:
    """Asks for columns to change until there is nothing more, and returns the new mapping."""
    names = [field.name for field in resource.fields if not field.read_only]
    while True:
        header = str(click.prompt("Column (Enter: done)", default="", show_default=False, err=True)).strip()
        if not header:
            return mapping
        column = next((one for one in source.columns if one.header.casefold() == header.casefold()), None)
        if column is None:
            app.screen.fail(f"There is no column {header}.")
            continue
        field = str(click.prompt("Field (Enter: leave it out)", default="", show_default=False, err=True)).strip()
        if field and field not in names:
            app.screen.fail(f"There is no field {field}; there are {', '.join(names)}.")
            continue
        mapping = _moved(mapping, column.header, field)


def _fields_by_header(mapping: Headers) -> dict[str, str]:
    return {header: field for field, header in mapping.items() if header}


def _moved(mapping: Headers, header: str, to: str) -> Headers:
    """Returns a mapping in which the column feeds this field, or none; what it fed before is fed by none, for its
    header may be a name of that."""
    moved = {field: None if of == header else of for field, of in mapping.items()}
    return moved | ({to: header} if to else {})


def _sureness(column: SourceColumn, field: str | None) -> str:
    if field is None:
        return ""
    if field == column.field and column.why in _NAMED:
        return f"███ {_WORDS[column.why]}"
    if field != column.suggested:
        return "███ as you say"
    why = next((one for candidate in column.candidates if candidate.field == field for one in candidate.why), "")
    bars = "███" if column.confidence >= SURE else "██·" if column.confidence >= 0.7 else "█··"
    return f"{bars} {_WORDS.get(why, why)}".rstrip()
