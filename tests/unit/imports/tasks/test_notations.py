"""How a source is written is decided once, before its first row is typed, for all splits and attempts."""

import gzip
from dataclasses import replace
from typing import Any

import orjson
import pytest

from chalicelib.imports.events import Event
from chalicelib.imports.workspace import Workspace
from chalicelib.model.imports import Import
from chalicelib.model.limits import MB, Limits
from chalicelib.model.notations import DateOrder, DecimalSign
from chalicelib.model.phases import PhaseName
from chalicelib.model.reading_options import ReadingOptions
from tests.faults.recorder import Call, CallRecorder
from tests.import_world import TENANT, ImportWorld, run_phase
from tests.workbooks import workbook

IN_SPLITS = Limits(
    small_source_bytes=1_000, split_bytes=60_000, notation_head_bytes=60_000, notation_tail_bytes=1_000, row_bytes=2_000
)
"""A source of 400 KB is to these what one of 40 MB is to the defaults, but for its end, which is larger here."""
ROWS = 10_000
PROOF = "23/01/2024"
UNCLEAR = "03/04/2024"


def dates(proof_at: int | None, proof: str = PROOF) -> list[tuple[str, str, str]]:
    """Nothing but dates with two readings, but for one."""
    return [(f"u{n}", f"Name of number {n}", proof if n == proof_at else UNCLEAR) for n in range(ROWS)]


def as_csv(rows: list[tuple[str, str, str]]) -> bytes:
    return "\n".join(map(",".join, [("external_id", "name", "customer_since"), *rows])).encode()


def as_ndjson(rows: list[tuple[str, str, str]]) -> bytes:
    names = ("external_id", "name", "customer_since")
    return b"\n".join(orjson.dumps(dict(zip(names, row, strict=True))) for row in rows)


def as_json(rows: list[tuple[str, str, str]]) -> bytes:
    return b"[" + as_ndjson(rows).replace(b"\n", b",") + b"]"


def with_a_misplaced_quote(rows: list[tuple[str, str, str]]) -> bytes:
    return as_csv([("u", 'Na"me', UNCLEAR), *rows])


def with_quoted_lines(rows: list[tuple[str, str, str]]) -> bytes:
    """Names hold lines that look like rows with proof of the other order."""
    return as_csv([(one, f'"{name}\nx,x,01/23/2024\n"', day) for one, name, day in rows])


def findings(import_: Import) -> list[tuple[str, str]]:
    return [(one.code.value, one.message) for one in import_.findings]


@pytest.mark.parametrize("write", [as_csv, as_ndjson, with_quoted_lines, with_a_misplaced_quote])
@pytest.mark.parametrize("proof_at", [0, ROWS - 1], ids=["first row", "last row"])
def test_proof_at_either_end_of_a_large_source_decides_for_all_of_it(write: Any, proof_at: int) -> None:
    world = ImportWorld(limits=IN_SPLITS)

    import_ = world.run(write(dates(proof_at)))

    since = {record.fields["customer_since"] for record in world.records()}
    assert since == {"2024-04-03", "2024-01-23"}
    assert import_.stats.created == import_.stats.total >= ROWS
    [(code, message)] = findings(import_)
    assert code == "notation_decided"
    assert "was read with the day before the month, as '23/01/2024' (" in message


@pytest.mark.parametrize("write", [as_csv, as_ndjson])
def test_proof_that_is_not_looked_at_decides_nothing(write: Any) -> None:
    world = ImportWorld(limits=IN_SPLITS)

    import_ = world.run(write(dates(ROWS - 1_000)))

    assert (import_.stats.created, import_.stats.failed) == (1, ROWS - 1)
    assert {tuple(codes) for codes in world.codes(import_).values()} == {("ambiguous_date",)}
    assert findings(import_) == []


@pytest.mark.parametrize("write", [as_csv, as_ndjson])
def test_a_value_that_contradicts_what_was_decided_fails_its_row(write: Any) -> None:
    world, rows = ImportWorld(limits=IN_SPLITS), dates(0)
    rows[ROWS - 1_000] = ("u", "N", "12/31/2023")

    import_ = world.run(write(rows))

    assert (import_.stats.created, import_.stats.failed) == (ROWS - 1, 1)
    assert world.codes(import_) == {ROWS - 999: ["notation_differs"]}


def test_values_that_prove_both_ways_leave_unclear_ones_refused() -> None:
    world, rows = ImportWorld(limits=IN_SPLITS), dates(0)
    rows[ROWS - 1] = ("u", "N", "12/31/2023")

    import_ = world.run(as_csv(rows))

    assert (import_.stats.created, import_.stats.failed) == (2, ROWS - 2)
    [(code, message)] = findings(import_)
    assert code == "notation_mixed"
    assert "'23/01/2024' (row 1), '12/31/2023' (near the end)" in message


@pytest.mark.parametrize(
    ("source", "is_decided"),
    [
        pytest.param(as_json(dates(0)), True, id="json, at its beginning"),
        pytest.param(as_json(dates(ROWS - 1)), False, id="json, at its end"),
        pytest.param(gzip.compress(as_csv(dates(0))), True, id="gzip, at its beginning"),
        pytest.param(gzip.compress(as_csv(dates(ROWS - 1))), False, id="gzip, at its end"),
        pytest.param(as_csv(dates(0)).decode().encode("utf-16"), True, id="utf-16, at its beginning"),
    ],
)
def test_sources_read_in_one_go_are_looked_at_from_their_beginning(source: bytes, is_decided: bool) -> None:
    world = ImportWorld(limits=IN_SPLITS)

    import_ = world.run(source)

    assert import_.stats.created == (ROWS if is_decided else 1)
    assert import_.stats.total == ROWS


@pytest.mark.parametrize(
    "source",
    [as_json(dates(0)), gzip.compress(as_csv(dates(0))), as_csv(dates(0)).decode().encode("utf-16")],
    ids=["json", "gzip", "utf-16"],
)
def test_a_source_read_in_one_go_is_fetched_once_by_the_task_that_reads_it(source: bytes) -> None:
    world = ImportWorld(limits=IN_SPLITS)
    fetched: list[str] = []

    def intercept(call: Call) -> Any:
        fetched.extend([call.args[0]] if call.name == "files.open_file" else [])
        return call.perform()

    machine = replace(world.machine, stores=CallRecorder(world.stores, intercept).stores)
    import_ = world.queue(source)
    step = machine.plan(Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1))
    assert import_.source is not None
    fetched.clear()

    run_phase(machine, step, PhaseName.PREVALIDATION)

    assert fetched.count(import_.source.key) == 1


@pytest.mark.parametrize("write", [as_csv, as_ndjson, as_json, lambda rows: gzip.compress(as_csv(rows))])
def test_all_of_a_small_source_is_looked_at(write: Any) -> None:
    world = ImportWorld()

    import_ = world.run(write(dates(ROWS - 1)))

    assert import_.stats.created == import_.stats.total == ROWS


def test_numbers_of_a_workbook_have_one_meaning_and_its_texts_that_of_their_column() -> None:
    rows: list[list[object]] = [
        ["sku", "name", "price"],
        ["a", "N", "3.000"],
        ["b", "N", 1.234],
        ["c", "N", "0,5"],
        ["d", "N", 7],
    ]
    world = ImportWorld()

    world.run(workbook({"S": rows}), resource="items")

    prices = {record.fields["sku"]: record.fields["price"] for record in world.records("items")}
    assert prices == {"a": "3000", "b": "1.234", "c": "0.5", "d": "7"}


@pytest.mark.parametrize(
    ("reading", "price", "since"),
    [
        ({"decimal": DecimalSign.POINT, "date_order": DateOrder.DAY_FIRST}, "1234", "2024-04-03"),
        ({"decimal": DecimalSign.COMMA, "date_order": DateOrder.MONTH_FIRST}, "1.234", "2024-03-04"),
    ],
)
@pytest.mark.parametrize("sign", "/-.")
def test_what_is_stated_holds_for_every_column(reading: dict[str, Any], price: str, since: str, sign: str) -> None:
    world, options = ImportWorld(), ReadingOptions(**reading)

    world.run('sku,name,price\na,N,"1,234"\n', resource="items", reading=options)
    world.run(f"external_id,name,customer_since\nu,N,{UNCLEAR.replace('/', sign)}\n", reading=options)

    assert [record.fields["price"] for record in world.records("items")] == [price]
    assert [record.fields["customer_since"] for record in world.records()] == [since]


def test_what_was_decided_first_stays() -> None:
    world = ImportWorld(limits=IN_SPLITS)
    import_ = world.queue(as_csv(dates(ROWS - 1)))
    event = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    workspace = Workspace(world.stores.files, import_, attempt_id="reader")
    world.machine.plan(event)
    [found] = workspace.find_decisions() or []
    earlier = replace(found, conventions=(DateOrder.MONTH_FIRST,))

    workspace.write_decisions([earlier])
    world.machine.plan(event)

    assert found.conventions == (DateOrder.DAY_FIRST,)
    assert workspace.find_decisions() == [earlier]


def test_the_limits_of_the_look_are_those_of_the_docs() -> None:
    assert (Limits().notation_head_bytes, Limits().notation_tail_bytes) == (16 * MB, MB)
