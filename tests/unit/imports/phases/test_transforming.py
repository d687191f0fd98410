"""Which record each row means: many rows at once as each by itself."""

from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.imports.phases.transforming import MatchLookUp, Transformed, transform
from chalicelib.model.ids import RecordId
from chalicelib.model.rows import Draft, RowOutcome

HELD = {"a": RecordId("one"), "b": RecordId("two"), "c": RecordId("two")}


def find(keys: Iterable[str]) -> dict[str, RecordId]:
    return {key: HELD[key] for key in keys if key in HELD}


def new_ids(drafts: Sequence[Draft]) -> list[RecordId]:
    return [RecordId(f"new_{draft.row_number}") for draft in drafts]


def transformed(rows: dict[int, list[str]]) -> Transformed:
    return transform([Draft(number, number, {}, keys) for number, keys in rows.items()], {}, MatchLookUp(find), new_ids)


def test_rows_keep_their_order_whether_they_mean_a_record_or_make_one() -> None:
    done = transformed({1: ["x"], 2: ["c", "b"], 3: [], 4: ["a"], 5: ["a", "b"]})

    assert [(one.row_number, one.record_id, one.is_match) for one in done.drafts] == [
        (1, "new_1", False),
        (2, "two", True),
        (3, "new_3", False),
        (4, "one", True),
    ]
    assert [(one.row_number, one.problems[0].code) for one in done.outcomes] == [(5, "ambiguous_match")]
    assert done.named == {"one", "two"}


def test_a_row_of_several_records_is_looked_for_anew_before_it_fails() -> None:
    asked: list[set[str]] = []

    def find_now(keys: Iterable[str]) -> dict[str, RecordId]:
        asked.append({*keys})
        return {"a": RecordId("one")}

    rows = [Draft(number, number, {}, keys) for number, keys in {1: ["a", "b"], 2: ["b", "c"], 3: ["c"]}.items()]

    done = transform(rows, {}, MatchLookUp(find, find_now=find_now), new_ids)

    assert asked == [{"a", "b"}]
    assert done.outcomes == []
    assert [(one.row_number, one.record_id) for one in done.drafts] == [(1, "one"), (2, "two"), (3, "two")]


@given(st.lists(st.lists(st.sampled_from("abcxyz"), unique=True, max_size=3), max_size=8))
def test_many_rows_mean_what_each_means_by_itself(keys: list[list[str]]) -> None:
    together = transformed({number: list(of) for number, of in enumerate(keys)})

    apart = [transformed({number: list(of)}) for number, of in enumerate(keys)]
    drafts: list[Draft] = [draft for one in apart for draft in one.drafts]
    outcomes: list[RowOutcome] = [outcome for one in apart for outcome in one.outcomes]
    assert (together.drafts, together.outcomes) == (drafts, outcomes)
