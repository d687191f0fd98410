"""Which way an import takes, and how it is divided: workbooks need memory, whatever they are packed in, and what is
large is read by several tasks.
"""

import gzip
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.imports.events import Event, Step
from chalicelib.imports.workspace import Workspace
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import Limits
from chalicelib.model.row_rules import RowRules
from chalicelib.stores.memory import MemoryRecords
from tests.import_world import ImportWorld
from tests.other_workbooks import ods, ods_table, ods_text, xls, xlsb
from tests.real_pipeline import connect_pipeline
from tests.retries import imported, requested_again
from tests.workbooks import packed, parts, workbook
from tests.world import World

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
    return planned(world, world.queue(content)).route


def planned(world: ImportWorld, import_: Import) -> Step:
    return world.machine.plan(Event(tenant_id=import_.tenant_id, import_id=import_.import_id, attempt=1))


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


LINES = CSV * 100
SPLIT = Limits(small_source_bytes=0, split_bytes=1_000)


@pytest.mark.parametrize(
    ("content", "limits", "rules", "splits"),
    [
        pytest.param(LINES, SPLIT, RowRules(), 2, id="a large text"),
        pytest.param(LINES, Limits(small_source_bytes=len(LINES), split_bytes=1_000), RowRules(), 1, id="a small one"),
        pytest.param(LINES, SPLIT, RowRules(max_rows=9), 1, id="rows are limited, and one task counts them"),
        pytest.param(workbook(ROWS), SPLIT, RowRules(), 1, id="where rows end shows on reading"),
    ],
)
def test_a_source_has_a_task_for_each_split_and_says_so(
    content: bytes, limits: Limits, rules: RowRules, splits: int
) -> None:
    """A phase of one task need not say so."""
    world = ImportWorld(limits=limits)
    import_ = world.queue(content, rules=rules)

    step = planned(world, import_)

    assert step.tasks == tuple(range(splits))
    assert [one.tasks for one in world.get(import_).phases] == [splits if splits > 1 else 0] + [0] * 6


class WatchedRecords(MemoryRecords):
    """Records that tell for how many rows they were prepared."""

    def __init__(self) -> None:
        super().__init__()
        self.expected: list[tuple[str, int]] = []

    def prepare(self, tenant_id: TenantId, resource: str, *, expected_rows: int) -> int:
        self.expected.append((resource, expected_rows))
        return super().prepare(tenant_id, resource, expected_rows=expected_rows)


@pytest.mark.parametrize(
    ("small_source_bytes", "action", "expected", "shards"),
    [
        pytest.param(len(LINES), "merge", [], 0, id="a small source leaves that to the first write"),
        pytest.param(len(LINES), "overwrite", [("customers", 31)], 32, id="an overwrite reads all records"),
        pytest.param(len(LINES) - 1, "merge", [("customers", 31)], 0, id="a large source brings many"),
        pytest.param(len(LINES) - 1, "overwrite", [("customers", 31)], 32, id="a large overwrite"),
    ],
)
def test_records_are_prepared_for_what_comes(
    small_source_bytes: int, action: str, expected: list[tuple[str, int]], shards: int
) -> None:
    world = ImportWorld(limits=Limits(small_source_bytes=small_source_bytes))
    records = WatchedRecords()
    world.stores = replace(world.stores, records=records)
    world.machine = replace(world.machine, stores=world.stores)
    import_ = world.queue(LINES, action=action)

    planned(world, import_)

    assert records.expected == expected
    assert Workspace(world.stores.files, import_, attempt_id="").get_manifest().shards == shards


@pytest.mark.parametrize(
    ("before", "options", "starts_empty"),
    [
        pytest.param([], {}, True, id="nothing is stored"),
        pytest.param([], {"action": "create"}, True, id="all is to be created"),
        pytest.param([{}, {"action": "delete"}], {}, True, id="all was deleted"),
        pytest.param([{}], {}, False, id="a record is stored"),
        pytest.param([{"resource": "contacts"}], {}, True, id="a record of another resource"),
        pytest.param([], {"action": "update"}, False, id="no write would find out"),
        pytest.param([], {"is_preview": True}, False, id="nothing is written"),
    ],
)
def test_whether_anything_is_stored_is_seen_before_an_import(
    before: list[dict[str, str]], options: dict[str, Any], starts_empty: bool
) -> None:
    world = ImportWorld(limits=SPLIT)
    for one in before:
        world.run(CSV, **one)
    import_ = world.queue(LINES, **options)

    planned(world, import_)

    assert Workspace(world.stores.files, import_, attempt_id="").get_manifest().starts_empty is starts_empty


@pytest.mark.parametrize(("size_bytes", "looks"), [(199_999, False), (200_000, True)])
def test_a_short_import_does_not_look_whether_anything_is_stored(size_bytes: int, looks: bool) -> None:
    world = ImportWorld()
    import_ = world.queue(LINES.ljust(size_bytes, b"\n"))

    planned(world, import_)

    assert Workspace(world.stores.files, import_, attempt_id="").get_manifest().starts_empty is looks


def test_an_import_without_a_source_ends_without_a_row() -> None:
    world = ImportWorld()

    assert planned(world, world.queue(CSV, source=None)).route == "finish"


@pytest.mark.parametrize(("batch_rows", "route"), [(2, "run_phases"), (1, "prevalidate")])
def test_a_retry_is_small_where_its_rows_fit_into_a_batch(batch_rows: int, route: str) -> None:
    world = World(Limits(batch_rows=batch_rows))
    root = imported(world, b"name,email\nAnn,wrong\nBob,wrong\nCid,cid@x.com\n")

    child = requested_again(world, root)

    event = Event(tenant_id=child.tenant_id, import_id=child.import_id, attempt=1)
    assert connect_pipeline(world).plan(event).route == route


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
