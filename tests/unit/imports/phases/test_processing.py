"""What rows do to records: the short way of complete rows decides as the long one, and documents are spelled once."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.imports.phases.processing import ImportRules, outcome_of_write, process, still_matches
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.imports import Action
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.records import Record, Stamp, Write, WriteStatus, Written
from chalicelib.model.resources import Resource
from chalicelib.model.row_rules import RowRules
from chalicelib.model.rows import Draft, Fields, Outcome, RowOutcome
from chalicelib.schema.defaults import missing_fields
from chalicelib.schema.identity import identity_keys, match_keys
from chalicelib.schema.merge import RowChangeKind, decide

CUSTOMERS = RESOURCES["customers"]
JANE: Fields = {"name": "Jane", "email": "jane@x.com", "status": "active"}
RULES = ImportRules(import_id=ImportId("imp_a"), resource=CUSTOMERS, action=Action.MERGE, record_bytes=1_000)


def draft(fields: Fields, record_id: str = "cus_1") -> Draft:
    return Draft(7, 9, fields, identity_keys(RULES.resource, fields), RecordId(record_id))


def decided(row: Draft, record: Record | None = None, rules: ImportRules = RULES) -> Write | RowOutcome:
    stored = {} if record is None else {record.record_id: record}
    return process([row], stored, rules)[0][1]


def test_a_complete_row_is_the_record_it_makes() -> None:
    write = decided(draft(JANE))

    assert isinstance(write, Write)
    assert write.fields == JANE
    assert write.claims == tuple(identity_keys(CUSTOMERS, JANE))
    assert write.stamp.outcome is Outcome.CREATED
    assert orjson.loads(write.document()) == JANE


def test_an_id_is_the_key_of_a_record_and_not_one_of_its_fields() -> None:
    write = decided(draft(JANE | {"id": "cus_1"}))

    assert isinstance(write, Write)
    assert write.fields == JANE
    assert not any(claim.startswith("id:") for claim in write.claims)


def test_a_deletion_leaves_nothing_of_the_record() -> None:
    stored = Record(RecordId("cus_1"), JANE, 3, created_at=1, updated_at=1)

    write = decided(replace(draft(JANE), is_match=True), stored, replace(RULES, action=Action.DELETE))

    assert isinstance(write, Write)
    assert (write.stamp.outcome, write.fields, write.claims) == (Outcome.DELETED, {}, ())


@pytest.mark.parametrize(
    ("written", "is_match", "outcome"),
    [
        pytest.param(Written(WriteStatus.WRITTEN), False, Outcome.CREATED, id="written"),
        pytest.param(Written(WriteStatus.STALE), True, None, id="the record has changed"),
        pytest.param(Written(WriteStatus.TAKEN, "email:1", RecordId("cus_2")), False, None, id="another was first"),
        pytest.param(Written(WriteStatus.TAKEN, "email:1", RecordId("cus_2")), True, Outcome.FAILED, id="taken"),
    ],
)
def test_a_row_is_decided_again_unless_it_was_written_or_wants_what_another_record_has(
    written: Written, is_match: bool, outcome: Outcome | None
) -> None:
    row = replace(draft(JANE), is_match=is_match)
    write = decided(draft(JANE))
    assert isinstance(write, Write)

    ended = outcome_of_write(row, write, written)

    assert (ended and ended.outcome) is outcome


@pytest.mark.parametrize(
    ("action", "fields"),
    [(Action.MERGE, ["name"]), (Action.DELETE, None)],
)
def test_an_update_tells_what_it_has_changed_and_a_deletion_does_not(action: Action, fields: list[str] | None) -> None:
    stored = Record(RecordId("cus_1"), JANE | {"name": "Old"}, 3, created_at=1, updated_at=1)
    row = replace(draft(JANE), is_match=True)
    write = decided(row, stored, replace(RULES, action=action))
    assert isinstance(write, Write)

    ended = outcome_of_write(row, write, Written(WriteStatus.WRITTEN))

    assert ended is not None
    assert (ended.changes and [*ended.changes.by_field]) == fields


@pytest.mark.parametrize(
    ("changed", "holds"),
    [
        pytest.param(None, True, id="gone"),
        pytest.param({}, True, id="as it was found"),
        pytest.param({"claims": ("email:another",)}, False, id="without an identity of the row"),
        pytest.param({"claims": (), "is_deleted": True}, True, id="a tombstone"),
        pytest.param({"claims": (), "stamps": (Stamp(ImportId("imp_a"), 7, Outcome.UPDATED),)}, True, id="its own"),
        pytest.param({"claims": (), "stamps": (Stamp(ImportId("imp_a"), 8, Outcome.UPDATED),)}, False, id="of a row"),
        pytest.param({"claims": (), "stamps": (Stamp(ImportId("imp_b"), 7, Outcome.UPDATED),)}, False, id="of others"),
    ],
)
def test_a_match_holds_while_the_record_has_an_identity_of_the_row(changed: dict[str, Any] | None, holds: bool) -> None:
    row = draft(JANE)
    found = Record(
        record_id=RecordId("cus_1"), fields=JANE, version=1, created_at=1, updated_at=1, claims=tuple(row.identity_keys)
    )
    record = None if changed is None else replace(found, **changed)

    assert still_matches(row, record, RULES) is holds


@pytest.mark.parametrize(("match_by", "holds"), [((), True), (("external_id",), True), (("email",), False)])
def test_a_match_by_stated_identities_holds_by_these_alone(match_by: tuple[str, ...], holds: bool) -> None:
    row = draft(JANE | {"external_id": "C-1"})
    now = JANE | {"external_id": "C-1", "email": "changed@x.com"}
    keys = tuple(identity_keys(CUSTOMERS, now))
    record = Record(record_id=RecordId("cus_1"), fields=now, version=1, created_at=1, updated_at=1, claims=keys)

    assert still_matches(row, record, replace(RULES, rows=RowRules(match_by=match_by))) is holds


@pytest.mark.parametrize(
    ("stamps", "first"),
    [
        pytest.param((Stamp(ImportId("imp_a"), 3, Outcome.UPDATED),), 3, id="of another row"),
        pytest.param(
            (Stamp(ImportId("imp_a"), 3, Outcome.UPDATED), Stamp(ImportId("imp_b"), 1, Outcome.UPDATED)),
            3,
            id="which others have changed since",
        ),
        pytest.param((Stamp(ImportId("imp_a"), 3, Outcome.CREATED, step=1),), None, id="made for another row"),
        pytest.param((Stamp(ImportId("imp_a"), 0, Outcome.UPDATED),), None, id="of the cleanup"),
        pytest.param((Stamp(ImportId("imp_b"), 3, Outcome.UPDATED),), None, id="of another import"),
    ],
)
def test_a_record_is_written_by_one_row_of_an_import(stamps: tuple[Stamp, ...], first: int | None) -> None:
    row = replace(draft(JANE | {"name": "Jane Doe"}), is_match=True)
    record = Record(RecordId("cus_1"), JANE, 2, 1, 1, claims=tuple(row.identity_keys), stamps=stamps)

    what = decided(row, record)

    if first is None:
        assert isinstance(what, Write)
    else:
        assert isinstance(what, RowOutcome)
        ((code, field, value, facts),) = [(one.code, one.field, one.value, one.facts) for one in what.problems]
        assert (what.outcome, code, field, value) == (
            Outcome.SKIPPED,
            ProblemCode.DUPLICATE_IN_SOURCE,
            "email",
            "jane@x.com",
        )
        assert facts == {"first": first}


@pytest.mark.parametrize(
    ("notes", "is_written"),
    [
        pytest.param("x" * 935, True, id="as large as may be"),
        pytest.param("x" * 936, False, id="a byte too large"),
        pytest.param("ü" * 500, False, id="too large in bytes, not in characters"),
    ],
)
def test_a_record_too_large_to_store_fails_its_row(notes: str, is_written: bool) -> None:
    what = decided(draft(JANE | {"notes": notes}))

    assert isinstance(what, Write) is is_written
    if isinstance(what, RowOutcome):
        assert [problem.code for problem in what.problems] == ["record_too_large"]


def test_what_a_row_has_written_already_is_not_measured_again() -> None:
    first = decided(draft(JANE))
    assert isinstance(first, Write)

    again = decided(draft(JANE), first.after(1), replace(RULES, record_bytes=10))

    assert isinstance(again, Write)
    assert again.stamp == first.stamp


@settings(max_examples=300, deadline=None)
@for_all(
    resource=st.sampled_from([RESOURCES[name] for name in sorted(RESOURCES)]),
    action=st.sampled_from(Action),
    row=st.dictionaries(st.integers(0, 40), st.sampled_from(["a", "b c", "", 0, None]), max_size=8),
    whole=st.booleans(),
)
def test_a_row_without_a_record_does_what_is_decided_for_rows_in_general(
    resource: Resource, action: Action, row: dict[int, str | int | None], whole: bool
) -> None:
    rules = replace(RULES, resource=resource, action=action)
    names = [field.name for field in rules.resource.fields if field.name != "id"]
    given: Fields = {names[n % len(names)]: value for n, value in row.items()}
    given |= {name: "whole" for name in rules.resource.always_filled if whole}
    one = replace(draft(given), identity_keys=identity_keys(rules.resource, given))

    what = decided(one, None, rules)

    change = decide(rules.resource, action, rules.rows, one, None)
    if change.kind is RowChangeKind.FAIL or missing_fields(rules.resource, change.fields):
        assert isinstance(what, RowOutcome)
        assert what.outcome is Outcome.FAILED
    else:
        assert isinstance(what, Write)
        assert what.fields == change.fields
        assert what.claims == tuple(key for key in identity_keys(rules.resource, change.fields) if key[:3] != "id:")
        assert orjson.loads(what.document()) == change.fields


@pytest.mark.parametrize("action", [Action.UPDATE, Action.DELETE])
def test_a_row_that_may_create_nothing_fails_where_its_record_is_gone(action: Action) -> None:
    what = decided(replace(draft(JANE), is_match=True), None, replace(RULES, action=action))

    assert isinstance(what, RowOutcome)
    assert (what.outcome, [one.code for one in what.problems]) == (Outcome.FAILED, ["not_found"])


@pytest.mark.parametrize(
    ("action", "code"),
    [(Action.MERGE, "identity_taken"), (Action.CREATE, "identity_taken"), (Action.UPDATE, "not_found")],
)
def test_an_id_means_no_record_where_rows_are_matched_by_other_identities(action: Action, code: str) -> None:
    rules = replace(RULES, action=action, rows=RowRules(match_by=("email",)))
    stored = Record(RecordId("cus_1"), JANE | {"email": "other@x.com"}, 3, created_at=1, updated_at=1)

    what = decided(draft(JANE | {"id": "cus_1"}), stored, rules)

    assert isinstance(what, RowOutcome)
    assert (what.outcome, [one.code for one in what.problems]) == (Outcome.FAILED, [code])


def test_a_write_bears_the_keys_by_which_others_may_refer_to_the_record() -> None:
    contacts = replace(RULES, resource=RESOURCES["contacts"])
    row = Draft(7, 9, JANE, identity_keys(contacts.resource, JANE), RecordId("con_1"))

    written, plain = decided(row, rules=contacts), decided(draft(JANE))

    assert isinstance(written, Write)
    assert isinstance(plain, Write)
    assert written.match_keys == tuple(match_keys(contacts.resource, JANE)) != ()
    assert plain.match_keys == ()
