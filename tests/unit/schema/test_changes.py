"""What a row changes is told field by field, and cut to what can be shown."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.rows import Fields, RecordChanges, Value
from chalicelib.schema.changes import CHANGE_CHARACTERS, CHANGES_BYTES, changes_between

values: st.SearchStrategy[Value] = (
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=400) | st.lists(st.text(max_size=9)).map(list)
)
documents: st.SearchStrategy[Fields] = st.dictionaries(st.sampled_from("abcdefgh"), values)


def test_fields_that_differ_are_told_with_the_value_before_and_after() -> None:
    before: Fields = {"name": "Ann", "phone": "+1", "tags": ["a"]}
    after: Fields = {"name": "Ann", "email": "ann@example.com", "tags": ["a", "b"]}

    assert changes_between(before, after) == RecordChanges(
        {"email": (None, "ann@example.com"), "phone": ("+1", None), "tags": (["a"], ["a", "b"])}
    )


def test_a_long_value_is_shown_by_its_beginning() -> None:
    changes = changes_between({}, {"notes": "x" * 300})

    assert changes == RecordChanges({"notes": (None, "x" * 255 + "…")}, is_shortened=True)


def test_of_many_long_values_some_are_left_out() -> None:
    changes = changes_between({}, {f"field_{n:02}": "y" * 250 for n in range(40)})

    assert changes.is_shortened
    assert 10 < len(changes.by_field) < 40


@given(documents, documents)
def test_changes_never_take_more_than_can_be_shown(before: Fields, after: Fields) -> None:
    changes = changes_between(before, after)

    assert sum(len(orjson.dumps(one)) for one in changes.by_field.items()) <= CHANGES_BYTES
    assert all(
        len(value) <= CHANGE_CHARACTERS
        for pair in changes.by_field.values()
        for value in pair
        if isinstance(value, str)
    )
    assert set(changes.by_field) <= {
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    }
