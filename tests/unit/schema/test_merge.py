"""What becomes of a row, and what a record looks like afterwards."""

from collections.abc import Callable

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import RecordId
from chalicelib.model.imports import Action
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.row_rules import MergeStrategy, RowRules
from chalicelib.model.rows import Draft, Fields, Value
from chalicelib.schema.merge import RowChangeKind, decide, filled, replaced, updated

CUSTOMERS = RESOURCES["customers"]
CONTACTS = RESOURCES["contacts"]
USERS = RESOURCES["users"]
STORED: Fields = {"id": "cus_1", "name": "Jane", "phone": "555-0100", "status": "inactive"}

UPDATE, FILL, REPLACE, SKIP = (RowRules(strategy=one) for one in MergeStrategy)


def draft(fields: Fields) -> Draft:
    return Draft(7, 9, fields, [], RecordId("cus_1"))


@pytest.mark.parametrize(
    ("action", "rules", "match", "no_match"),
    [
        pytest.param(Action.MERGE, UPDATE, RowChangeKind.UPDATE, RowChangeKind.CREATE, id="merge"),
        pytest.param(Action.MERGE, SKIP, RowChangeKind.SKIP, RowChangeKind.CREATE, id="merge-skip"),
        pytest.param(Action.OVERWRITE, UPDATE, RowChangeKind.UPDATE, RowChangeKind.CREATE, id="overwrite"),
        pytest.param(Action.CREATE, UPDATE, RowChangeKind.FAIL, RowChangeKind.CREATE, id="create"),
        pytest.param(Action.CREATE, SKIP, RowChangeKind.SKIP, RowChangeKind.CREATE, id="create-skip"),
        pytest.param(Action.UPDATE, UPDATE, RowChangeKind.UPDATE, RowChangeKind.FAIL, id="update"),
        pytest.param(Action.DELETE, UPDATE, RowChangeKind.DELETE, RowChangeKind.FAIL, id="delete"),
        pytest.param(Action.DELETE, SKIP, RowChangeKind.DELETE, RowChangeKind.FAIL, id="delete-skip"),
    ],
)
def test_the_action_decides(action: Action, rules: RowRules, match: RowChangeKind, no_match: RowChangeKind) -> None:
    row = draft({"name": "Joe"})

    assert decide(CUSTOMERS, action, rules, row, STORED).kind is match
    assert decide(CUSTOMERS, action, rules, row, None).kind is no_match


def test_a_failed_row_says_why() -> None:
    taken = decide(CUSTOMERS, Action.CREATE, UPDATE, draft({"name": "Joe"}), STORED).problem
    missing = decide(CUSTOMERS, Action.UPDATE, UPDATE, draft({"name": "Joe"}), None).problem

    assert taken is not None
    assert (taken.code, taken.row_number, taken.line) == (ProblemCode.ALREADY_EXISTS, 7, 9)
    assert taken.message == "The record exists already: cus_1."
    assert missing is not None
    assert missing.code is ProblemCode.NOT_FOUND


def test_what_changes_nothing_is_unchanged() -> None:
    change = decide(CUSTOMERS, Action.MERGE, UPDATE, draft({"name": "Jane", "email": None}), STORED)

    assert (change.kind, change.fields) == (RowChangeKind.UNCHANGED, STORED)


def test_a_created_record_gets_defaults_and_no_nulls() -> None:
    change = decide(CUSTOMERS, Action.MERGE, UPDATE, draft({"name": "Jane", "phone": None}), None)

    assert change.fields == {"name": "Jane", "status": "active"}


def test_a_null_keeps_a_default_out() -> None:
    change = decide(CUSTOMERS, Action.MERGE, UPDATE, draft({"name": "Jane", "status": None}), None)

    assert change.fields == {"name": "Jane"}


@pytest.mark.parametrize(
    ("rules", "given", "expected"),
    [
        pytest.param(
            UPDATE,
            {"name": "Joe", "notes": "x"},
            {"id": "cus_1", "name": "Joe", "phone": "555-0100", "status": "inactive", "notes": "x"},
            id="update",
        ),
        pytest.param(
            UPDATE, {"phone": None}, {"id": "cus_1", "name": "Jane", "status": "inactive"}, id="update-clears"
        ),
        pytest.param(
            FILL,
            {"name": "Joe", "notes": "x"},
            {"id": "cus_1", "name": "Jane", "phone": "555-0100", "status": "inactive", "notes": "x"},
            id="fill",
        ),
        pytest.param(FILL, {"phone": None}, STORED, id="fill-never-clears"),
        pytest.param(
            REPLACE, {"name": "Joe"}, {"id": "cus_1", "name": "Joe", "status": "active"}, id="replace-as-if-created"
        ),
    ],
)
def test_the_strategy_decides_what_a_match_becomes(rules: RowRules, given: Fields, expected: Fields) -> None:
    assert decide(CUSTOMERS, Action.MERGE, rules, draft(given), STORED).fields == expected


def test_replacing_keeps_what_the_service_computed() -> None:
    stored: Fields = {"id": "con_1", "name": "A", "company_id": "com_1", "notes": "x"}

    assert replaced(CONTACTS, {"name": "B"}, stored) == {
        "id": "con_1",
        "name": "B",
        "first_name": "B",
        "company_id": "com_1",
    }


@pytest.mark.parametrize(
    ("given", "stored", "expected"),
    [
        pytest.param({"name": "Kylo Ren"}, None, ("Kylo Ren", "Kylo", "Ren"), id="name-gives-parts"),
        pytest.param({"name": "Cher"}, None, ("Cher", "Cher", None), id="one-word"),
        pytest.param({"name": "Ludwig van B"}, None, ("Ludwig van B", "Ludwig", "van B"), id="three-words"),
        pytest.param(
            {"first_name": "Kylo", "last_name": "Ren"}, None, ("Kylo Ren", "Kylo", "Ren"), id="parts-give-name"
        ),
        pytest.param({"last_name": "Ren"}, None, ("Ren", None, "Ren"), id="one-part"),
        pytest.param({"name": "K. R.", "first_name": "Kylo"}, None, ("K. R.", "Kylo", None), id="both-given"),
        pytest.param(
            {"first_name": "Ben"},
            {"name": "Kylo Ren", "first_name": "Kylo", "last_name": "Ren"},
            ("Ben Ren", "Ben", "Ren"),
            id="new-part-of-a-stored-name",
        ),
        pytest.param(
            {"first_name": "Kylo"},
            {"name": "Kylo J. Ren", "first_name": "Kylo", "last_name": "Ren"},
            ("Kylo J. Ren", "Kylo", "Ren"),
            id="known-part-changes-nothing",
        ),
        pytest.param(
            {"name": "Cher"},
            {"name": "Kylo Ren", "first_name": "Kylo", "last_name": "Ren"},
            ("Cher", "Cher", None),
            id="one-word-clears-the-last-name",
        ),
        pytest.param(
            {"last_name": "Smithe"},
            {"name": "Nick", "first_name": "Nicholas", "last_name": "Smith"},
            ("Nick", "Nicholas", "Smithe"),
            id="a-name-written-by-hand-survives-a-new-part",
        ),
        pytest.param(
            {"name": "Dr. Alice Martin-Meier"},
            {"name": "Dr. Alice Martin", "first_name": "Alice", "last_name": "Martin"},
            ("Dr. Alice Martin-Meier", "Alice", "Martin"),
            id="parts-written-by-hand-survive-a-new-name",
        ),
        pytest.param({"first_name": "Bob"}, {"name": "Bob Roe"}, ("Bob Roe", "Bob", None), id="no-parts-stored"),
        pytest.param({"name": "Bob Roe"}, {"first_name": "Ann"}, ("Bob Roe", "Ann", None), id="no-name-stored"),
        pytest.param({"name": "Bob Roe"}, {"phone": "1"}, ("Bob Roe", "Bob", "Roe"), id="nothing-stored"),
        pytest.param(
            {"last_name": "Lee"},
            {"name": "Mary\u00a0Jane  Watson", "first_name": "Mary Jane", "last_name": "Watson"},
            ("Mary Jane Lee", "Mary Jane", "Lee"),
            id="spaces-are-no-difference",
        ),
        pytest.param(
            {"name": "Mary Jane Lee"},
            {"name": "Mary Jane Watson", "first_name": "Mary Jane", "last_name": "Watson"},
            ("Mary Jane Lee", "Mary Jane", "Lee"),
            id="a-first-name-of-two-words-is-kept",
        ),
        pytest.param(
            {"name": "Ann Watson Lee"},
            {"name": "Mary Jane Watson Lee", "first_name": "Mary Jane", "last_name": "Watson Lee"},
            ("Ann Watson Lee", "Ann", "Watson Lee"),
            id="a-last-name-stays-whole-under-a-new-first-name",
        ),
        pytest.param(
            {"name": "Ann Lee"},
            {"name": "Mary Jane Watson", "first_name": "Mary Jane", "last_name": "Watson"},
            ("Ann Lee", "Mary Jane", "Watson"),
            id="nobody-can-tell-the-parts",
        ),
        pytest.param(
            {"name": "Kylo Ren"},
            {"name": "Ren", "last_name": "Ren"},
            ("Kylo Ren", "Kylo", "Ren"),
            id="a-first-is-added",
        ),
        pytest.param(
            {"first_name": None},
            {"name": "Cher", "first_name": "Cher"},
            ("Cher", None, None),
            id="a-cleared-part-leaves-the-name-that-would-be-empty",
        ),
        pytest.param(
            {"first_name": None},
            {"name": "Kylo Ren", "first_name": "Kylo", "last_name": "Ren"},
            ("Ren", None, "Ren"),
            id="a-cleared-part-leaves-the-name",
        ),
        pytest.param(
            {"name": None},
            {"name": "Kylo Ren", "first_name": "Kylo", "last_name": "Ren"},
            (None, "Kylo", "Ren"),
            id="a-cleared-name-leaves-the-parts",
        ),
    ],
)
def test_a_contacts_name_and_its_parts_give_each_other(
    given: Fields, stored: Fields | None, expected: tuple[str | None, ...]
) -> None:
    after = decide(CONTACTS, Action.MERGE, UPDATE, draft(given), stored).fields

    assert (after.get("name"), after.get("first_name"), after.get("last_name")) == expected


def test_the_address_a_user_had_is_not_stored() -> None:
    stored: Fields = {"id": "usr_1", "full_name": "A", "email": "old@example.com"}
    given: Fields = {"current_email": "old@example.com", "email": "new@example.com"}

    assert updated(USERS, given, stored) == {"id": "usr_1", "full_name": "A", "email": "new@example.com"}


def test_the_address_a_user_had_is_its_address_where_there_was_no_user() -> None:
    change = decide(USERS, Action.MERGE, UPDATE, draft({"full_name": "A", "current_email": "a@example.com"}), None)

    assert change.fields == {"full_name": "A", "email": "a@example.com", "ring_groups": ["agent"], "active": True}


VALUES: st.SearchStrategy[Value] = st.none() | st.text(max_size=3)
FIELDS = st.dictionaries(st.sampled_from(["name", "first_name", "last_name", "phone", "notes", "status"]), VALUES)
RECORDS = FIELDS.map(lambda fields: {name: value for name, value in fields.items() if value is not None})


@pytest.mark.parametrize("merge", [updated, filled, replaced])
@settings(max_examples=200, deadline=None)
@for_all(row=FIELDS, stored=RECORDS)
def test_merging_a_row_twice_is_merging_it_once(merge: type, row: Fields, stored: Fields) -> None:
    once = merge(CONTACTS, row, stored)

    assert merge(CONTACTS, row, once) == once
    assert None not in once.values()


@settings(max_examples=200, deadline=None)
@for_all(row=FIELDS, stored=RECORDS)
def test_an_update_stores_what_was_given_and_a_fill_loses_nothing(row: Fields, stored: Fields) -> None:
    after_update, after_fill = updated(CONTACTS, row, stored), filled(CONTACTS, row, stored)

    assert {name: after_update.get(name) for name in row} == row
    assert {name: after_fill[name] for name, value in stored.items() if value} == {
        name: value for name, value in stored.items() if value
    }


NAMES = ("name", "first_name", "last_name")
PARTS = {"first_name", "last_name"}
PEOPLE = st.sampled_from(
    [None, "Ann", "Ann Lee", "Dr. Ann Lee", "Lee", "Mary Jane", "Mary Jane Lee", "van der Lee", "Å"]
)
ROWS = st.lists(st.dictionaries(st.sampled_from(NAMES), PEOPLE), min_size=1, max_size=6)


def _is_whole_of_its_parts(fields: Fields) -> bool:
    parts = [str(fields[part]) for part in NAMES[1:] if part in fields]
    return fields.get("name") == (" ".join(parts) or None)


def test_a_null_that_clears_nothing_still_says_that_there_is_no_such_name() -> None:
    assert filled(CONTACTS, {"name": "Ann Lee", "last_name": None}, {"phone": "+1"}) == {
        "name": "Ann Lee",
        "phone": "+1",
    }


@settings(max_examples=500, deadline=None)
@for_all(rows=ROWS, merge=st.sampled_from([updated, filled]))
def test_a_name_that_a_row_does_not_give_changes_only_with_names_that_say_the_same(
    rows: list[Fields], merge: Callable[..., Fields]
) -> None:
    record: Fields = {"phone": "+15551234567"}
    for row in rows:
        after = merge(CONTACTS, row, record)
        changed = {name for name in NAMES if after.get(name) != record.get(name)} - row.keys()
        new = {name for name, value in row.items() if value != record.get(name)}

        assert not changed or _is_whole_of_its_parts(record)
        assert changed != {"name"} or (new & PARTS and "name" not in row)
        assert not changed & PARTS or ("name" in new and not row.keys() & PARTS)
        assert merge is filled or all(after.get(name) == value for name, value in row.items())
        assert merge is updated or all(after[name] == record[name] for name in NAMES if name in record)
        record = after
