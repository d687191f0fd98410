"""Which function reads a source: workbooks need memory, whatever they are packed in."""

import gzip

import pytest

from chalicelib.imports.events import Event
from chalicelib.model.imports import Status
from chalicelib.model.limits import Limits
from tests.import_world import ImportWorld
from tests.other_workbooks import ods, ods_table, ods_text, xls, xlsb
from tests.workbooks import packed, parts, workbook

ROWS: dict[str, list[list[object]]] = {"S": [["name", "email"], ["Ada", "ada@example.com"]]}
CSV = b"name,email\nAda,ada@example.com\n"
ODS = ods(ods_table([[ods_text("name"), ods_text("email")], [ods_text("Ada"), ods_text("ada@example.com")]]))
SOURCES = {
    "csv": CSV,
    "gzip": gzip.compress(CSV),
    "xlsx": workbook(ROWS),
    "xls": xls(ROWS),
    "xlsb": xlsb(ROWS),
    "ods": ODS,
    "zip": packed([("people.csv", CSV)]),
    "gzipped workbook": gzip.compress(workbook(ROWS)),
}


def route(content: bytes, *, small_source_bytes: int) -> str:
    world = ImportWorld(limits=Limits(small_source_bytes=small_source_bytes))
    import_ = world.queue(content)
    return world.machine.plan(Event(tenant_id=import_.tenant_id, import_id=import_.import_id, attempt=1)).route


@pytest.mark.parametrize("kind", SOURCES)
def test_workbooks_and_archives_go_where_there_is_memory(kind: str) -> None:
    is_text = kind in ("csv", "gzip")

    assert route(SOURCES[kind], small_source_bytes=1 << 20) == ("run_phases" if is_text else "run_phases_on_workbook")
    assert route(SOURCES[kind], small_source_bytes=0) == ("prevalidate" if is_text else "prevalidate_workbook")


@pytest.mark.parametrize(
    ("kind", "growth"), [("csv", 1), ("gzip", 20), ("zip", 20), ("xlsx", 1), ("ods", 1), ("xls", 1)]
)
def test_what_is_packed_is_taken_to_grow(kind: str, growth: int) -> None:
    size = len(SOURCES[kind]) * growth

    assert route(SOURCES[kind], small_source_bytes=size).startswith("run_phases")
    assert route(SOURCES[kind], small_source_bytes=size - 1).startswith("prevalidate")


@pytest.mark.parametrize("small_source_bytes", [1 << 20, 0], ids=["in one task", "in batches"])
@pytest.mark.parametrize("kind", SOURCES)
def test_each_becomes_the_same_record(kind: str, small_source_bytes: int) -> None:
    world = ImportWorld(limits=Limits(small_source_bytes=small_source_bytes))

    import_ = world.run(SOURCES[kind])

    assert (import_.status, import_.stats.created) == (Status.COMPLETED, 1)
    assert [one.fields["email"] for one in world.records()] == ["ada@example.com"]


def test_cells_that_cannot_be_read_fail_their_rows_and_no_other() -> None:
    data = (
        '<row r="1"><c r="A1" t="str"><v>external_id</v></c><c r="B1" t="str"><v>name</v></c></row>'
        '<row r="2"><c r="A2"><v>1234567890123456781</v></c><c r="B2" t="str"><v>Ann</v></c></row>'
        '<row r="3"><c r="A3"><v>1234567890123456789</v></c><c r="B3" t="str"><v>Bob</v></c></row>'
        '<row r="4"><c r="A4"><v>1.23456789012346E+18</v></c><c r="B4" t="str"><v>Cy</v></c></row>'
        '<row r="5"><c r="A5"><f>B5</f><v/></c><c r="B5" t="str"><v>Di</v></c></row>'
    )
    world = ImportWorld()

    import_ = world.run(packed(parts(data).items()))

    assert (import_.stats.total, import_.stats.created, import_.stats.failed) == (4, 2, 2)
    assert world.codes(import_) == {3: ["inexact_number"], 4: ["formula_not_computed"]}
    assert sorted(str(one.fields["external_id"]) for one in world.records()) == [
        "1234567890123456781",
        "1234567890123456789",
    ]


def test_a_workbook_that_breaks_off_changes_nothing() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="str"><v>a{n}@x.org</v></c></row>' for n in range(2, 3_000))
    data = f'<row r="1"><c r="A1" t="str"><v>email</v></c></row>{rows}<row r="9"/>'
    world = ImportWorld()

    import_ = world.run(packed(parts(data).items()))

    assert (import_.status, world.records()) == (Status.FAILED, [])
    assert import_.reason is not None
    assert "The workbook is damaged" in import_.reason


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param('<c r="C2" t="e"><v>#N/A</v></c>', id="an error"),
        pytest.param('<c r="C2"><f>1+1</f></c>', id="no result"),
        pytest.param('<c r="C2"><v>1.23456789012346E+18</v></c>', id="lost digits"),
    ],
)
def test_a_row_that_cannot_be_read_costs_no_record(cell: str) -> None:
    world = ImportWorld()
    world.run("external_id,name,notes\nC-1,Ann,a\nC-2,Bob,b\n")
    world.clock.now_s += 10
    data = (
        '<row r="1"><c r="A1" t="str"><v>external_id</v></c><c r="B1" t="str"><v>name</v></c>'
        '<c r="C1" t="str"><v>notes</v></c></row>'
        f'<row r="2"><c r="A2" t="str"><v>C-1</v></c><c r="B2" t="str"><v>Ann</v></c>{cell}</row>'
    )

    import_ = world.run(packed(parts(data).items()), action="overwrite")

    assert (import_.stats.failed, import_.stats.overwritten, len(world.records())) == (1, 0, 2)
