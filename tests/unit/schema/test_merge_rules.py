"""What a rule makes of a stored value and a given one."""

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.limits import Limits
from chalicelib.model.row_rules import MergeRule
from chalicelib.model.rows import Fields, Value
from chalicelib.schema.merge import created, ruled
from chalicelib.schema.merge_rules import PLAIN_RULES, GrowthLimits, rules_of, taken

CONTACTS = RESOURCES["contacts"]
ALWAYS, IF_EMPTY, NEVER, APPEND, APPEND_LINE, MERGE = MergeRule


@pytest.mark.parametrize(
    ("rule", "stored", "given", "expected"),
    [
        pytest.param(ALWAYS, "a", "b", "b", id="always"),
        pytest.param(ALWAYS, "a", None, None, id="always clears"),
        pytest.param(IF_EMPTY, None, "b", "b", id="if empty and nothing is stored"),
        pytest.param(IF_EMPTY, [], ["b"], ["b"], id="if empty and an empty list is stored"),
        pytest.param(IF_EMPTY, "a", "b", "a", id="if empty and something is stored"),
        pytest.param(IF_EMPTY, False, True, False, id="false is a value"),
        pytest.param(IF_EMPTY, "a", None, "a", id="if empty clears nothing"),
        pytest.param(IF_EMPTY, [], None, [], id="if empty clears not even an empty list"),
        pytest.param(NEVER, "a", "b", "a", id="never"),
        pytest.param(NEVER, None, "b", None, id="never, even where nothing is stored"),
        pytest.param(APPEND, ["a", "b"], ["b", "c"], ["a", "b", "c"], id="append to a list"),
        pytest.param(APPEND, ["a", "b"], ["b"], ["a", "b"], id="append nothing new"),
        pytest.param(APPEND, ["a"], None, ["a"], id="append null"),
        pytest.param(APPEND, None, ["a"], ["a"], id="append to no list"),
        pytest.param(APPEND, "a", "b", "ab", id="append to a text"),
        pytest.param(APPEND, "ab", "b", "ab", id="append what the text ends with"),
        pytest.param(APPEND, None, "b", "b", id="append to no text"),
        pytest.param(APPEND_LINE, "a", "b", "a\nb", id="append a line"),
        pytest.param(APPEND_LINE, "a\nb\nc", "b", "a\nb\nc", id="append a line that is there"),
        pytest.param(APPEND_LINE, "a\r\nb\r\nc", "b", "a\r\nb\r\nc", id="whatever ends it"),
        pytest.param(APPEND_LINE, "a\nbc", "b", "a\nbc\nb", id="a part of a line is no line"),
        pytest.param(APPEND_LINE, "x\na\nb\ny", "a\nb", "x\na\nb\ny", id="append lines that are there"),
        pytest.param(APPEND_LINE, "a\nx\nb", "a\nb", "a\nx\nb\na\nb", id="append lines that are there apart"),
        pytest.param(APPEND_LINE, None, "b", "b", id="append a line to nothing"),
        pytest.param(APPEND_LINE, "a", None, "a", id="append no line"),
        pytest.param(MERGE, {"a": 1, "b": 2}, {"b": 3, "c": 4}, {"a": 1, "b": 3, "c": 4}, id="merge"),
        pytest.param(MERGE, {"a": {"x": 1}}, {"a": {"y": 2}}, {"a": {"y": 2}}, id="merge one level"),
        pytest.param(MERGE, {"a": 1}, None, {"a": 1}, id="merge null"),
        pytest.param(MERGE, None, {"a": 1}, {"a": 1}, id="merge into nothing"),
    ],
)
def test_each_rule_is_kept(rule: MergeRule, stored: Value, given: Value, expected: Value) -> None:
    before: Fields = {} if stored is None else {"field": stored}

    after = {**before, **taken({"field": given}, before, {"field": rule})}

    assert after.get("field") == expected


@pytest.mark.parametrize(
    ("rule", "stored", "given"),
    [
        pytest.param(APPEND, ["a", "b"], ["b"], id="entries"),
        pytest.param(APPEND, "ab", "b", id="a text"),
        pytest.param(APPEND_LINE, "a\nb", "b", id="a line"),
        pytest.param(MERGE, {"a": 1, "b": 2}, {"b": 2}, id="a map"),
    ],
)
def test_nothing_is_taken_of_what_is_there(rule: MergeRule, stored: Value, given: Value) -> None:
    assert taken({"field": given}, {"field": stored}, {"field": rule}) == {}


@pytest.mark.parametrize(
    ("field", "growing"),
    [
        pytest.param("notes", {APPEND, APPEND_LINE}, id="text"),
        pytest.param("tags", {APPEND}, id="list"),
        pytest.param("metadata", {MERGE}, id="map"),
        pytest.param("phone", set(), id="no text of words"),
        pytest.param("email", set(), id="identity"),
        pytest.param("external_id", set(), id="identity that is a text"),
        pytest.param("company_name", set(), id="name of another record"),
        pytest.param("is_primary", set(), id="boolean"),
    ],
)
def test_values_grow_where_their_type_can(field: str, growing: set[MergeRule]) -> None:
    assert {*rules_of(CONTACTS, CONTACTS.by_name[field])} == {*PLAIN_RULES} | growing


def test_ids_of_other_records_in_a_list_may_be_added_to() -> None:
    groups = RESOURCES["groups"]

    assert APPEND in rules_of(groups, groups.by_name["children"])


def test_a_value_may_not_grow_beyond_what_a_row_may_give() -> None:
    rules = {"tags": APPEND, "notes": APPEND, "metadata": MERGE}
    growth = GrowthLimits.of(CONTACTS, rules, Limits(values=2, text_characters=3))
    before: Fields = {"notes": "long", "tags": ["a", "b"]}

    def excess(after: Fields) -> tuple[str, str] | None:
        found = growth.find_excess(before, before | after)
        return (found[0], found[1].code.value) if found else None

    assert excess({"notes": "ab", "tags": ["a"], "metadata": {"a": 1, "b": 2}}) is None
    assert excess({"notes": "long"}) is None, "it was so before"
    assert excess({"notes": "abcd"}) == ("notes", "too_long")
    assert excess({"tags": ["a", "b", "c"]}) == ("tags", "too_many_values")
    assert excess({"metadata": {"a": 1, "b": 2, "c": 3}}) == ("metadata", "too_many_values")


TEXTS = st.text("ab \n\r", max_size=5) | st.sampled_from(["Ann", "Ann Lee", "Lee", "Mary Jane Lee"])
LISTS: st.SearchStrategy[Value] = st.lists(st.sampled_from("abc"), unique=True, max_size=3)
MAPS: st.SearchStrategy[Value] = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2) | st.none(), max_size=3)
VALUES: dict[str, st.SearchStrategy[Value]] = {
    **dict.fromkeys(("name", "first_name", "last_name", "notes", "company_name", "company_id"), TEXTS),
    **dict.fromkeys(("tags", "groups"), LISTS),
    "metadata": MAPS,
    "phone": st.sampled_from(["+1", "+2"]),
}
ROWS = st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in VALUES.items()})
RECORDS = ROWS.map(lambda fields: {name: value for name, value in fields.items() if value is not None})
RULES = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from(rules_of(CONTACTS, CONTACTS.by_name[name])) for name in VALUES if name != "company_id"
    },
)


@settings(max_examples=600, deadline=None)
@for_all(row=ROWS, stored=RECORDS, rules=RULES)
def test_to_merge_a_row_twice_is_to_merge_it_once(row: Fields, stored: Fields, rules: dict[str, MergeRule]) -> None:
    once = ruled(CONTACTS, row, stored, rules)

    assert ruled(CONTACTS, row, once, rules) == once
    assert None not in once.values()


@settings(max_examples=300, deadline=None)
@for_all(row=ROWS, rules=RULES)
def test_a_row_changes_nothing_of_the_record_that_it_has_made(row: Fields, rules: dict[str, MergeRule]) -> None:
    made = created(CONTACTS, row)

    assert ruled(CONTACTS, row, made, rules) == made


@settings(max_examples=300, deadline=None)
@for_all(row=ROWS, stored=RECORDS, rules=RULES)
def test_nothing_that_is_stored_is_lost_but_under_always(
    row: Fields, stored: Fields, rules: dict[str, MergeRule]
) -> None:
    after = ruled(CONTACTS, row, stored, rules)

    for name, rule in rules.items():
        before, now = stored.get(name), after.get(name)
        if rule is NEVER or (rule is IF_EMPTY and before):
            assert now == before
        elif isinstance(before, list) and rule is APPEND:
            assert isinstance(now, list)
            assert now[: len(before)] == before
        elif isinstance(before, str) and rule in (APPEND, APPEND_LINE):
            assert str(now).startswith(before)
        elif isinstance(before, dict) and rule is MERGE:
            assert isinstance(now, dict)
            assert now.keys() >= before.keys()


def test_what_is_derived_obeys_a_rule_of_its_own() -> None:
    stored: Fields = {"name": "Ann Lee", "first_name": "Ann", "last_name": "Lee"}

    kept = ruled(CONTACTS, {"first_name": "Eve"}, stored, {"name": NEVER})
    followed = ruled(CONTACTS, {"first_name": "Eve"}, stored, {"last_name": NEVER})
    whole = ruled(CONTACTS, {"name": "Eve Ray"}, stored, {"first_name": IF_EMPTY})

    assert kept == {"name": "Ann Lee", "first_name": "Eve", "last_name": "Lee"}
    assert followed == {"name": "Eve Lee", "first_name": "Eve", "last_name": "Lee"}
    assert whole == {"name": "Eve Ray", "first_name": "Ann", "last_name": "Ray"}


def test_nothing_is_derived_from_what_is_not_taken() -> None:
    stored: Fields = {"name": "Ann Lee", "first_name": "Ann", "last_name": "Lee"}

    assert ruled(CONTACTS, {"first_name": "Eve"}, stored, {"first_name": NEVER}) == stored


def test_a_link_goes_with_the_text_that_it_was_made_of() -> None:
    stored: Fields = {"name": "Ann", "company_name": "Acme", "company_id": "com_1"}
    row: Fields = {"company_name": "Beta", "company_id": "com_2"}

    assert ruled(CONTACTS, row, stored, {"company_name": IF_EMPTY}) == stored
    assert ruled(CONTACTS, row, stored, {"notes": NEVER}) == {"name": "Ann"} | row


def test_a_link_that_was_missing_is_made_where_the_text_is_the_same() -> None:
    stored: Fields = {"name": "Ann", "company_name": "Acme"}
    row: Fields = {"company_name": "Acme", "company_id": "com_1"}

    assert ruled(CONTACTS, row, stored, {"company_name": NEVER}) == stored | row
