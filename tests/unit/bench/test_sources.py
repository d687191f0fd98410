"""What the sources hold, and that the service makes of them what independent counts expect."""

from pathlib import Path

import pytest

from bench.customers import customers_csv
from bench.expected import count_tickets
from bench.growing import grow
from bench.imports import ImportPipeline
from bench.suites.growing import WrongCounts, check
from bench.tickets import CUSTOMERS, HEADERS, WRITERS, each_ticket, email_of
from chalicelib.formats import open_table
from chalicelib.model.limits import Limits
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.stores import memory
from tests.independent_count import count

SMALL_BATCHES = Limits(batch_rows=300, small_source_bytes=1000)


@pytest.mark.parametrize("limits", [Limits(), SMALL_BATCHES], ids=["in one task", "in many"])
def test_customers_end_as_an_independent_count_expects(limits: Limits) -> None:
    content = customers_csv(1500)
    expected, pipeline = count(content, "use_first"), ImportPipeline(memory.stores(), limits)

    stats = pipeline.run(pipeline.upload(content), "customers").stats

    assert (stats.total, stats.created, stats.skipped, stats.failed) == (
        expected.total,
        expected.created,
        expected.skipped,
        expected.failed,
    )
    assert min(expected.created, expected.skipped, expected.failed) > 0


def test_tickets_are_counted_in_the_file_itself(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    lines = (
        "Ticket ID,Subject,Status,Customer Email,Due Date",
        "first,Late,new,known,2025-01-01T00:00:00Z",
        "first,Late,new,known,2025-01-01T00:00:00Z",
        "no subject,,new,known,2025-01-01T00:00:00Z",
        "bad status,Late,lost,known,2025-01-01T00:00:00Z",
        "dead,Late,new,unknown,2025-01-01T00:00:00Z",
        "bad date,Late,new,known,2025-02-30T00:00:00Z",
    )
    path.write_text("\n".join(lines))

    assert count_tickets(path, {"known"}) == {"total": 6, "created": 2, "skipped": 1, "failed": 3, "dead_references": 1}


def test_an_import_on_disk_ends_as_the_count_of_its_file_expects(tmp_path: Path) -> None:
    found = grow(tmp_path, 1000, "csv", is_whole=True)

    check(found, 1000)
    assert min(found["expected"].values()) > 0
    assert found["phases"]


def test_a_count_that_is_off_by_one_ends_the_run(tmp_path: Path) -> None:
    found = grow(tmp_path, 200, "csv", is_whole=True)
    found["stats"]["created"] -= 1

    with pytest.raises(WrongCounts, match="instead of"):
        check(found, 200)


@pytest.mark.parametrize("format_", WRITERS)
def test_every_format_holds_the_same_tickets(tmp_path: Path, format_: str) -> None:
    path = tmp_path / f"tickets.{format_}"
    WRITERS[format_](path, 100)

    with path.open("rb") as stream:
        table = open_table(stream, ReadingOptions(), Limits(), filename=path.name)
        rows = list(table.rows)

    assert (table.format, len(rows)) == (format_, 100)
    first = rows[0].given
    values = list(first.values()) if isinstance(first, dict) else list(first)
    assert values[:2] == ["T-000000000", "Cannot sign in"]


def test_one_reference_in_so_many_is_dead() -> None:
    known = {email_of(number) for number in range(CUSTOMERS)}
    place = HEADERS.index("Customer Email")

    emails = [cells[place] for cells in each_ticket(400)]

    assert 0 < sum(one not in known for one in emails) < len(emails) / 20
