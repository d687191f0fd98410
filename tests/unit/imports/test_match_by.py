"""Imports that state by which identities their rows find records."""

from typing import Any

import orjson
import pytest

from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.model.row_rules import MergeRule, RowRules
from chalicelib.model.rows import Fields
from tests.import_world import ImportWorld

BY_EXTERNAL_ID = ("external_id",)
THEN_EMAIL = ("external_id", "email")
ANN: Fields = {"external_id": "X-1", "email": "ann@x.org", "name": "Ann"}
BOB: Fields = {"external_id": "X-2", "email": "bob@x.org", "name": "Bob"}
EVE: Fields = {"email": "eve@x.org", "name": "Eve"}


@pytest.fixture(params=[Limits(), Limits(small_source_bytes=0, batch_rows=1)], ids=["one task", "batches"])
def world(request: pytest.FixtureRequest) -> ImportWorld:
    """A world with Ann, Bob and Eve, who has no external id."""
    world = ImportWorld(limits=request.param)
    load(world, ANN, BOB, EVE)
    return world


def load(world: ImportWorld, *rows: Fields, match_by: tuple[str, ...] = (), **options: object) -> Import:
    return world.run(orjson.dumps([*rows]), rules=RowRules(match_by=match_by), **options)


def people(world: ImportWorld) -> set[tuple[object, ...]]:
    return {tuple(map(one.fields.get, ("external_id", "email", "name"))) for one in world.records()}


def messages(world: ImportWorld, import_: Import) -> list[str]:
    return [problem["message"] for row in world.errors(import_) for problem in row["_problems"]]


def test_the_first_identity_that_finds_a_record_decides(world: ImportWorld) -> None:
    row: Fields = {"external_id": "X-1", "email": "eve@x.org"}

    merged = load(world, row, match_by=("email", "external_id"))
    deleted = load(world, row, match_by=("email", "external_id"), action="delete")

    assert world.codes(merged) == {1: ["identity_taken"]}
    assert deleted.stats.deleted == 1
    assert people(world) == {("X-1", "ann@x.org", "Ann"), ("X-2", "bob@x.org", "Bob")}


def test_a_record_takes_the_values_of_the_identities_that_did_not_find_it(world: ImportWorld) -> None:
    row: Fields = {"external_id": "X-1", "email": "ann@new.org"}

    import_ = load(world, row, {"external_id": "X-3", "email": "eve@x.org"}, match_by=THEN_EMAIL)

    assert import_.stats.updated == 2
    assert people(world) == {("X-1", "ann@new.org", "Ann"), ("X-2", "bob@x.org", "Bob"), ("X-3", "eve@x.org", "Eve")}


def test_a_record_with_another_value_for_a_surer_identity_is_not_meant(world: ImportWorld) -> None:
    import_ = load(world, {"external_id": "X-9", "email": "ann@x.org"}, match_by=THEN_EMAIL)

    [ann] = [one.record_id for one in world.records() if one.fields["name"] == "Ann"]
    assert world.codes(import_) == {1: ["ambiguous_match"]}
    assert messages(world, import_) == [
        f"The row means more than one record: {ann} by email, and one with another external_id."
    ]


def test_an_identity_that_is_not_stated_finds_no_record_and_stays_unique(world: ImportWorld) -> None:
    rows: list[Fields] = [
        {"external_id": "X-9", "email": "ann@x.org", "name": "New"},
        EVE,
        BOB | {"email": "ann@x.org"},
    ]

    import_ = load(world, *rows[:1], match_by=BY_EXTERNAL_ID)
    others = load(world, *rows[1:], match_by=BY_EXTERNAL_ID)

    assert world.codes(import_) == {1: ["identity_taken"]}
    assert world.codes(others) == {1: ["identity_taken"], 2: ["identity_taken"]}
    assert people(world) == {("X-1", "ann@x.org", "Ann"), ("X-2", "bob@x.org", "Bob"), (None, "eve@x.org", "Eve")}


@pytest.mark.parametrize("handling", ["use_first", "ignore_all"])
def test_copies_by_an_identity_that_is_not_stated_fail_in_file_order(world: ImportWorld, handling: str) -> None:
    rows: list[Fields] = [{"external_id": f"X-{n}", "email": "same@x.org", "name": "N"} for n in (7, 8, 9)]

    import_ = load(world, *rows, match_by=BY_EXTERNAL_ID, duplicate_handling=handling)

    assert import_.stats.created == 1
    assert world.codes(import_) == {2: ["identity_taken"], 3: ["identity_taken"]}
    assert messages(world, import_) == ["'email' belongs to another record: that of row 1."] * 2


@pytest.mark.parametrize(("handling", "updated", "skipped"), [("use_first", 1, 1), ("ignore_all", 0, 2)])
def test_copies_by_a_stated_identity_are_handled_as_duplicates(
    world: ImportWorld, handling: str, updated: int, skipped: int
) -> None:
    again = ANN | {"name": "Ann again"}

    import_ = load(world, again, again, match_by=BY_EXTERNAL_ID, duplicate_handling=handling)

    assert (import_.stats.updated, import_.stats.skipped, import_.stats.failed) == (updated, skipped, 0)


def test_rows_that_mean_one_record_by_different_stated_identities_are_duplicates(world: ImportWorld) -> None:
    import_ = load(world, {"external_id": "X-1"}, {"email": "ann@x.org"}, match_by=THEN_EMAIL)

    assert world.codes(import_) == {2: ["duplicate_in_source"]}


def test_the_id_of_another_record_is_taken(world: ImportWorld) -> None:
    ids = {one.fields["name"]: one.record_id for one in world.records()}
    rows: list[Fields] = [
        {"id": ids["Eve"], "external_id": "X-1"},
        {"id": ids["Bob"], "external_id": "X-9", "name": "N"},
    ]

    import_ = load(world, *rows, match_by=BY_EXTERNAL_ID)

    assert world.codes(import_) == {1: ["identity_taken"], 2: ["identity_taken"]}
    assert messages(world, import_) == [
        f"'id' belongs to another record: {ids['Eve']}.",
        f"'id' belongs to another record: {ids['Bob']}.",
    ]


@pytest.mark.parametrize("action", ["update", "delete"])
def test_what_is_named_by_other_identities_only_is_not_found(world: ImportWorld, action: str) -> None:
    by_id: Fields = {"id": world.records()[0].record_id, "external_id": "X-9"}

    import_ = load(world, by_id, {"external_id": "X-8", "email": "ann@x.org"}, match_by=BY_EXTERNAL_ID, action=action)

    assert world.codes(import_) == {1: ["not_found"], 2: ["not_found"]}
    assert len(people(world)) == 3


def test_a_deletion_asks_for_nothing_but_the_stated_identities(world: ImportWorld) -> None:
    rows: list[Fields] = [{"external_id": f"X-{n}", "email": "eve@x.org"} for n in (1, 2)]

    import_ = load(world, *rows, match_by=BY_EXTERNAL_ID, action="delete")

    assert import_.stats.deleted == 2
    assert people(world) == {(None, "eve@x.org", "Eve")}


def test_an_overwrite_keeps_what_rows_name_by_any_identity(world: ImportWorld) -> None:
    import_ = load(
        world,
        ANN,
        {"external_id": "X-9", "email": "eve@x.org", "name": "N"},
        match_by=BY_EXTERNAL_ID,
        action="overwrite",
    )

    assert (import_.stats.unchanged, import_.stats.failed, import_.stats.overwritten) == (1, 1, 1)
    assert people(world) == {("X-1", "ann@x.org", "Ann"), (None, "eve@x.org", "Eve")}


def test_an_id_that_no_record_has_is_that_of_the_new_record(world: ImportWorld) -> None:
    load(world, {"id": "cus_new", "external_id": "X-9", "name": "New"}, match_by=BY_EXTERNAL_ID)

    assert "cus_new" in [one.record_id for one in world.records()]


@pytest.mark.parametrize("action", ["merge", "overwrite", "update", "delete"])
def test_a_source_without_any_stated_identity_is_refused(world: ImportWorld, action: str) -> None:
    import_ = load(world, EVE, match_by=BY_EXTERNAL_ID, action=action)

    assert import_.status == "failed"
    assert (import_.reason or "").startswith("no_identity_column: ")
    assert "by one of: external_id." in (import_.reason or "")
    assert len(people(world)) == 3


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ({"merge_rules": {}}, {"cus_1": "Ann", "cus_2": "Bob"}),
        ({"merge_rules": {"id": MergeRule.NEVER}}, {"cus_1": "New", "cus_2": "Bob"}),
        ({"action": "delete"}, {"cus_2": "Bob"}),
    ],
    ids=["an update", "an update that never takes ids", "a delete"],
)
def test_the_id_of_another_record_fails_a_row_only_where_it_would_be_taken(
    options: dict[str, Any], left: dict[str, str]
) -> None:
    world = ImportWorld()
    world.run("id,name,email\ncus_1,Ann,ann@x.com\ncus_2,Bob,bob@x.com\n")
    rules = RowRules(match_by=("email",), merge_rules=options.get("merge_rules", {}))

    world.run("id,name,email\ncus_2,New,ann@x.com\n", action=options.get("action", "update"), rules=rules)

    assert {one.record_id: one.fields["name"] for one in world.records()} == left
