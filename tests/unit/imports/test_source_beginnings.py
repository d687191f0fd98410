"""A source is looked at by its first bytes, before the others are here: what they tell is what the whole tells, or
nothing."""

import gzip
import json
from typing import Any

import pytest

from chalicelib.imports.describe_source import FIRST_PIECE_BYTES, look_at_beginning, look_at_source
from chalicelib.imports.source_description import SourceDescription
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, Source
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.object_keys import upload_key
from chalicelib.model.reading_budget import UNLIMITED, Allowance, ReadingBudget
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.stores.memory.files import MemoryFiles
from tests.import_world import TENANT
from tests.workbooks import workbook
from tests.world import an_import

KEY = upload_key(TENANT, ImportId("imp_1"))
HEADER = "name,email,status,customer_since\n"
PLAIN = "Ann Lee {n},ann{n}@example.com,paused,31/01/2024\n"
BEYOND_ASCII = "Zoë Lee {n},zoe{n}@example.com,active,03/04/2024\n"
QUOTED = '"Lee, Ann {n}","ann{n}@example.com",active,"03/04/\n2024"\n'
WIDE = "Ann Lee {n},ann{n}@example.com,paused,{wide}\n"


def table_of(row: str, *, rows: int = 40_000, encoding: str = "utf-8") -> bytes:
    text = HEADER + "".join(row.format(n=n, wide="x" * 4_000) for n in range(rows))
    return text.encode(encoding)


def ndjson(rows: int = 40_000) -> bytes:
    return b"".join(json.dumps({"name": f"Ann {n}", "email": f"a{n}@x.example"}).encode() + b"\n" for n in range(rows))


def waiting(size_bytes: int = 0, **options: Any) -> Import:
    """An import whose file is on its way."""
    source = Source(key=KEY, version_id=None, size_bytes=size_bytes, filename="list.csv")
    return an_import(source=source, reading=ReadingOptions(**options))


def by_beginning(content: bytes, **options: Any) -> SourceDescription | None:
    import_ = waiting(len(content), **options)
    return look_at_beginning(import_, content[:FIRST_PIECE_BYTES], DEFAULT_LIMITS, UNLIMITED)


def as_a_whole(content: bytes, **options: Any) -> SourceDescription:
    files = MemoryFiles(clock=lambda: 0)
    files.write_file(KEY, content)
    return look_at_source(files, waiting(len(content), **options), DEFAULT_LIMITS)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(table_of(PLAIN), id="ASCII"),
        pytest.param(table_of(BEYOND_ASCII), id="UTF-8"),
        pytest.param(table_of(BEYOND_ASCII, encoding="utf-16"), id="UTF-16"),
        pytest.param(table_of(QUOTED), id="line ends in cells"),
        pytest.param(table_of(PLAIN.replace(",", ";")).replace(b",", b";"), id="another delimiter"),
        pytest.param(b"List of customers\n\n" + table_of(PLAIN), id="a title"),
        pytest.param(ndjson(), id="NDJSON"),
    ],
)
def test_the_beginning_tells_what_the_whole_tells(content: bytes) -> None:
    assert len(content) > FIRST_PIECE_BYTES

    assert by_beginning(content) == as_a_whole(content)


def test_the_options_of_the_import_hold() -> None:
    content = table_of(PLAIN)

    found = by_beginning(content, delimiter=";")

    assert found == as_a_whole(content, delimiter=";")
    assert found is not None
    assert len(found.columns) == 1


@pytest.mark.parametrize("cut", range(7))
def test_a_row_that_is_cut_is_no_row(cut: int) -> None:
    rows = "".join(f"Zoë {n},zoe@example.com,act\n" for n in range(30)).encode()
    content = b"name,email,status\n" + rows + b"Zo\xc3\xab,"[: cut + 1]

    found = look_at_beginning(waiting(), content, DEFAULT_LIMITS, UNLIMITED)

    assert found is not None
    assert found.encoding == "utf-8"
    assert found.columns[2].words == {"act": 30}
    assert found.rows == (("Zoë 0", "zoe@example.com", "act"), *found.rows[1:])


def test_a_cell_that_is_cut_makes_no_rows_of_its_lines() -> None:
    rows = b"Ann,active\n" * 30
    content = b"name,status\n" + rows + b'"Zoe\nof the sea\n\nand far away'

    found = look_at_beginning(waiting(), content, DEFAULT_LIMITS, UNLIMITED)

    assert found is not None
    assert found.columns[1].words == {"active": 29}, "the row beside it cannot be told from a part of it"


def test_of_rows_that_are_too_large_for_a_thousand_of_them_fewer_words_are_told_but_the_same_fields() -> None:
    content = table_of(WIDE, rows=900)

    found, whole = by_beginning(content), as_a_whole(content)

    assert found is not None
    assert (found.column_mapping, found.rows, found.findings) == (whole.column_mapping, whole.rows, whole.findings)
    assert found.columns[2].words["paused"] < whole.columns[2].words["paused"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(HEADER.encode() + b"Ann,ann@example.com,active,2024-01-31\n" * 19, id="too few rows"),
        pytest.param(gzip.compress(table_of(PLAIN)), id="gzip"),
        pytest.param(b"PK\x03\x04" + b"\0" * 1_000, id="an archive or a workbook"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\0" * 1_000, id="an old workbook"),
        pytest.param(json.dumps([{"name": "Ann"}] * 100).encode()[:-200], id="JSON"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 1_000, id="no table"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_the_beginning_does_not_tell_is_not_guessed(content: bytes) -> None:
    assert look_at_beginning(waiting(1 << 30), content, DEFAULT_LIMITS, UNLIMITED) is None


@pytest.mark.parametrize(
    "content", [b"name,email\nAnn,ann@example.com", workbook({"List": [["name", "email"], ["Ann", "a@x.example"]]})]
)
def test_all_of_a_source_tells_whatever_it_is(content: bytes) -> None:
    found = look_at_beginning(waiting(len(content)), content, DEFAULT_LIMITS, UNLIMITED)

    assert found == as_a_whole(content)
    assert found is not None
    assert [one.field for one in found.columns] == ["name", "email"]


def test_what_cannot_be_read_as_a_whole_says_why() -> None:
    content = b"\x89PNG\r\n\x1a\nnot a table"

    found = look_at_beginning(waiting(len(content)), content, DEFAULT_LIMITS, UNLIMITED)

    assert found is not None
    assert found.fault is not None
    assert found.fault.code == "unreadable_format"


def test_a_beginning_for_which_there_is_no_time_is_not_told() -> None:
    allowance = Allowance(cpu_s=0, time_s=9, rows=9)
    budget = ReadingBudget(allowance, advice="", processor_time=lambda: 1.0, clock=lambda: 0.0)

    assert look_at_beginning(waiting(), table_of(PLAIN), Limits(), budget) is None
