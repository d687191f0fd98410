"""Counts in the file itself what an import of samples/customers.csv into an empty store must lead to.

It shares no code with the service, on purpose: it uses plain `csv`, and rules as a careful person would write them down
for this one file. In come the file's bytes and a way to handle duplicates; out comes the number of rows by outcome.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

Row = dict[str, str]

WIDTH = "how many cells the row has beyond those of the header"

EMAIL = re.compile(r"[\w+'-]+(\.[\w+'-]+)*@([^\W_]([\w-]*[^\W_])?\.)+[^\W\d_]{2,}")
PHONE = re.compile(r"\+?[0-9 ()/.-]+")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
STATUSES = {"active", "inactive", "enabled", "disabled", "archived"}
SENTIMENTS = {"happy", "neutral", "frustrated", "angry", "positive", "negative"}
SURE_DATES = (
    *("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d %b %Y", "%d-%b-%Y", "%B %d, %Y"),
    *("%Y-%m-%d 00:00:00", "%Y-%m-%dT00:00:00Z"),
)
UNSURE_DATES = ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y")


@dataclass
class Expected:
    """The number of rows by outcome. `codes` counts the rows that end with each code, skipped ones included."""

    total: int = 0
    created: int = 0
    skipped: int = 0
    failed: int = 0
    without_identity: int = 0
    """How many of the created rows have no identity; a second import creates them again."""
    codes: Counter[str] = field(default_factory=Counter)


def count(content: bytes, duplicate_handling: str) -> Expected:
    """Returns what an import of this file must lead to."""
    rows = [*_each_row(content)]
    codes = [_codes(row) for row in rows]
    readable = [place for place, found in enumerate(codes) if not found]
    duplicates = _duplicates([(place, _identities(rows[place])) for place in readable], duplicate_handling)
    for place in readable:
        if place in duplicates:
            codes[place] = {"duplicate_in_source"}
        elif not rows[place]["Full Name"].strip():
            codes[place] = {"required"}
    return Expected(
        total=len(rows),
        created=sum(not found for found in codes),
        skipped=len(duplicates),
        failed=sum(bool(found) for found in codes) - len(duplicates),
        without_identity=sum(not found and not _identities(row) for row, found in zip(rows, codes, strict=True)),
        codes=Counter(code for found in codes for code in found),
    )


def _each_row(content: bytes) -> Iterable[Row]:
    """Yields the rows; lines without any content are none."""
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    headers = next(lines)
    for cells in lines:
        if any(cell.strip() for cell in cells):
            known = cells[: len(headers)] + [""] * (len(headers) - len(cells))
            yield {**dict(zip(headers, known, strict=True)), WIDTH: f"{len(cells) - len(headers):+}"}


def _codes(row: Row) -> set[str]:
    """Returns the codes of what keeps the row from being read."""
    if row[WIDTH] != "+0":
        return {"row_too_long" if row[WIDTH].startswith("+") else "row_too_short"}
    checks = {
        "invalid_email": _is_blank_or(row["E-mail"], _is_email),
        "invalid_phone": _is_blank_or(row["Phone Number"], _is_phone),
        "not_a_choice": _is_blank_or(row["Status"], lambda text: text.lower() in STATUSES)
        and _is_blank_or(row["Sentiment"], lambda text: text.lower() in SENTIMENTS),
        "invalid_date": len(_dates(row["Member Since"])) > 0 or not row["Member Since"].strip(),
        "ambiguous_date": len(_dates(row["Member Since"])) < 2,
        "invalid_type": _is_blank_or(row["Custom Fields"], _is_json_object),
        "invalid_text": not CONTROL.search("".join(row.values())),
        "too_long": len(row["Full Name"].strip()) <= 255,
    }
    return {code for code, is_good in checks.items() if not is_good}


def _is_blank_or(cell: str, is_good: Callable[[str], bool]) -> bool:
    return not cell.strip() or is_good(cell.strip())


def _is_email(text: str) -> bool:
    return EMAIL.fullmatch(text) is not None and not text.endswith(".invalid")


def _is_phone(text: str) -> bool:
    digits = re.sub(r"\D", "", text.replace("(0)", "")).removeprefix("00")
    is_international = text.startswith(("+", "00"))
    fewest, most = (9, 13) if is_international else (5, 15)
    return PHONE.fullmatch(text) is not None and fewest <= len(digits) <= most and not digits.startswith("999")


def _is_json_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


@cache
def _dates(cell: str) -> set[date]:
    """Returns every day that the cell may mean."""
    found = set()
    for shape in (*SURE_DATES, *UNSURE_DATES):
        try:
            found.add(datetime.strptime(cell.strip(), shape).date())
        except ValueError:
            continue
    return found


def _identities(row: Row) -> set[str]:
    identifier, email = row["Customer ID"].strip(), row["E-mail"].strip().lower()
    local, _, domain = email.partition("@")
    named = {"id": identifier, "email": f"{local}@{domain.encode('idna').decode()}" if email else ""}
    return {f"{kind} {value}" for kind, value in named.items() if value}


def _duplicates(named: list[tuple[int, set[str]]], duplicate_handling: str) -> set[int]:
    """Returns the positions of the rows that are left out as duplicates."""
    places: dict[str, list[int]] = {}
    for place, identities in named:
        for identity in identities:
            places.setdefault(identity, []).append(place)
    kept = 1 if duplicate_handling == "use_first" else 0
    return {place for found in places.values() if len(found) > 1 for place in found[kept:]}
