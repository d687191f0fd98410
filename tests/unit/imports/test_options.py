"""Options are laid over a request, kept with its import, and found there again."""

import pytest

from chalicelib.imports.children import child_of
from chalicelib.imports.options import OPTIONS, to_fields, to_request, with_options
from chalicelib.imports.request import ImportRequest
from chalicelib.model.guard_rails import GuardRails, Tolerance
from chalicelib.model.imports import Action, Source
from chalicelib.model.row_rules import MergeRule, RowRules
from tests.world import World, an_import

WANTED = ImportRequest(
    dialect="packagex",
    resource="contacts",
    action=Action.MERGE,
    rules=RowRules(match_by=("email",), merge_rules={"tags": MergeRule.APPEND}),
    guard_rails=GuardRails(max_failed=Tolerance(count=1), max_deleted=Tolerance(count=2)),
)


def test_what_is_given_replaces_and_all_else_stays() -> None:
    changed = with_options(WANTED, {"action": Action.CREATE, "match_by": (), "max_failed": None})

    assert (changed.action, changed.rules.match_by, changed.rules.merge_rules) == (
        Action.CREATE,
        (),
        {"tags": MergeRule.APPEND},
    )
    assert changed.guard_rails == GuardRails(max_deleted=Tolerance(count=2))
    assert with_options(WANTED, {}) == WANTED


def test_an_import_tells_the_options_that_it_has() -> None:
    import_ = an_import(**to_fields(WANTED))

    assert to_request(import_) == WANTED
    assert set(to_fields(WANTED)) == set(OPTIONS)


@pytest.mark.parametrize(("source", "filename"), [(Source(key="k", filename="a.csv"), "a.csv"), (None, "")])
def test_the_request_for_an_import_has_the_filename_of_its_source(source: Source | None, filename: str) -> None:
    assert to_request(an_import(source=source)).filename == filename


def test_an_import_that_is_made_of_another_has_its_options_and_is_neither_held_nor_a_preview() -> None:
    world = World()
    parent = world.add_import(**{**to_fields(WANTED), "action": Action.CREATE, "is_preview": True, "hold": True})

    child = child_of(world.context, world.caller(), parent)

    assert (child.action, child.rules, child.guard_rails) == (Action.CREATE, WANTED.rules, WANTED.guard_rails)
    assert (child.is_preview, child.hold) == (False, False)
