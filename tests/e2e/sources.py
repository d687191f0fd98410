"""The same two customers in every format, as common programs write them.

Leading zeros, a text that looks like a number, a comma, quotes and a line break inside a value, letters beyond ASCII, a
date, and cells left empty.
"""

import csv
import gzip
import io
import json
import re
from datetime import date
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from tests.other_workbooks import ods, ods_table, ods_text, xls, xlsb
from tests.workbooks import packed

HEADERS = ("Customer ID", "Full Name", "E-mail", "Company", "Status", "Member Since", "Tags", "Notes")
JUERGEN = (
    *("00042", "Jürgen Groß", "juergen@example.com", "1E5", "", "2024-03-01", ""),
    'says "hi", and goes\nhome',
)
ZOE = ("0042", "Zoë Müller", "zoe@example.com", "", "inactive", "", "vip,press", "")

TABLE = (HEADERS, JUERGEN, ZOE)

RECORDS = [
    {
        "external_id": "00042",
        "name": "Jürgen Groß",
        "email": "juergen@example.com",
        "company": "1E5",
        "status": "active",
        "customer_since": "2024-03-01",
        "notes": 'says "hi", and goes\nhome',
    },
    {
        "external_id": "0042",
        "name": "Zoë Müller",
        "email": "zoe@example.com",
        "status": "inactive",
        "tags": ["vip", "press"],
    },
]
"""The records that every file must become."""

FIELDS = ("external_id", "name", "email", "company", "status", "customer_since", "tags", "notes")
JSON_OBJECTS: list[dict[str, Any]] = [
    {name: value for name, value in zip(FIELDS, row, strict=True) if value} for row in (JUERGEN, ZOE)
]

FORMULA = '="1E"&5'


def _delimited(delimiter: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([HEADERS, JUERGEN, ZOE])
    return text.getvalue()


def _workbook() -> bytes:
    """Makes a workbook with two sheets, in which dates are dates, ids texts, and one company a formula with a value."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Customers"
    for row in (HEADERS, JUERGEN, ZOE):
        sheet.append([cell or None for cell in row])
    sheet["D2"] = FORMULA
    sheet["F2"] = date(2024, 3, 1)
    old = book.create_sheet("Leads")
    old.append(["name", "email"])
    old.append(["Lea Lead", "lea@example.com"])
    content = io.BytesIO()
    book.save(content)
    return _with_cached_value(content.getvalue())


def _with_cached_value(content: bytes) -> bytes:
    """Stores a formula's value beside the formula, as Excel does and openpyxl cannot."""
    packed = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as given, ZipFile(packed, "w", ZIP_DEFLATED) as written:
        for name in given.namelist():
            entry = given.read(name)
            if name == "xl/worksheets/sheet1.xml":
                entry = re.sub(rb'<c r="D2"([^>]*)>(<f>.*?</f>)<v ?/?>(</v>)?</c>', _cached_cell, entry)
                assert b"<v>1E5</v>" in entry
            written.writestr(name, entry)
    return packed.getvalue()


def _cached_cell(cell: re.Match[bytes]) -> bytes:
    return b'<c r="D2" t="str">' + cell[2] + b"<v>1E5</v></c>"


SOURCES: dict[str, tuple[str, bytes]] = {
    "csv": ("customers.csv", _delimited(",").encode()),
    "csv with a byte order mark": ("customers.csv", _delimited(",").encode("utf-8-sig")),
    "tsv": ("customers.tsv", _delimited("\t").encode()),
    "semicolons in cp1252": ("customers.csv", _delimited(";").encode("cp1252")),
    "utf-16": ("customers.txt", _delimited("\t").encode("utf-16")),
    "xlsx": ("customers.xlsx", _workbook()),
    "xls": ("customers.xls", xls({"Customers": TABLE})),
    "xlsb": ("customers.xlsb", xlsb({"Customers": TABLE})),
    "ods": ("customers.ods", ods(ods_table([[ods_text(escape(cell)) for cell in row] for row in TABLE]))),
    "zip": ("customers.zip", packed([("__MACOSX/._x", b""), ("customers.csv", _delimited(",").encode())])),
    "json": ("customers.json", json.dumps(JSON_OBJECTS, indent=2).encode()),
    "ndjson": ("customers.ndjson", "\n".join(json.dumps(one, ensure_ascii=False) for one in JSON_OBJECTS).encode()),
}
"""The file name and the content by format."""


def customers_csv(first: int, last: int) -> bytes:
    """Makes a CSV of different customers; a thousand are too large to be imported in one task."""
    filler = "x" * 80
    lines = (f"Person {n},p{n}@example.com,{filler}" for n in range(first, last + 1))
    return "\n".join(["name,email,filler", *lines]).encode()


def gzipped(source: tuple[str, bytes]) -> tuple[str, bytes]:
    """Returns a source as a gzip file."""
    name, content = source
    return f"{name}.gz", gzip.compress(content)
