"""An import and its undo leave the records as they were: fields, claims, match keys and creation times."""

from dataclasses import replace
from random import Random

import pytest

from chalicelib.errors import Conflict
from chalicelib.imports.undo import undo
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.imports import Action, Import, Stats, Status
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.row_rules import MergeRule, RowRules
from tests.random_rows import random_rows
from tests.undoing import ROWS, UndoWorld, as_source

IN_BATCHES = Limits(small_source_bytes=0, batch_rows=5)
CSV = "external_id,name,email\nX-1,Ann,ann@x.com\nX-2,Bob,bob@x.com\n"


def named_by(resource: str) -> tuple[str, ...]:
    """The fields of a resource that may create the records they name."""
    return tuple(one.field for one in RESOURCES[resource].references if one.creates_missing)


def import_random(world: UndoWorld, chance: Random, resource: str, action: Action) -> Import:
    rules = RowRules(create_missing=named_by(resource))
    if action is Action.MERGE:
        rules = replace(rules, merge_rules={"tags": MergeRule.APPEND} if resource == "contacts" else {})
    source = as_source(random_rows(RESOURCES[resource], chance, ROWS))
    return world.run(source, resource=resource, action=action.value, rules=rules)


@pytest.mark.parametrize("limits", [DEFAULT_LIMITS, IN_BATCHES], ids=["in one task", "in batches"])
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("resource", RESOURCES)
def test_import_and_undo_leave_everything_as_it_was(resource: str, action: Action, limits: Limits) -> None:
    for seed in range(3):
        world, chance = UndoWorld(limits), Random(seed)
        world.fill(chance, resource)
        before = world.contents()
        import_ = import_random(world, chance, resource, action)
        if import_.undo_until is None:
            continue

        undo = world.undo(import_)

        assert world.contents() == before
        assert undo.status is Status.COMPLETED
        written = import_.stats.written + sum(import_.stats.created_references.values())
        assert undo.stats.total == undo.stats.accounted == written
        assert world.get(import_).reverted_by == undo.import_id


def test_undos_in_reverse_order_lead_back_through_every_state() -> None:
    for seed in range(6):
        world, chance, resource = UndoWorld(), Random(seed), "contacts"
        world.fill(chance, resource)
        states, imports = [], []
        for _ in range(5):
            states.append(world.contents())
            imports.append(import_random(world, chance, resource, chance.choice([*Action])))

        for state, import_ in reversed([*zip(states, imports, strict=True)]):
            if world.get(import_).undo_until is not None:
                assert world.undo(import_).stats.skipped == 0
            assert world.contents() == state


def test_an_undo_that_is_undone_leaves_what_the_import_had_left() -> None:
    world, chance = UndoWorld(), Random(1)
    world.fill(chance, "contacts")
    import_ = import_random(world, chance, "contacts", Action.OVERWRITE)
    after = world.contents()
    undo = world.undo(import_)

    again = world.undo(undo)

    assert world.contents() == after
    assert world.get(undo).reverted_by == again.import_id
    assert world.get(import_).reverted_by == undo.import_id


def test_what_others_have_changed_since_is_kept() -> None:
    world = UndoWorld()
    world.run(CSV)
    import_ = world.run("external_id,name\nX-1,Ann Newman\nX-2,Bob Newman\nX-3,Cy\n")
    world.run("external_id,phone\nX-1,+15551234567\n")

    undo = world.undo(import_)

    names = {one.fields["external_id"]: one.fields["name"] for one in world.records()}
    assert names == {"X-1": "Ann Newman", "X-2": "Bob"}
    assert undo.stats == Stats(total=3, updated=1, deleted=1, skipped=1)
    assert undo.problem_counts == {"changed_since": 1}
    parent = world.get(import_)
    assert parent.reverted_by is None
    assert parent.undo is not None
    assert (parent.undo.reversed, parent.undo.kept, parent.undo.failed, parent.undo.unprocessed) == (2, 1, 0, 0)
    assert parent.undo.status is Status.COMPLETED


def test_an_import_of_which_something_was_kept_can_be_undone_again() -> None:
    world = UndoWorld()
    world.run(CSV)
    before = world.contents()
    import_ = world.run("external_id,name\nX-1,Ann Newman\nX-2,Bob Newman\n")
    later = world.run("external_id,phone\nX-1,+15551234567\n")
    world.undo(import_)
    world.undo(later)

    undo = world.undo(import_)

    assert world.contents() == before
    assert undo.stats == Stats(total=2, updated=1, unchanged=1)
    assert world.get(import_).reverted_by == undo.import_id


def test_an_undo_is_not_begun_anew_when_its_time_is_over() -> None:
    world = UndoWorld()
    world.run(CSV)
    import_ = world.run("external_id,name\nX-1,Ann Newman\n")
    world.run("external_id,phone\nX-1,+15551234567\n")
    world.undo(import_)
    world.clock.now_s += 365 * 24 * 3600

    with pytest.raises(Conflict, match="days"):
        world.request_undo(import_)


def test_a_request_that_follows_one_that_broke_off_goes_on_with_its_undo() -> None:
    world = UndoWorld()
    import_ = world.run(CSV)
    context = replace(world.context, new_id=lambda _: "imp_undo")

    first, again = (undo(context, world.caller, import_.import_id) for _ in range(2))

    assert (first.import_id, first.undo_of) == ("imp_undo", import_.import_id)
    assert again == first


def test_an_identity_that_was_taken_meanwhile_fails_its_row() -> None:
    world = UndoWorld()
    world.run(CSV)
    import_ = world.run("external_id,email\nX-1,new@x.com\n")
    world.run("name,email\nOther,ann@x.com\n")

    undo = world.undo(import_)

    assert undo.stats == Stats(total=1, failed=1)
    assert undo.problem_counts == {"identity_taken": 1}
    assert world.get(import_).reverted_by is None


def test_without_its_image_a_record_is_left_alone() -> None:
    world = UndoWorld()
    world.run(CSV)
    import_ = world.run("external_id,name\nX-1,Ann Newman\n")
    world.stores.files.delete_files("before/")

    undo = world.undo(import_)

    assert undo.problem_counts == {"before_image_missing": 1}
    assert [one.fields["name"] for one in world.records()][:1] != ["Ann"]


def test_the_preview_of_an_undo_says_what_it_would_do_and_writes_nothing() -> None:
    world = UndoWorld()
    world.run(CSV)
    import_ = world.run("external_id,name\nX-1,Ann Newman\nX-3,Cy\n")
    after = world.contents()

    preview = world.undo(import_, is_preview=True)

    assert world.contents() == after
    assert preview.stats == Stats(total=2, updated=1, deleted=1)
    assert preview.is_preview
    assert preview.confirm_until is None
    parent = world.get(import_)
    assert (parent.busy_with, parent.undo, parent.reverted_by) == (None, None, None)
    assert world.undo(import_).stats == preview.stats


def test_what_cannot_be_undone_is_refused() -> None:
    world = UndoWorld()
    running = world.queue(CSV)
    failing = world.run("name,email\n,ann\n")
    preview = world.run(CSV, is_preview=True)
    reverted = world.run(CSV)
    world.undo(reverted)
    expired = world.run(CSV)
    busy = world.run("external_id,name\nX-9,Zoe\n")
    world.request_undo(busy)

    def code(import_: Import) -> str:
        with pytest.raises(Conflict) as refused:
            world.request_undo(import_)
        return refused.value.code

    assert code(running) == "not_ended"
    assert code(failing) == "nothing_to_undo"
    assert code(preview) == "nothing_to_undo"
    assert code(reverted) == "already_reverted"
    assert code(busy) == "import_busy"
    world.clock.now_s += 7 * 24 * 3600
    assert code(expired) == "undo_expired"
