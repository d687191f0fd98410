"""Options are laid over a request, kept with its import, and found there again."""

from chalicelib.imports.options import OPTIONS, to_fields, to_request, with_options
from chalicelib.imports.request import ImportRequest
from chalicelib.model.guard_rails import GuardRails, Tolerance
from chalicelib.model.imports import Action
from chalicelib.model.row_rules import MergeRule, RowRules
from tests.world import an_import

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
