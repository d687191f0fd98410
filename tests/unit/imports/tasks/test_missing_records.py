"""Records that rows name and that do not exist are made before the rows are written."""

from dataclasses import replace

import orjson
import pytest

from chalicelib.imports.events import Event
from chalicelib.imports.tasks.hand_over import HandedOver
from chalicelib.imports.tasks.missing_records import NamedRecords
from chalicelib.imports.tasks.processing import process_batch
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import Import, Stats
from chalicelib.model.limits import Limits
from chalicelib.model.phases import FIRST_PHASE, PhaseName
from chalicelib.model.records import MISSING_STEP
from chalicelib.model.row_rules import MergeRule, RowRules
from chalicelib.model.rows import Fields
from tests.import_world import TENANT, ImportWorld, run_import, run_phase

ANN: Fields = {"external_id": "P-1", "email": "ann@x.org", "name": "Ann", "company_name": "Acme"}
BOB: Fields = {"external_id": "P-2", "email": "bob@x.org", "name": "Bob", "company_name": "ACME"}
EVE: Fields = {"external_id": "P-3", "email": "eve@x.org", "name": "Eve", "company_name": "Beta"}
CREATE_MISSING = RowRules(create_missing=("company_name",))


@pytest.fixture
def world() -> ImportWorld:
    return ImportWorld(limits=Limits(small_source_bytes=0, batch_rows=2))


def load(world: ImportWorld, *rows: Fields, rules: RowRules = CREATE_MISSING, **options: object) -> Import:
    return world.run(orjson.dumps([*rows]), resource="contacts", rules=rules, **options)


def companies(world: ImportWorld) -> dict[object, RecordId]:
    return {one.fields["name"]: one.record_id for one in world.records("companies")}


def links(world: ImportWorld) -> dict[object, object]:
    return {one.fields["name"]: one.fields.get("company_id") for one in world.records("contacts")}


def stop_before_processing(world: ImportWorld, *rows: Fields) -> tuple[Import, Event]:
    """An import that has come as far as to the tasks of processing."""
    import_ = world.queue(orjson.dumps([*rows]), resource="contacts", rules=CREATE_MISSING)
    event = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    step = world.machine.plan(event)
    phase = FIRST_PHASE
    while phase is not PhaseName.PROCESSING:
        step = run_phase(world.machine, step, phase)
        phase = PhaseName(step.route)
    return import_, event


def test_a_company_is_made_once_for_all_rows_that_name_it(world: ImportWorld) -> None:
    import_ = load(world, ANN, BOB, EVE)

    made = companies(world)
    assert sorted(map(str, made)) == ["Acme", "Beta"]
    assert links(world) == {"Ann": made["Acme"], "Bob": made["Acme"], "Eve": made["Beta"]}
    assert import_.stats.created_references == {"companies": 2}
    assert (import_.stats.created, import_.stats.accounted) == (3, 3)


def test_a_company_bears_the_stamp_of_the_first_row_that_names_it(world: ImportWorld) -> None:
    import_ = load(world, ANN, BOB)

    [acme] = world.records("companies")
    assert [(one.import_id, one.row_number, one.step) for one in acme.stamps] == [(import_.import_id, 1, MISSING_STEP)]


def test_the_second_import_makes_nothing(world: ImportWorld) -> None:
    load(world, ANN, EVE)

    again = load(world, ANN, EVE)

    assert (again.stats.unchanged, again.stats.created_references) == (2, {})


def test_without_the_option_nothing_is_made(world: ImportWorld) -> None:
    import_ = load(world, ANN, rules=RowRules())

    assert (companies(world), links(world)) == ({}, {"Ann": None})
    assert import_.problem_counts == {"reference_dead": 1}


def test_rows_that_write_nothing_make_nothing(world: ImportWorld) -> None:
    load(world, ANN, rules=RowRules())
    failing: Fields = {"external_id": "P-9", "company_name": "Gamma"}
    kept: Fields = {"external_id": "P-1", "company_name": "Delta"}
    rules = RowRules(create_missing=("company_name",), merge_rules={"company_name": MergeRule.NEVER})

    import_ = load(world, failing, kept, rules=rules)

    assert (import_.stats.failed, import_.stats.unchanged) == (1, 1)
    assert companies(world) == {}


def test_nothing_is_made_before_rows_are_written(world: ImportWorld) -> None:
    stop_before_processing(world, ANN, EVE)

    assert companies(world) == {}


def test_a_name_that_was_taken_meanwhile_is_linked_to_its_holder(world: ImportWorld) -> None:
    _, event = stop_before_processing(world, ANN)
    world.run(orjson.dumps([{"name": "Acme", "domain": "acme.org"}]), resource="companies")

    result = process_batch(world.machine._context_of(event), 0)

    [acme] = companies(world).values()
    assert links(world) == {"Ann": acme}
    assert result.stats.created_references == {}


def test_a_name_that_several_have_taken_meanwhile_is_linked_to_none(world: ImportWorld) -> None:
    _, event = stop_before_processing(world, ANN)
    two = [{"name": "Acme", "domain": f"acme.{end}"} for end in ("org", "com")]
    world.run(orjson.dumps(two), resource="companies")

    result = process_batch(world.machine._context_of(event), 0)

    assert links(world) == {"Ann": None}
    assert (result.stats.created, result.problem_counts) == (1, {"reference_ambiguous": 1})


def test_what_an_attempt_has_made_is_counted_by_the_next(world: ImportWorld) -> None:
    import_, event = stop_before_processing(world, ANN, EVE)
    first = process_batch(world.machine._context_of(event), 0)

    run_import(world.machine, import_)

    assert first.stats.created_references == {"companies": 2}
    assert world.get(import_).stats.created_references == {"companies": 2}


def test_a_batch_counts_what_was_made_for_its_own_rows(world: ImportWorld) -> None:
    import_ = load(world, ANN, EVE, BOB | {"company_name": "Beta"})
    context = world.machine._context_of(Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1))
    results = world.stores.results.list_results(import_.import_id, 1, PhaseName.PROCESSING)

    counted: list[object] = []
    for one in results:
        named = NamedRecords(context)
        named.note_batch(one.task)
        counted.append(named.counted_in(replace(one, stats=Stats())).stats.created_references)

    assert counted == [{"companies": 2}, {}]


def test_what_a_function_has_made_before_it_handed_over_is_counted() -> None:
    world = ImportWorld()
    people: list[Fields] = [
        {"email": f"p{n}@x.org", "name": "N", "company_name": "Early" if n < 9 else "Late"} for n in range(510)
    ]
    _, event = stop_before_processing(world, *people)
    context = world.machine._context_of(event)

    with pytest.raises(HandedOver):
        process_batch(replace(context, can_hand_over=True, time_left_s=lambda: 0), 0)
    result = process_batch(world.machine._context_of(event), 0)

    assert result.stats.created == 510
    assert result.stats.created_references == {"companies": 2}


def test_a_company_that_was_made_stays_linked_when_the_name_of_another_was_taken(world: ImportWorld) -> None:
    _, event = stop_before_processing(world, ANN, EVE)
    world.run(orjson.dumps([{"name": "Acme", "domain": "acme.org"}]), resource="companies")

    result = process_batch(world.machine._context_of(event), 0)

    made = companies(world)
    assert links(world) == {"Ann": made["Acme"], "Eve": made["Beta"]}
    assert (result.stats.created_references, result.problem_counts) == ({"companies": 1}, {})


def test_a_company_that_was_deleted_is_made_again(world: ImportWorld) -> None:
    load(world, ANN)
    [acme] = companies(world).values()
    world.run(orjson.dumps([{"id": acme}]), resource="companies", action="delete")
    assert companies(world) == {}

    import_ = load(world, EVE | {"company_name": "Acme"})

    assert import_.stats.created_references == {"companies": 1}
    assert companies(world) == {"Acme": acme}
    assert links(world)["Eve"] == acme
