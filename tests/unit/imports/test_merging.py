"""Imports that state by which rule each field is merged."""

import orjson
import pytest

from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.model.row_rules import MergeRule, RowRules
from chalicelib.model.rows import Fields
from tests.import_world import ImportWorld

ANN: Fields = {
    "external_id": "X-1",
    "email": "ann@x.org",
    "name": "Ann",
    "status": "lead",
    "tags": ["press"],
    "notes": "Called in May",
    "metadata": {"plan": "pro", "size": "M"},
}
BOB: Fields = {"external_id": "X-2", "email": "bob@x.org", "name": "Bob"}
RULES = {
    "email": MergeRule.NEVER,
    "status": MergeRule.IF_EMPTY,
    "tags": MergeRule.APPEND,
    "notes": MergeRule.APPEND_LINE,
    "metadata": MergeRule.MERGE,
}
ROW: Fields = {
    "external_id": "X-1",
    "email": "ann@new.org",
    "status": "customer",
    "tags": ["press", "vip"],
    "notes": "Met at the fair",
    "metadata": {"size": "L"},
}


@pytest.fixture
def world() -> ImportWorld:
    """A world with Ann and Bob."""
    world = ImportWorld(limits=Limits(text_characters=40, values=3))
    load(world, ANN, BOB)
    return world


def load(world: ImportWorld, *rows: Fields, rules: dict[str, MergeRule] | None = None, **options: object) -> Import:
    stated = RowRules(merge_rules=rules or {}, match_by=("external_id",))
    return world.run(orjson.dumps([*rows]), resource="contacts", rules=stated, **options)


def record(world: ImportWorld, external_id: str = "X-1") -> Fields:
    [found] = [one.fields for one in world.records("contacts") if one.fields.get("external_id") == external_id]
    return found


def test_each_field_is_merged_by_its_rule_and_the_second_time_nothing_changes(world: ImportWorld) -> None:
    first, second = load(world, ROW, rules=RULES), load(world, ROW, rules=RULES)

    assert (first.stats.updated, second.stats.unchanged) == (1, 1)
    assert record(world) == ANN | {
        "first_name": "Ann",
        "tags": ["press", "vip"],
        "notes": "Called in May\nMet at the fair",
        "metadata": {"plan": "pro", "size": "L"},
    }


def test_a_new_record_takes_everything(world: ImportWorld) -> None:
    load(world, ROW | {"external_id": "X-3", "name": "Eve"}, rules=RULES)

    assert record(world, "X-3")["email"] == "ann@new.org"


def test_an_overwrite_merges_by_the_same_rules(world: ImportWorld) -> None:
    import_ = load(world, ROW, rules=RULES, action="overwrite")

    assert (import_.stats.updated, import_.stats.overwritten) == (1, 1)
    assert record(world)["tags"] == ["press", "vip"]


def test_an_identity_that_is_not_taken_may_be_that_of_another_record(world: ImportWorld) -> None:
    row: Fields = {"external_id": "X-1", "email": "bob@x.org", "name": "Ann B."}

    refused = load(world, row)
    kept = load(world, row, rules=RULES)

    assert world.codes(refused) == {1: ["identity_taken"]}
    assert (kept.stats.updated, record(world)["email"]) == (1, "ann@x.org")


def test_an_id_that_is_not_taken_may_be_that_of_another_record(world: ImportWorld) -> None:
    bob = next(one.record_id for one in world.records("contacts") if one.fields["name"] == "Bob")

    kept = load(world, {"id": bob, "external_id": "X-1", "name": "Ann B."}, rules={"id": MergeRule.NEVER})

    assert (kept.stats.updated, record(world)["name"]) == (1, "Ann B.")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        pytest.param({"notes": "n" * 40}, "too_long", id="text"),
        pytest.param({"tags": ["a", "b", "c"]}, "too_many_values", id="list"),
        pytest.param({"metadata": {"a": 1, "b": 2}}, "too_many_values", id="map"),
    ],
)
def test_a_value_that_would_grow_too_large_fails_its_row(world: ImportWorld, row: Fields, code: str) -> None:
    before = record(world)

    import_ = load(world, {"external_id": "X-1", **row}, rules=RULES)

    assert world.codes(import_) == {1: [code]}
    assert record(world) == before


def test_names_of_records_that_do_not_exist_take_nothing_away(world: ImportWorld) -> None:
    world.run(orjson.dumps([{"name": "Acme"}]), resource="companies")
    load(world, {"external_id": "X-1", "company_name": "Acme"})
    linked = record(world)

    import_ = load(world, {"external_id": "X-1", "company_name": "Beta"}, rules={"company_name": MergeRule.IF_EMPTY})

    assert linked["company_id"]
    assert (import_.stats.unchanged, record(world)) == (1, linked)
