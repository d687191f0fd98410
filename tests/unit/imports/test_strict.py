"""A strict import does what its preview has shown, or leaves the record alone."""

from random import Random
from typing import Any

import pytest

from chalicelib.imports.workspace import Workspace
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.guard_rails import GuardRails
from chalicelib.model.imports import Action, Import, Status
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.records import Record
from chalicelib.model.row_rules import RowRules
from chalicelib.model.rows import REJECTED, RowOutcome
from tests.import_world import TENANT, ImportWorld
from tests.random_rows import random_rows
from tests.unit.imports.test_previews import as_source, named_by, outcomes

ROWS = 14
IN_BATCHES = Limits(small_source_bytes=0, batch_rows=5)
CUSTOMERS = "name,external_id,email\nAnn,x-1,ann@x.com\nBob,x-2,bob@x.com\nCy,x-3,cy@x.com\n"
OTHERS = "name,external_id,email\nAnnie,x-1,ann@x.com\nBob,x-2,bob@x.com\nDan,x-4,dan@x.com\n"


def confirm_strictly(world: ImportWorld, source: str, preview: Import, **options: Any) -> Import:
    """Runs the strict import of a preview, and returns it as it ended."""
    assert preview.began_ms is not None
    return world.run(source, preview_of=preview.import_id, strict_since_ms=preview.began_ms, **options)


def previewed(world: ImportWorld, preview: Import) -> dict[int, RowOutcome]:
    workspace = Workspace(world.stores.files, preview, attempt_id="")
    pages = workspace.row_pages.each_page(workspace.get_batches(), lambda _: False)
    return {one.row_number: one for page in pages for one in workspace.row_pages.read_outcomes(page)}


def live(world: ImportWorld, resource: str) -> dict[str, Record]:
    return {one.record_id: one for one in world.records(resource)}


def messages(world: ImportWorld, import_: Import) -> list[tuple[int, str, list[str]]]:
    return [(one.row_number, one.outcome.value, [p.message for p in one.problems]) for one in outcomes(world, import_)]


def test_rows_whose_record_was_changed_made_or_deleted_fail_and_tell_how() -> None:
    world = ImportWorld()
    world.run("name,external_id,email\nAnn,x-1,ann@x.com\nEve,x-9,eve@x.com\n")
    source = "name,external_id,email\nAnna,x-1,ann@x.com\nBob,x-2,bob@x.com\nCy,x-3,cy@x.com\nEva,x-9,eve@x.com\n"
    preview = world.run(source, is_preview=True)
    world.run("name,external_id,email\nAnnie,x-1,ann@x.com\nBobby,x-2,bob@x.com\n")
    world.run("external_id\nx-9\n", action="delete")
    before = live(world, "customers")
    bob, ann, eve = (
        next(number for number, one in before.items() if one.fields["external_id"] == "x-2"),
        *(str(previewed(world, preview)[row].record_id) for row in (1, 4)),
    )

    done = confirm_strictly(world, source, preview)

    change = "What the row means has changed since the preview: it was {}, and is {} now."
    assert messages(world, done) == [
        (1, "failed", [change.format(f"{ann}, version 1", f"{ann}, version 2")]),
        (2, "failed", [change.format("a new record", f"{bob}, version 1")]),
        (3, "created", []),
        (4, "failed", [change.format(f"{eve}, version 1", "a new record")]),
    ]
    assert {one: record for one, record in live(world, "customers").items() if one in before} == before


def test_a_row_that_was_rejected_does_not_come_to_a_record_behind_the_back_of_who_confirmed() -> None:
    world = ImportWorld()
    world.run("name,external_id,email\nAnn,x-1,\nBob,,ann@x.com\n")
    source = "name,external_id,email\nAnna,x-1,ann@x.com\n"
    preview = world.run(source, is_preview=True)
    world.run("email\nann@x.com\n", action="delete")

    done = confirm_strictly(world, source, preview)

    ((_, outcome, (message,)),) = messages(world, done)
    assert outcome == "failed"
    assert message.startswith("What the row means has changed since the preview: it was a row without a record")


def test_a_guard_rail_counts_what_has_changed_before_anything_is_written() -> None:
    world = ImportWorld()
    world.run(CUSTOMERS)
    preview = world.run(OTHERS, is_preview=True)
    world.run(CUSTOMERS.replace("Ann", "Anna"))
    before = world.records()

    done = confirm_strictly(world, OTHERS, preview, guard_rails=GuardRails(all_or_nothing=True))

    assert (done.status, done.reason) == (Status.FAILED, "all_or_nothing: 1 of 3 rows")
    assert world.records() == before


def test_an_overwrite_deletes_no_record_that_the_preview_has_not_seen_as_it_is() -> None:
    world = ImportWorld()
    world.run(CUSTOMERS)
    preview = world.run(OTHERS, is_preview=True, action="overwrite")
    world.run("name,external_id,email\nEve,x-9,eve@x.com\n")

    done = confirm_strictly(world, OTHERS, preview, action="overwrite")

    assert (preview.stats.overwritten, done.stats.overwritten) == (1, 1)
    assert sorted(str(one.fields["name"]) for one in world.records()) == ["Annie", "Bob", "Dan", "Eve"]


def test_an_overwrite_leaves_what_was_changed_since_the_preview() -> None:
    world = ImportWorld()
    world.run(CUSTOMERS)
    preview = world.run(OTHERS, is_preview=True, action="overwrite")
    world.run("name,external_id\nCyd,x-3\n")

    done = confirm_strictly(world, OTHERS, preview, action="overwrite")

    assert (preview.stats.overwritten, done.stats.overwritten) == (1, 0)


def test_without_what_the_preview_told_nothing_is_written() -> None:
    world = ImportWorld()
    preview = world.run(OTHERS, is_preview=True)
    world.stores.files.delete_files(f"work/{TENANT}/{preview.import_id}/")

    done = confirm_strictly(world, OTHERS, preview)

    assert (done.status, world.records()) == (Status.FAILED, [])
    assert (done.reason or "").startswith("rows_expired")


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("resource", RESOURCES)
def test_each_row_does_what_was_previewed_or_nothing(resource: str, action: Action) -> None:
    for seed in range(4):
        limits = IN_BATCHES if seed % 2 else DEFAULT_LIMITS
        world, chance = ImportWorld(limits=limits), Random(seed)
        rules = RowRules(create_missing=named_by(resource) if seed < 2 else ())
        wanted: dict[str, Any] = {"resource": resource, "action": action, "rules": rules}
        world.run(as_source(random_rows(RESOURCES[resource], chance, ROWS)), resource=resource)
        source = as_source(random_rows(RESOURCES[resource], chance, ROWS))
        preview = world.run(source, is_preview=True, **wanted)
        seen, shown = live(world, resource), previewed(world, preview)
        world.run(as_source(random_rows(RESOURCES[resource], chance, 3)), resource=resource)
        between = live(world, resource)
        changed = {one for one in seen.keys() | between.keys() if seen.get(one) != between.get(one)}

        done = confirm_strictly(world, source, preview, **wanted)

        assert done.stats.accounted == done.stats.total == ROWS
        for one in (one for one in outcomes(world, done) if one.outcome not in REJECTED):
            was = shown[one.row_number]
            assert (was.record_id, was.outcome) == (one.record_id, one.outcome), (seed, one)
            assert one.record_id not in changed, (seed, one)
        after = live(world, resource)
        assert all(after.get(one) == between.get(one) for one in changed), seed


@pytest.mark.parametrize("resource", RESOURCES)
def test_where_nothing_has_changed_strictness_changes_nothing(resource: str) -> None:
    """Rows of different batches that want one address race for it, so that such resources have one batch here."""
    for seed in range(3):
        limits = IN_BATCHES if seed and not RESOURCES[resource].stand_ins else DEFAULT_LIMITS
        results = []
        for is_strict in (False, True):
            world, chance = ImportWorld(limits=limits), Random(seed)
            world.run(as_source(random_rows(RESOURCES[resource], chance, ROWS)), resource=resource)
            source = as_source(random_rows(RESOURCES[resource], chance, ROWS))
            preview = world.run(source, is_preview=True, resource=resource)
            options: dict[str, Any] = {"resource": resource, "preview_of": preview.import_id}
            done = world.run(source, **options, strict_since_ms=preview.began_ms if is_strict else None)
            contents = {one: record.fields for one, record in live(world, resource).items()}
            results.append((done.stats, done.drift, messages(world, done), contents))
        assert results[0] == results[1]
