"""What a source looks like, from its first bytes: which format, or which well-known thing that is none of ours.

Content decides; the name only breaks ties, and a name that says otherwise becomes a finding.
"""

import re
from pathlib import PurePosixPath

import orjson

from chalicelib.errors import Refused
from chalicelib.formats.json_beginning import looks_like_json
from chalicelib.formats.tables import Format

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_STRANGERS = (
    (b"%PDF-", "a PDF document"),
    (b"PAR1", "a Parquet file"),
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "an ORC file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"{\\rtf", "a rich text document"),
)
_MARKUP = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|table|meta|\?xml|!--)", re.IGNORECASE)
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_BRACKETED_CELL = re.compile(r"(?:\[[^\[\]{}\"]*\]|\{[^{}\":]*\})\s*[^\s\]}]")
"""A line that goes on behind `[id]` or `{id}`, as only a header does."""

_EXTENSIONS = {
    ".csv": Format.CSV,
    ".tsv": Format.TSV,
    ".tab": Format.TSV,
    ".json": Format.JSON,
    ".ndjson": Format.NDJSON,
    ".jsonl": Format.NDJSON,
    ".xlsx": Format.XLSX,
    ".xlsm": Format.XLSX,
}


def format_named(filename: str) -> Format | None:
    """What the name promises; `.gz` at its end is looked through."""
    path = PurePosixPath(filename.lower())
    path = path.with_suffix("") if path.suffix == ".gz" else path
    return _EXTENSIONS.get(path.suffix)


def refuse_strangers(sample: bytes) -> None:
    """Raises Refused `unreadable_format` that names what the bytes are."""
    for magic, name in _STRANGERS:
        if sample.startswith(magic):
            raise unreadable(name)


def refuse_markup_and_binary(text: str) -> None:
    if _MARKUP.match(text):
        kind = "XML" if text.lstrip().startswith("<?xml") else "an HTML page"
        raise unreadable(kind)
    if len(_CONTROL.findall(text)) + text.count("\0") > max(8, len(text) // 10):
        raise unreadable("binary data")


def unreadable(what: str) -> Refused:
    message = f"The source is {what}. Send CSV, TSV, XLSX, JSON or NDJSON instead; the text formats may be gzipped."
    return Refused("unreadable_format", message, found=what)


def text_format(text: str, named: Format | None) -> Format:
    """JSON, NDJSON, or CSV, which stands for TSV too until the delimiter is known."""
    if not looks_like_json(text):
        return _format_without_json(text, named)
    lines = [line for line in text.split("\n", 3) if line.strip()]
    if len(lines) < 2 or (named is Format.JSON and lines[0].lstrip().startswith("[")):
        return Format.NDJSON if named is Format.NDJSON else Format.JSON
    return Format.NDJSON if _is_line_of_json(lines) else Format.JSON


def _format_without_json(text: str, named: Format | None) -> Format:
    """A .json that holds a table with delimiters is read as one; any other is left to the JSON reader to refuse."""
    first, _, rest = text.lstrip().partition("\n")
    begins_like_table = first[:1] not in "[{" or bool(_BRACKETED_CELL.match(first))
    is_table = rest.strip() and any(one in first for one in ",;\t|") and begins_like_table
    if named is Format.JSON and not is_table:
        return Format.JSON
    return Format.NDJSON if named is Format.NDJSON and not is_table else Format.CSV


def _is_line_of_json(lines: list[str]) -> bool:
    """The first line is complete, so that no document goes on behind it, or the second begins like another one."""
    try:
        orjson.loads(lines[0].encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        bracket = lines[0].lstrip()[:1]
        return lines[0].rstrip().endswith({"{": "}", "[": "]"}[bracket]) and lines[1].startswith(bracket)
    return True
