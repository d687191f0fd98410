"""Says what an import of a CSV of tickets into an empty store must lead to, by counting in the file itself.

Shares no code with the service, nor with what made the file: plain `csv`, and the rules as one would write them down.
`python -m bench.expected FILE CUSTOMERS` answers with JSON.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Container, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

STATUSES = {
    "new",
    "open",
    "pending",
    "resolved",
    "closed",
    "solved",
    "in progress",
    "on hold",
    "hold",
    "waiting",
    "done",
}


def count_tickets(path: Path, customers: Container[str]) -> Counter[str]:
    """Rows: total, created, skipped (a repeated ticket id; the first is kept), failed; and the dead references of those
    that are neither unreadable nor repeated."""
    seen: set[str] = set()
    counts: Counter[str] = Counter(total=0, created=0, skipped=0, failed=0, dead_references=0)
    for row in _each_row(path):
        counts["total"] += 1
        if row["Status"].lower() not in STATUSES or not _is_moment(row["Due Date"]):
            counts["failed"] += 1
        elif row["Ticket ID"] in seen:
            counts["skipped"] += 1
        else:
            seen.add(row["Ticket ID"])
            counts["created" if row["Subject"] else "failed"] += 1
            counts["dead_references"] += row["Customer Email"] not in customers
    return counts


@lru_cache(maxsize=1000)
def _is_moment(text: str) -> bool:
    try:
        return bool(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))
    except ValueError:
        return False


def _each_row(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def main() -> None:
    path, customers = Path(sys.argv[1]), int(sys.argv[2])
    print(json.dumps(count_tickets(path, {f"customer.{number}@example.com" for number in range(customers)})))


if __name__ == "__main__":
    main()
