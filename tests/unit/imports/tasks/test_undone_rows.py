"""The rows of an undo are what the import has written, the last first."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Refused, Retryable
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.recovery import ATTEMPT_LIVES_S
from chalicelib.imports.tasks.undone_rows import ROW_BYTES, UndoneImport, divide_undo, open_undone_rows
from chalicelib.imports.workspace import UndoSplit
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, Stats
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.object_keys import before_images_folder
from chalicelib.model.phases import PhaseName
from chalicelib.model.row_rules import RowRules
from tests.undoing import UndoWorld

IN_BATCHES = Limits(small_source_bytes=0, batch_rows=2)
CSV = "external_id,name\nX-1,Ann\nX-2,Bob\nX-3,Cy\n"


def context_of(world: UndoWorld, import_: Import) -> TaskContext:
    return world.machine._context(world.request_undo(import_))


def rows_of(context: TaskContext) -> list[dict[str, Any]]:
    divide_undo(context)
    shown: list[dict[str, Any]] = []
    for split in range(len(context.workspace.undo_plan.get_splits())):
        with open_undone_rows(context, split) as source:
            shown += [dict(given) for block in source.blocks for given in block.given if isinstance(given, dict)]
    return shown


def test_rows_that_wrote_come_the_last_first() -> None:
    world = UndoWorld(IN_BATCHES)
    world.run(CSV)
    import_ = world.run("external_id,name\nX-1,Ann Newman\nX-2,Bob\nX-3,Cy Newman\nX-4,Dee\nX-5,\n")

    shown = rows_of(context_of(world, import_))

    ids = {one.fields["external_id"]: one.record_id for one in world.records()}
    assert shown == [
        {"of_row": row, "resource": "customers", "record_id": ids[name]}
        for row, name in ((4, "X-4"), (3, "X-3"), (1, "X-1"))
    ]


def test_what_cleanup_has_deleted_comes_before_the_rows() -> None:
    world = UndoWorld()
    world.run(CSV)
    world.clock.now_s += 60
    import_ = world.run("external_id,name\nX-1,Ann Newman\n", action="overwrite")

    assert [one["of_row"] for one in rows_of(context_of(world, import_))] == [0, 0, 1]


def test_what_was_created_for_rows_comes_last() -> None:
    world = UndoWorld(IN_BATCHES)
    source = "name,email,company_name\nAnn,ann@x.com,Acme\nBob,bob@x.com,Acme\nCy,cy@x.com,Beta\n"
    import_ = world.run(source, resource="contacts", rules=RowRules(create_missing=("company_name",)))

    shown = [(one["resource"], one["of_row"]) for one in rows_of(context_of(world, import_))]

    assert shown == [("contacts", 3), ("contacts", 2), ("contacts", 1), ("companies", 3), ("companies", 1)]


def test_rows_tell_which_objects_may_have_their_image() -> None:
    world = UndoWorld()
    world.run(CSV)
    import_ = world.run("external_id,name\nX-1,Ann Newman\nX-9,New\n")
    context = context_of(world, import_)

    divide_undo(context)
    with open_undone_rows(context, 0) as source:
        (done,) = [source.prevalidate(block) for block in source.blocks]

    (created, updated) = done.drafts
    assert (created.is_match, created.identity_keys) == (True, [])
    fields = done.fields.by_row()
    assert "images" not in fields[created.row_number]
    assert [str(one).startswith("0/1-1.") for one in fields[updated.row_number]["images"]] == [True]  # type: ignore[union-attr]


def test_cleanup_that_lost_a_race_has_no_row() -> None:
    world = UndoWorld()
    world.run(CSV)
    world.clock.now_s += 60
    import_ = world.run("external_id,name\nX-1,Ann\n", action="overwrite")
    undone = UndoneImport(context_of(world, import_))
    bob = next(one for one in undone._stores.records.get_many(import_.tenant_id, "customers", ids(world)).values())

    assert undone._may_have_made(bob, bob.version)
    other = replace(bob, stamps=(replace(bob.stamps[-1], import_id=ImportId("imp_other")),))
    assert not undone._may_have_made(other, other.version)
    assert not undone._may_have_made(bob, bob.version + 1)
    assert undone._may_have_made(replace(other, version=bob.version + 4), bob.version)
    assert undone._may_have_made(None, 2)


def ids(world: UndoWorld) -> list[Any]:
    records = world.shown._partition(world.caller.tenant_id, "customers").records
    return [record_id for record_id, (record, _) in records.items() if record.is_deleted]


@pytest.mark.parametrize(
    ("limits", "is_small"),
    [pytest.param(DEFAULT_LIMITS, True, id="small"), pytest.param(IN_BATCHES, False, id="large")],
)
def test_a_small_undo_is_run_by_one_function(limits: Limits, is_small: bool) -> None:
    world = UndoWorld(limits)

    division = divide_undo(context_of(world, world.run(CSV)))

    assert (division.splits, division.expected_rows, division.is_small) == (1, 3, is_small)


def test_splits_read_no_more_than_a_task_should() -> None:
    world = UndoWorld(Limits(small_source_bytes=0, batch_rows=1))
    rows = "".join(f"X-{number},Ann\n" for number in range(21))
    import_ = world.run(f"external_id,name\n{rows}")

    splits = UndoneImport(context_of(world, import_)).divide()

    assert splits == [
        UndoSplit(resource="customers", batches=tuple(range(20, 0, -1))),
        UndoSplit(resource="customers", batches=(0,)),
    ]


def a_dead_task(world: UndoWorld) -> Import:
    """An import of which one task of two has left no result, as if it had died after its last write."""
    world.run(CSV)
    import_ = world.run("external_id,name\nX-1,Ann Newman\nX-2,Bob Newman\nX-3,Cy Newman\n")
    results = world.stores.results._results  # type: ignore[attr-defined]
    del results[import_.import_id, import_.attempt, PhaseName.PROCESSING][0]
    return import_


def test_what_a_task_has_written_that_died_is_undone_too() -> None:
    world = UndoWorld(IN_BATCHES)
    import_ = a_dead_task(world)
    world.clock.now_s += ATTEMPT_LIVES_S

    undo = world.undo(import_)

    assert (undo.stats.total, undo.stats.updated) == (3, 3)
    assert [one.fields["name"] for one in world.records()] == ["Ann", "Bob", "Cy"]


def test_an_undo_waits_for_a_task_that_may_be_writing() -> None:
    world = UndoWorld(IN_BATCHES)
    context = context_of(world, a_dead_task(world))

    with pytest.raises(Retryable, match="may be at work"):
        rows_of(context)


def test_a_task_that_never_began_has_written_nothing() -> None:
    world = UndoWorld(IN_BATCHES)
    import_ = a_dead_task(world)
    for key in world.stores.files.list_keys(f"work/{import_.tenant_id}/{import_.import_id}/1/processing/attempts/0/"):
        world.stores.files.delete_files(key)

    assert [one["of_row"] for one in rows_of(context_of(world, import_))] == [3]


def test_records_that_were_made_for_rows_of_a_task_that_died_are_undone() -> None:
    world = UndoWorld(IN_BATCHES)
    source = "name,email,company_name\nAnn,ann@x.com,Acme\nBob,bob@x.com,Acme\n"
    import_ = world.run(source, resource="contacts", rules=RowRules(create_missing=("company_name",)))
    stored = world.stores.imports._imports  # type: ignore[attr-defined]
    told = Stats(total=2, unprocessed=2)
    stored[import_.tenant_id, import_.import_id] = replace(import_, stats=told)
    del world.stores.results._results[import_.import_id, 1, PhaseName.PROCESSING][0]  # type: ignore[attr-defined]
    world.clock.now_s += ATTEMPT_LIVES_S

    world.undo(import_)

    assert [*world.records("contacts"), *world.records("companies")] == []


def test_records_that_were_made_for_rows_name_few_objects() -> None:
    world = UndoWorld()
    world.run("external_id,name\nC-1,Acme\nC-2,Beta\n", resource="companies")
    source = "name,email,company_name\nAnn,ann@x.com,Acme\nBob,bob@x.com,Cetra\n"
    import_ = world.run(source, resource="contacts", rules=RowRules(create_missing=("company_name",)))
    context = context_of(world, import_)
    name = f"{before_images_folder(import_.tenant_id, import_.import_id, '0')}1-1.other.1"
    world.stores.files.write_file(name, b"")

    splits = UndoneImport(context).divide()
    (made,) = UndoneImport(context).each_row(splits[-1])

    assert (made.of_row, made.images) == (2, ())


def test_where_the_results_are_gone_the_undo_is_refused() -> None:
    world = UndoWorld()
    import_ = world.run(CSV)
    context = context_of(world, import_)
    divide_undo(context)
    for key in world.stores.files.list_keys(f"work/{import_.tenant_id}/{import_.import_id}/1/processing/outcomes"):
        world.stores.files.delete_files(key)

    with pytest.raises(Refused, match="not known any more"), open_undone_rows(context, 0) as source:
        list(source.blocks)


@pytest.mark.parametrize(("less", "is_small"), [(0, True), (1, False)], ids=["just fits", "a byte less"])
def test_an_undo_of_few_rows_is_small(less: int, is_small: bool) -> None:
    world = UndoWorld()
    context = context_of(world, world.run(CSV))
    limits = replace(context.limits, small_source_bytes=3 * ROW_BYTES - less)

    division = divide_undo(replace(context, limits=limits))

    assert (division.expected_rows, division.is_small) == (3, is_small)
