"""Sources of tickets, of any length, whose rows name customers: far-apart duplicates, bad rows, dead references.

Files are written row by row. What must become of the rows `bench.expected` counts in the file itself.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

CUSTOMERS = 5_000
"""That exist; one reference in 41 names another."""
HEADERS = (
    *("Ticket ID", "Subject", "Status", "Priority", "Customer Email", "Customer Name"),
    *("Assignee", "Tags", "Notes", "Description", "Due Date", "Unknown"),
)
SUBJECTS = ("Cannot sign in", "Parcel is late", "Wrong invoice, again", 'The "new" label printer jams')
STATUSES = ("new", "open", "pending", "resolved", "closed", "Solved")
PRIORITIES = ("low", "normal", "high", "urgent")
TAGS = ("login,mobile", "parcel", "invoice,urgent", "printer")


def customers_named() -> bytes:
    """The customers that tickets name, as CSV."""
    lines = (f"C-{number},{email_of(number)},Customer {number}\n" for number in range(CUSTOMERS))
    return ("external_id,email,name\n" + "".join(lines)).encode()


def email_of(customer: int) -> str:
    return f"customer.{customer}@example.com"


def each_ticket(rows: int) -> Iterator[list[str]]:
    """Cells in the order of `HEADERS`."""
    return map(_ticket, range(rows))


def _ticket(number: int) -> list[str]:
    ticket = number // 2 if number % 89 == 88 else number
    customer = CUSTOMERS + number if number % 41 == 20 else number * 7 % CUSTOMERS
    return [
        f"T-{ticket:09}",
        "" if number % 127 == 63 else SUBJECTS[number % 4],
        "lost" if number % 103 == 51 else STATUSES[number % 6],
        PRIORITIES[number % 4],
        email_of(customer),
        f"Customer {customer}",
        "sam@example.com",
        TAGS[number % 4],
        f"Called on day {number % 31}",
        "It has not worked since this morning, and nobody has answered.",
        "2025-02-30T10:00:00Z" if number % 107 == 53 else f"2025-{1 + number % 12:02}-{1 + number % 28:02}T10:00:00Z",
        "",
    ]


def tickets_csv(rows: int) -> bytes:
    return "".join(_each_line(rows, ",")).encode()


def write_csv(path: Path, rows: int, separator: str = ",") -> None:
    _write(path, _each_line(rows, separator))


def _each_line(rows: int, separator: str) -> Iterator[str]:
    return (separator.join(map(_quoted, cells)) + "\n" for cells in chain([HEADERS], each_ticket(rows)))


def write_tsv(path: Path, rows: int) -> None:
    write_csv(path, rows, "\t")


def write_ndjson(path: Path, rows: int) -> None:
    _write(path, (f"{one}\n" for one in _each_object(rows)))


def write_json(path: Path, rows: int) -> None:
    _write(path, chain(["["], (f",\n{one}" if number else one for number, one in enumerate(_each_object(rows))), ["]"]))


WRITERS: dict[str, Callable[[Path, int], None]] = {
    "csv": write_csv,
    "tsv": write_tsv,
    "ndjson": write_ndjson,
    "json": write_json,
}


def _each_object(rows: int) -> Iterator[str]:
    return (json.dumps(dict(zip(HEADERS, cells, strict=True))) for cells in each_ticket(rows))


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(one in cell for one in '",\t') else cell


def _write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)
