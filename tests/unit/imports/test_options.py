"""Options that are not given stay as they are, and those of an import make the request that it came from."""

from chalicelib.imports.options import ImportOptions, to_fields, to_request, with_options
from chalicelib.imports.request import ImportRequest
from chalicelib.model.guard_rails import GuardRails, Tolerance
from chalicelib.model.imports import Action, Source
from chalicelib.model.row_rules import RowRules
from tests.world import an_import

WANTED = ImportRequest(
    dialect="packagex",
    resource="contacts",
    action=Action.MERGE,
    name="before",
    rules=RowRules(match_by=("email",), create_missing=("company_name",)),
    guard_rails=GuardRails(max_failed=Tolerance(count=5)),
)


def test_what_is_given_takes_the_place_of_what_was_there() -> None:
    options: ImportOptions = {
        "name": None,
        "match_by": ("external_id",),
        "max_deleted": Tolerance(count=7),
        "action": Action.UPDATE,
    }

    changed = with_options(WANTED, options)

    assert (changed.name, changed.action, changed.resource) == (None, Action.UPDATE, "contacts")
    assert changed.rules == RowRules(match_by=("external_id",), create_missing=("company_name",))
    assert changed.guard_rails == GuardRails(max_failed=Tolerance(count=5), max_deleted=Tolerance(count=7))


def test_without_options_nothing_changes() -> None:
    assert with_options(WANTED, {}) == WANTED


def test_an_import_with_the_options_of_a_request_makes_the_request_again() -> None:
    wanted = with_options(WANTED, {"is_preview": True, "column_mapping": {"name": "Kunde"}})
    import_ = an_import(source=Source(key="", filename="May.csv"), **to_fields(wanted))

    again = to_request(import_)

    assert to_fields(again) == to_fields(wanted)
    assert (again.dialect, again.resource, again.filename) == ("packagex", "contacts", "May.csv")


def test_an_import_without_a_source_has_no_filename() -> None:
    assert to_request(an_import(source=None)).filename == ""
