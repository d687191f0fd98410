"""Records as CSV: a header line, then one record a line, ended by CR LF (RFC 4180). What is written can be read again.

Texts are written as they are: one that begins with `=`, `+`, `-` or `@` is a formula to a spreadsheet.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

import orjson

from chalicelib.model.rows import Value

_NEEDS_JSON = re.compile(r"[,;\[]|^\s|\s$|^$")
"""An entry of a list that could not be told from its neighbours, or would be trimmed."""


def to_csv(fields: Sequence[str], records: Iterable[Mapping[str, Value]]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(fields)
    writer.writerows([to_cell(record.get(name)) for name in fields] for record in records)
    return buffer.getvalue()


def to_cell(value: Value) -> str:
    """Null is nothing, lists are separated by commas, maps are JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and not any(_NEEDS_JSON.search(str(entry)) for entry in value):
        return ",".join(map(str, value))
    return orjson.dumps(value).decode()
